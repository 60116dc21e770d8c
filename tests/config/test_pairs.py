"""Every pair of plugin, variant and scheme composes, or is refused with a reason and an override that works."""

import re

import pytest

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.plugin.index import index
from attnframe.recipes.registry import attention_variants, position_schemes

TASKS = ["majority", "next_symbol", *index().names("task")]


@pytest.mark.parametrize("task", TASKS)
def test_every_variant_that_can_serve_a_task_composes_with_its_default_position(task: str) -> None:
    plan = check([f"task={task}"]).plans[0]
    for attention, variant in attention_variants().items():
        refusal = _refusal(plan, {"attention": attention})
        unmet = plan.task.needs(plan.parts.model).unmet(variant.capabilities)
        assert bool(refusal) == bool(unmet), (attention, str(refusal))


@pytest.mark.parametrize("task", TASKS)
def test_every_pair_is_accepted_or_refused_with_overrides_that_work(task: str) -> None:
    plan = check([f"task={task}"]).plans[0]
    needs, alternatives = plan.task.needs(plan.parts.model), set()
    for attention, variant in attention_variants().items():
        for position, scheme in position_schemes().items():
            names, can = {"attention": attention, "position": position}, variant.capabilities
            views = {"bias": can.bias, "relative": can.bias and can.relative, "rotary": can.rotary}
            provided = scheme.reads in (None, *plan.task.provides_with(plan.data))
            refusal = _refusal(plan, names)
            served = views.get(scheme.view, True) and provided and not needs.unmet(can)
            assert bool(refusal) != served, (names, str(refusal))
            if refusal:
                works = {fault.works for fault in refusal.faults if fault.works.startswith("Works: ")}
                assert len(works) == 1, refusal
                for alternative in works.pop().removeprefix("Works: ").removesuffix(".").split(" or "):
                    alternatives.add((*names.items(), *(tuple(one.split("=")) for one in alternative.split(" "))))
    for alternative in alternatives:
        assert _refusal(plan, dict(alternative)) is None, alternative


def _refusal(plan: RunPlan, names: dict[str, str]) -> ConfigurationError | None:
    """Why a plan is refused with other choices, at the defaults of their fields; None when it is not."""
    try:
        parts = plan_from_values({**plan.values, **{group: {"name": name} for group, name in names.items()}}).parts
    except ConfigurationError as error:
        return error
    assert all(getattr(parts, group).name == name for group, name in names.items())
    return None


def test_a_refused_pair_and_its_alternatives_on_the_command_line() -> None:
    overrides = {"task": "majority", "attention": "none", "position": "t5"}
    with pytest.raises(ConfigurationError) as error:
        check([f"{key}={value}" for key, value in overrides.items()])
    works = re.search(r"attention=none position=t5 is refused: .+ Works: (.+)\.$", str(error.value))
    assert works is not None, error.value
    for alternative in works[1].split(" or "):
        replaced = overrides | dict(override.split("=") for override in alternative.split(" "))
        assert check([f"{key}={value}" for key, value in replaced.items()]).plans


def test_a_position_that_the_task_does_not_provide_is_refused_with_one_that_it_does() -> None:
    with pytest.raises(ConfigurationError) as error:
        check(["task=language_modeling", "position=rope_axial"])
    assert str(error.value) == (
        "position=rope_axial reads rows and columns, which task=language_modeling does not provide; "
        "it provides the order of tokens. Works: position=rope."
    )
    with pytest.raises(
        ConfigurationError, match=r"reads the edges of a graph, .+ provides the order of tokens and rows"
    ):
        check(["task=image_classification", "position=laplacian"])
    assert check(["task=image_classification", "position=rope_axial"]).plans


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
