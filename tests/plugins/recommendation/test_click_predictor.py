"""The module of click prediction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_recommendation.recipes.events_csv import EventsCsv

from attnframe.plugin.contract import PredictRecipe

LINES = ["label,item,price,tags,history", *(f"{n % 2},{'xyz'[n % 3]},{n / 7},p|q,{'x|y' * (n % 2)}" for n in range(80))]


@pytest.fixture
def data(written: Callable[..., Path]) -> Any:
    path = written(LINES)
    module = EventsCsv(path=str(path)).build(data_dir=path, cache_dir=path, seed=0)
    module.setup()
    return module


def test_the_logit_turns_on_every_field(data: Any, predictor: Callable[..., Any]) -> None:
    torch.manual_seed(0)
    module = predictor(data.facts).eval()
    batch = data.train.batch(torch.arange(4))
    first = module(batch)
    assert first.shape == (4,)
    for name in ("item", "price", "tags", "history"):
        changed = (batch[name] + 1) % 3
        assert not torch.equal(module(batch | {name: changed}), first), name


def test_rows_are_called_by_field_and_value(data: Any, predictor: Callable[..., Any]) -> None:
    module = predictor(data.facts)
    rows = {name: [*names] for name, names in module.row_names().items()}
    item = rows[f"vectors.{module.numbers['item']}.weight"]
    assert item[0] == "value of item: missing"
    assert {*item[1:]} == {"value of item: x", "value of item: y", "value of item: z"}
    flat = [name for table, names in rows.items() if table.startswith("vectors") for name in names]
    assert len({*flat}) == len(flat)  # no value of another field is taken for one of this


def test_padding_of_a_history_and_of_many_values_changes_nothing(data: Any, predictor: Callable[..., Any]) -> None:
    module = predictor(data.facts).eval()
    batch = data.train.batch(torch.arange(4))
    longer = {name: torch.nn.functional.pad(batch[name], (0, 3)) for name in ("tags", "history")}
    torch.testing.assert_close(module(batch | longer), module(batch))


def test_the_order_of_a_history_does_not_matter_but_what_is_asked_does(
    data: Any, predictor: Callable[..., Any]
) -> None:
    module = predictor(data.facts).eval()
    batch = data.train.batch(torch.arange(1)) | {"history": torch.tensor([[1, 2, 3]])}
    turned = batch | {"history": torch.tensor([[3, 1, 2]])}
    torch.testing.assert_close(module(batch), module(turned))
    field = module.fields[-1]
    attended = [module._attended(field, batch["history"], torch.tensor([item])) for item in (1, 2)]
    assert not torch.equal(*attended)


def test_the_area_is_that_of_torchmetrics_on_all_batches(data: Any, predictor: Callable[..., Any]) -> None:
    module = predictor(data.facts).eval()
    metrics = module.metrics()
    labels = torch.tensor([0.0, 1.0, 1.0, 0.0])
    for part in ([0, 1], [2, 3]):
        logits = torch.tensor([0.1, 0.1, 2.0, -3.0])[part]
        module.update_metrics(metrics, {"labels": labels[part]}, logits)
    assert metrics["auc"].compute().item() == pytest.approx(0.875)


def test_a_file_gives_one_probability_a_row(
    data: Any, predictor: Callable[..., Any], written: Callable[..., Path]
) -> None:
    module = predictor(data.facts)
    path = written(["item,price,tags,history", "x,1,p,x", "new,,,", "z,400,q,y|x"], "new.csv")
    options = PredictRecipe(batch_size=2)
    records = [*module.predict(module.read_inputs(str(path), options), options)]
    assert [record["input"] for record in records] == ["row 2", "row 3", "row 4"]
    assert all(0 < record["probability"] < 1 for record in records)
