"""The module from maps to moves, and the paths that they make."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from attnframe.errors import DataError

OPEN = "S......\n" + ".......\n" * 5 + "......G\n"


def test_moves_that_are_learnt_lead_around_walls(run):
    _, result, _ = run
    assert result["floor"]["test/success"] < 0.9
    assert result["metrics"]["test/success"] > result["floor"]["test/success"]
    assert result["metrics"]["test/accuracy"] > 0.8


def test_each_start_of_each_map_has_a_path(run):
    model, _, folder = run
    path = folder / "new.txt"
    path.write_text(f"{OPEN}\nS#G\nS##\n", encoding="utf-8")
    first, second, third = model.predict(path)
    assert first["input"] == f"{path}, map 1, start 1,1"
    assert first["shortest"] == 6
    cells = [tuple(map(int, cell.split(","))) for cell in first["path"].split()]
    assert cells[0] == (1, 1)
    assert len(cells) == first["moves"] + 1
    assert all(max(abs(a - c), abs(b - d)) == 1 for (a, b), (c, d) in pairwise(cells))
    assert first["reached"] == (cells[-1] == (7, 7))
    assert [record["shortest"] for record in (second, third)] == [None, None]
    assert not second["reached"]
    assert third["input"].endswith("map 2, start 2,1")


def test_predictions_are_drawn_on_their_maps(run, tmp_path):
    model, _, folder = run
    path = folder / "drawn.txt"
    path.write_text(f"{OPEN}\nS#G\n", encoding="utf-8")
    (picture,) = model.module.save_pictures(model.predict(path), tmp_path / "pictures")
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.count("<figure") == 2
    assert "map 2, start 1,1: not reached in 0 moves" in drawn


def test_maps_that_are_too_large_or_have_no_start_are_told_at_once(run):
    model, _, folder = run
    path = folder / "bad.txt"
    path.write_text("G.\n\n" + "." * 9 + "G\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        model.predict(path)
    assert "must be no larger than 7 x 7 cells, which the model was trained on. Got 1 x 10" in str(caught.value)
    assert str(caught.value).count("must have a start S") == 2


def test_an_explanation_draws_map_and_path_and_clears_patches(run):
    model, _, folder = run
    path = folder / "one.txt"
    path.write_text(OPEN, encoding="utf-8")
    (explanation,) = model.explain(path, orders=2, steps=2)
    subject = explanation.subject
    assert len(subject.units) == 16
    with torch.no_grad():
        whole, cleared = subject.scores(torch.tensor([[True] * 16, [False] * 16])).tolist()
        given = model.module(subject.batch)[0, subject.move, 0, 0]
    assert whole == pytest.approx(np.log(subject.shares[subject.move]), abs=1e-4)
    assert cleared != pytest.approx(whole, abs=1e-4)
    assert given > -30
    assert "<svg" in subject.picture(np.linspace(0, 1, 16), "patches")
