"""Parts, facts and protocol of events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_recommendation.data.event_module import EventModule
from attnframe_recommendation.recipes.events_csv import EventsCsv
from attnframe_recommendation.recipes.generated_clicks import GeneratedClicks

from attnframe.errors import DataError

ROWS = [f"{row % 2},{'train' if row < 6 else 'val' if row < 8 else 'test'},{'xyz'[row % 3]}" for row in range(10)]


def module_of(path: Path) -> EventModule:
    return EventsCsv(path=str(path)).build(data_dir=path, cache_dir=path, seed=0)


def test_parts_facts_and_protocol(written: Callable[..., Path]) -> None:
    module = module_of(written(["label,split,item", *ROWS]))
    module.setup()
    assert [len(split) for split in (module.train, module.val, module.test)] == [6, 2, 2]
    assert [field["name"] for field in module.facts["fields"]] == ["item"]
    assert module.protocol == {
        "split": "column split, else random, stratified, seed 0",
        "events": 2,
        "happened": 0.5,
    }
    again = module_of(written(["label,split,item", *ROWS]))
    again.known_facts = module.facts
    again.setup()
    assert again.facts is module.facts
    assert again.digest == module.digest


def test_data_of_other_fields_are_refused_for_a_model(written: Callable[..., Path]) -> None:
    module = GeneratedClicks(events=500).build(data_dir=Path(), cache_dir=Path(), seed=0)
    module.known_facts = {"fields": [{"name": "item", "kind": "one", "values": ["x"], "edges": [], "of": ""}]}
    with pytest.raises(DataError, match=r"trained on, with their values: item\. Got item, hour, device, history\."):
        module.setup()


def test_generated_events_tell_the_best_possible_figure() -> None:
    module = GeneratedClicks(events=2000).build(data_dir=Path(), cache_dir=Path(), seed=0)
    module.setup()
    assert 0.75 < float(module.protocol["best possible"].removeprefix("auc ")) < 0.9
    assert 0.4 < module.floor()["test/auc"] < 0.6


def test_parts_without_rows_or_with_one_answer_are_told_together(written: Callable[..., Path]) -> None:
    lines = ["label,split,item", "1,train,x", "1,train,y", "0,val,x", "1,val,x"]
    module = module_of(written([*lines, "1,test,x"]))
    with pytest.raises(DataError) as told:
        module.setup()
    assert [str(fault).split(". Give")[0] for fault in told.value.faults] == [
        "part train must have events that happened and some that did not. Got only label 1",
        "part test must have events that happened and some that did not. Got only label 1",
    ]
    with pytest.raises(DataError, match=r"part train must have rows\. Got none\."):
        module_of(written(["label,item", "1,x"])).setup()
