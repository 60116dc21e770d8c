"""The module from tracks to the paths that are told."""

import numpy as np
import pytest
import torch

from attnframe.errors import DataError


def circle(count, start=0.0):
    angle = start + np.arange(count) * 0.06
    return np.stack([4 * np.cos(angle), 4 * np.sin(angle)], 1)


def write(path, *walks):
    rows = [(5 * frame, number, *place) for number, walk in enumerate(walks) for frame, place in enumerate(walk)]
    path.write_text("frame,id,x,y\n" + "".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def test_who_walks_in_a_circle_is_followed_better_than_by_constant_velocity(run):
    _, result, _ = run
    assert result["metrics"]["test/ade"] < 0.5 * result["floor"]["test/ade"]
    assert result["metrics"]["test/fde"] < 0.5 * result["floor"]["test/fde"]


def test_each_person_has_a_path_in_the_frame_and_place_of_the_file(run):
    model, _, folder = run
    path = write(folder / "new.csv", circle(10) + 1000, circle(3), circle(8, 1.0))
    records = model.predict(path)
    assert [*dict.fromkeys(record["input"] for record in records)] == [f"{path}, id 0", f"{path}, id 2"]
    first = records[:12]
    assert [record["frame"] for record in first] == [45 + 5 * step for step in range(1, 13)]
    told = np.array([[record["x"], record["y"]] for record in first])
    assert np.linalg.norm(told - (circle(22)[10:] + 1000), axis=1).mean() < 1.0


def test_predictions_are_drawn_from_above(run, tmp_path):
    model, _, folder = run
    path = write(folder / "drawn, id 7.csv", circle(9))
    (picture,) = model.module.save_pictures(model.predict(path), tmp_path / "pictures")
    drawn = picture.read_text(encoding="utf-8")
    assert picture.name == "paths.html"
    assert "Paths of drawn, id 7.csv" in drawn
    assert drawn.count("<circle") >= 8 + 12


def test_nobody_who_is_there_long_enough_is_told(run):
    model, _, folder = run
    with pytest.raises(DataError, match=r"who is there in 8 frames in a row up to the last one\. Got at most 5"):
        model.predict(write(folder / "short.csv", circle(5), circle(2)))


def test_an_explanation_shows_the_path_and_deletes_moves(run):
    model, _, folder = run
    path = write(folder / "one.csv", circle(8))
    (explanation,) = model.explain(path, orders=2, steps=2)
    subject = explanation.subject
    assert subject.units[-2:] == ["2 frames ago", "last"]
    kept = torch.ones(2, 7, dtype=torch.bool)
    kept[1, -1] = False
    with torch.no_grad():
        whole, without = subject.scores(kept).tolist()
    assert whole == pytest.approx(0, abs=1e-5)
    assert without < -0.01
    assert "<svg" in subject.picture(np.linspace(0, 1, 7), "moves")
