"""Values of graphs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from attnframe_graph.data.graph_set_module import GraphSetModule
from attnframe_graph.graph_regression import GraphRegression
from attnframe_graph.graph_regressor import GraphRegressor
from attnframe_graph.recipes.molecules import MeasuredSmilesCsv

from attnframe.plugin.contract import Parts, PredictRecipe
from attnframe.recipes.registry import attention_variants, position_schemes


def build(module: GraphSetModule) -> GraphRegressor:
    torch.manual_seed(0)
    recipe = GraphRegression.models["transformer"](dim=8, depth=1)
    parts = Parts(attention_variants()["mha"](num_heads=2), position_schemes()["none"](), recipe)
    return GraphRegression().build(parts, module.facts)


def test_values_are_in_the_unit_of_the_data(made_set: Callable[..., GraphSetModule]) -> None:
    module = made_set(count=True)
    regressor = build(module)
    with torch.no_grad():
        regressor.encoder.head[-1].weight.zero_()
        regressor.encoder.head[-1].bias.fill_(2.0)
    batch = module.train.batch(torch.arange(5))
    values = regressor(batch)
    assert values.tolist() == pytest.approx([module.facts["mean"] + 2 * module.facts["deviation"]] * 5)
    loss, _ = regressor.loss(batch)
    wanted = (values - batch["values"]).square().mean() / module.facts["deviation"] ** 2
    torch.testing.assert_close(loss, wanted)


def test_errors_are_measured(made_set: Callable[..., GraphSetModule]) -> None:
    regressor = build(made_set(count=True))
    metrics = regressor.metrics()
    regressor.update_metrics(metrics, {"values": torch.tensor([1.0, 2.0])}, torch.tensor([4.0, 6.0]))
    assert metrics["rmse"].compute().item() == pytest.approx(12.5**0.5)
    assert metrics["mae"].compute().item() == 3.5


def test_prediction_is_a_table_of_values(made_set: Callable[..., GraphSetModule], tmp_path: Path) -> None:
    regressor = build(made_set(count=True))
    source = regressor.example_input(tmp_path)
    options = PredictRecipe()
    records = list(regressor.predict(regressor.read_inputs(source, options), options))
    assert [record["input"] for record in records] == ["graph 1", "graph 2"]
    assert records[0]["value"] != records[1]["value"]


def test_smiles_give_a_table_of_molecules(tmp_path: Path) -> None:
    pytest.importorskip("rdkit")
    file = tmp_path / "molecules.csv"
    rows = [f"{'C' * carbons}O,{carbons}" for carbons in range(1, 21)]
    file.write_text("\n".join(["smiles,target", *rows]), encoding="utf-8")
    module = MeasuredSmilesCsv(path=str(file)).build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)
    module.setup()
    regressor = build(module)
    lines = tmp_path / "new.smi"
    lines.write_text("CCO ethanol\nc1ccccc1 benzene\n", encoding="utf-8")
    options = PredictRecipe()
    for source, names in ((str(lines), ["CCO", "c1ccccc1"]), ("[Na+]", ["[Na+]"])):
        records = list(regressor.predict(regressor.read_inputs(source, options), options))
        assert [record["input"] for record in records] == names
    assert regressor.encoder.reads_kinds
