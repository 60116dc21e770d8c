"""The module from rows to what is told of them, trained on a user's own table."""

import numpy as np
import pytest
import torch

import attnframe
from attnframe.errors import DataError

ROWS = 200


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A model of y = 2 a - b, and the result of its run."""
    folder = tmp_path_factory.mktemp("motor")
    rows = np.random.default_rng(0).uniform(-1, 1, (ROWS, 2)) * [1, 10] + [0, 5]
    text = "".join(f"{a},{2 * a - b},{b}\n" for a, b in rows)
    (folder / "own.csv").write_text("a,y,b\n" + text, encoding="utf-8")
    chosen = ["task=motor_control", "data=motor_csv", f"data.path={folder / 'own.csv'}", "data.target=y"]
    small = ["model.dim=16", "model.depth=1", "attention.num_heads=2", "data.batch_size=20", "trainer.max_epochs=12"]
    result = attnframe.train(attnframe.compose([*chosen, *small, "optim.lr=1e-2"]), folder / "run")
    return attnframe.load(result["checkpoint"]), result, folder


def test_errors_are_in_the_unit_of_the_data(run):
    model, result, _ = run
    assert result["floor"]["test/rmse"] < 0.1
    assert result["metrics"]["test/rmse"] < 0.4 * model.module.facts["target_std"]
    assert model.module.facts["target_std"] == pytest.approx(5.9, abs=0.5)


def test_rows_of_a_table_are_told_in_the_unit_of_the_data(run):
    model, _, folder = run
    path = folder / "new.csv"
    path.write_text("b,note,a\n5,x,0\n9,y,1\n", encoding="utf-8")
    first, second = model.predict(path, batch_size=1)
    assert list(first) == ["input", "y"]
    assert first["input"] == f"{path}, row 1"
    assert first["y"] == pytest.approx(-5, abs=3)
    assert second["y"] == pytest.approx(-7, abs=3)


def test_rows_that_cannot_be_read_name_what_was_given(run):
    model, _, folder = run
    path = folder / "bad.csv"
    path.write_text("b,a\n5,zero\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.csv must have finite numbers in a and b\. Got a 'zero' in line 2"):
        model.predict(path)
    path.write_text("b\n5\n", encoding="utf-8")
    with pytest.raises(DataError, match="must have the column a"):
        model.predict(path)


def test_an_explanation_draws_the_effect_of_each_feature(run):
    model, _, folder = run
    (folder / "one.csv").write_text("a,b\n0.5,2\n", encoding="utf-8")
    (explanation,) = model.explain(folder / "one.csv", orders=2, steps=2)
    subject = explanation.subject
    assert subject.units == ["a", "b"]
    assert subject.answer.startswith("The model says y = ")
    kept = torch.tensor([[True, True], [False, False]])
    with torch.no_grad():
        whole, none = subject.scores(kept).tolist()
    assert whole == 0 > none
    assert "<svg" in subject.picture(np.array([1.0, 0.5]), "features")
