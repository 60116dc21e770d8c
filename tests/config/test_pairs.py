"""Every pair of plugin, variant and scheme composes, or is refused with a reason and an override that works."""

import re

import pytest

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.plan_from import plan_from_values
from attnframe.plugin.index import index
from attnframe.recipes.registry import attention_variants, position_schemes

TASKS = ["majority", "next_symbol", *index().names("task")]


@pytest.mark.parametrize("attention", [*attention_variants()])
@pytest.mark.parametrize("task", TASKS)
def test_every_variant_composes_with_the_default_position(task: str, attention: str) -> None:
    assert check([f"task={task}", f"attention={attention}"]).plans[0].parts.attention.name == attention


@pytest.mark.parametrize("task", TASKS)
def test_every_pair_is_accepted_or_refused_with_overrides_that_work(task: str) -> None:
    values = check([f"task={task}"]).plans[0].values
    refused = set()
    for attention in attention_variants():
        for position in position_schemes():
            changed = values | {"attention": {"name": attention}, "position": {"name": position}}
            try:
                parts = plan_from_values(changed).parts
                assert (parts.attention.name, parts.position.name) == (attention, position)
            except ConfigurationError:
                refused.add((attention, position))
    assert refused == {("linear", "alibi"), ("none", "alibi")}  # they form no scores that a bias could be added to
    for attention, position in refused:
        overrides = {"task": task, "attention": attention, "position": position}
        with pytest.raises(ConfigurationError) as error:
            check([f"{key}={value}" for key, value in overrides.items()])
        works = re.search(rf"attention={attention} position={position} is refused: .+ Works: (.+)\.$", str(error.value))
        assert works is not None, error.value
        for alternative in works[1].split(" or "):
            replaced = overrides | dict(override.split("=") for override in alternative.split(" "))
            assert check([f"{key}={value}" for key, value in replaced.items()]).plans


def test_the_alternative_keeps_as_much_as_it_can() -> None:
    with pytest.raises(ConfigurationError) as error:
        check(["plugin=outside", "attention=linear", "position=alibi"])
    assert str(error.value) == (
        "attention=linear position=alibi is refused: linear forms no scores that a position bias could be added to. "
        "Works: position=rope or attention=mha."
    )


def test_a_width_fault_does_not_hide_the_alternative() -> None:
    with pytest.raises(ConfigurationError) as error:
        check(["plugin=outside", "attention=linear", "position=alibi", "attention.num_heads=3"])
    faults = [str(fault) for fault in error.value.faults]
    assert "Works: position=rope or attention=mha." in faults[0]
    assert faults[1].startswith("attention.num_heads (LinearAttention) must divide model.dim=16. Got 3.")
