"""From a suite to its runs: variants, seeds, refusals, keys."""

from pathlib import Path

import pytest

from attnframe.baselines.runs import joined, plan_suite
from attnframe.baselines.suite import Suite, SuiteCell, read_suite
from attnframe.errors import ConfigurationError
from attnframe.recipes.registry import attention_variants

VARIANT = '''\
from __future__ import annotations

from typing import ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities


@frozen
class Mine(AttentionVariant):
    """Softmax attention under another name."""

    name: ClassVar[str] = "mine"
    summary: ClassVar[str] = "softmax attention under another name"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def build(self, dim, *, causal=False, position=None, context_dim=None):
        from attnframe.attention.layer import Attention

        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position)
'''
QUICK = ("task=next_symbol", "data.examples=40")


def test_every_cell_has_the_control_and_pairs_that_cannot_work_are_told(suite_file: Path) -> None:
    plan = plan_suite(*read_suite(suite_file))
    assert [(run.cell, run.attention, run.seed) for run in plan.runs] == [
        *(("waves", "mha", 0), ("waves", "none", 0), ("triples", "mha", 0), ("triples", "none", 0)),
        *(("waves", "mha", 1), ("waves", "none", 1), ("triples", "mha", 1), ("triples", "none", 1)),
    ]
    (refusal,) = plan.refusals
    assert (refusal.cell, refusal.attention) == ("waves", "linformer")
    assert "cannot serve task=next_symbol, which needs causal attention" in refusal.reason
    cell = plan.cells["waves"]
    assert (cell.metric, cell.better) == ("test/loss", "min")
    assert (plan.cells["triples"].metric, plan.cells["triples"].better) == ("test/accuracy", "max")
    assert {run.plan.trainer.max_time for run in plan.runs} == {"00:00:00:20"}


def test_all_is_every_variant_that_is_found_and_a_file_comes_with_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(VARIANT)
    plan = plan_suite(Suite(cells={"a": {}}, seeds=(0,)), {"a": SuiteCell(overrides=QUICK)}, also=[str(file)])
    taking_part = {run.attention for run in plan.runs} | {one.attention for one in plan.refusals}
    assert taking_part == {*attention_variants(), "mine"}
    assert "mine" in {run.attention for run in plan.runs}


def test_fields_are_of_one_variant_and_shared_ones_stay() -> None:
    cell = SuiteCell(overrides=(*QUICK, "attention.num_heads=2"), fields={"window": {"window": 3}})
    plan = plan_suite(Suite(cells={"a": {}}, attention=("mha", "window"), seeds=(5,)), {"a": cell})
    by_name = {run.attention: run.plan.values["attention"] for run in plan.runs}
    assert by_name["window"]["window"] == 3
    assert {node["num_heads"] for node in by_name.values()} == {2}
    assert {run.plan.seed for run in plan.runs} == {5}


def test_fields_of_a_cell_stand_for_those_of_the_suite() -> None:
    suite = Suite(cells={"a": {}, "b": {}}, attention=("window",), seeds=(0,), fields={"window": {"window": 7}})
    cells = {"a": SuiteCell(overrides=QUICK), "b": SuiteCell(overrides=QUICK, fields={"window": {"window": 3}})}
    windows = {run.cell: run.plan.values["attention"].get("window") for run in plan_suite(suite, cells).runs[::2]}
    assert windows == {"a": 7, "b": 3}


def test_the_key_knows_everything_that_decides_a_run(tmp_path: Path) -> None:
    def keys(*overrides: str, data_hash: str = "d") -> list[str]:
        cells = {"a": SuiteCell(overrides=(*QUICK, *overrides))}
        return [run.key(data_hash) for run in plan_suite(Suite(cells={"a": {}}, attention=("mha",)), cells).runs]

    same = keys()
    assert same == keys("logger=[tensorboard]", f"data_dir={tmp_path}") == keys("trainer.progress=true")
    assert len({*same}) == 6
    assert not {*same} & {*keys("optim.lr=0.01")}
    assert not {*same} & {*keys(data_hash="other")}


def test_the_key_knows_what_stands_in_the_file_of_a_variant(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"

    def key(text: str) -> str:
        file.write_text(text)
        suite = Suite(cells={"a": {}}, attention=(str(file),), seeds=(0,))
        return plan_suite(suite, {"a": SuiteCell(overrides=QUICK)}).runs[0].key("d")

    assert key(VARIANT) == key(VARIANT)
    assert key(VARIANT) != key(VARIANT + "\n# other\n")


def test_a_cell_that_is_wrong_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        plan_suite(Suite(cells={"a": {}}), {"a": SuiteCell(overrides=("task=nothing",)), "b": SuiteCell(baseline="no")})
    assert "cells.a: task=nothing is not an option" in str(caught.value)
    assert "cells.b: baseline no is not registered" in str(caught.value)


def test_later_overrides_win() -> None:
    assert joined(["a=1", "b=2"], ["a=3"]) == ["a=3", "b=2"]
