from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.training.dry_run import dry_run

Plan = Callable[..., Any]


def test_a_good_plan_passes_and_draws_no_random_number(toy_plan: Plan) -> None:
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    dry_run(toy_plan(position={"name": "learned"}))
    assert torch.equal(torch.rand(2), expected)


def test_a_model_of_any_size_costs_nothing(toy_plan: Plan) -> None:
    dry_run(toy_plan(model__dim=2**20, model__depth=2))


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("__init__", "building the module"),
        ("example_batch", "the example batch"),
        ("loss", "the loss of an example batch"),
    ],
)
def test_the_part_that_fails_is_named(toy_plan: Plan, monkeypatch: pytest.MonkeyPatch, part: str, named: str) -> None:
    from attnframe_toy.module import SymbolModule

    def fail(*arguments: Any) -> None:
        raise ValueError("no\nluck")

    monkeypatch.setattr(SymbolModule, part, fail)
    with pytest.raises(ConfigurationError) as caught:
        dry_run(toy_plan())
    (fault,) = caught.value.faults
    assert fault.where == f"{named} (task=symbol_counting data=symbols attention=mha position=none)"
    assert fault.got == "ValueError: no luck"


def test_nominal_facts_that_fail_are_named(toy_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    from attnframe_toy.plugin import SymbolRecipe

    monkeypatch.setattr(SymbolRecipe, "nominal_facts", lambda self: {}["symbols"])
    with pytest.raises(ConfigurationError, match=r"the nominal facts of the data .* Got KeyError: 'symbols'"):
        dry_run(toy_plan())


def test_a_loss_that_is_no_scalar_is_refused(toy_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    from attnframe_toy.module import SymbolModule

    monkeypatch.setattr(SymbolModule, "loss", lambda self, batch: (self(batch), self(batch)))
    with pytest.raises(ConfigurationError, match=r"must be a scalar\. Got shape \(2, 4\)"):
        dry_run(toy_plan())
