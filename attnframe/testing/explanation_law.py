"""The law of explanations, beside those of `attnframe.testing.plugin_laws`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from attnframe.errors import UnsupportedError
from attnframe.explanation.explain import explanations
from attnframe.explanation.folder import write
from attnframe.recipes.explain import ExplainRecipe

if TYPE_CHECKING:
    from attnframe.testing.plugin_laws import Subject


def answers_are_explained(subject: Subject) -> None:
    """The answer to the example input is taken apart into units that have a part in it each, tested by deletion and
    drawn; or that is refused with a way out."""
    module, recipe = subject.module().eval(), ExplainRecipe(inputs=1, orders=2, steps=2, heads=1)
    with tempfile.TemporaryDirectory() as folder:
        source = module.example_input(Path(folder))
        try:
            found = explanations(subject.plan, module, source, recipe, {})
        except UnsupportedError as error:
            if vague := [str(fault) for fault in error.faults if not fault.works]:
                raise AssertionError(f"explanations are refused without advice: {vague}") from error
            return
        target = Path(folder) / "explanation"
        write(found, target, subject.plan, Path("best.ckpt"))
        told = json.loads((target / "explanation.json").read_text(encoding="utf-8"))
    assert [one["answer"] for one in told["explanations"]] == [one.subject.answer for one in found]
    for one in found:
        for name, parts in one.relevance.items():
            assert len(parts) == len(one.subject.units), f"{name}: {len(parts)} parts of {len(one.subject.units)} units"
            assert abs(parts.sum() - 1) < 1e-6, f"{name}: the parts of an answer sum to {parts.sum()}"
        whole = torch.ones(1, len(one.subject.units), dtype=torch.bool)
        with torch.no_grad():
            again = float(one.subject.scores(whole))
        assert abs(again - one.deletion.mean[0]) < 1e-4, f"the score of the input itself is {again}, then another"
