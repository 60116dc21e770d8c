from __future__ import annotations

from pathlib import Path

import numpy as np
from attnframe_vision.detection.drawing import save_drawings
from PIL import Image


def test_boxes_are_drawn_where_they_are_one_colour_a_class(tmp_path: Path) -> None:
    Image.new("RGB", (600, 400), "white").save(tmp_path / "white.png")
    boxes = [[100, 100, 200, 200], [300, 250, 400, 350]]
    record = {"input": str(tmp_path / "white.png"), "boxes": boxes, "labels": ["a", "b"], "scores": [0.9, 0.5]}
    (path,) = save_drawings([record], ["a", "b", "c"], tmp_path / "out")
    with Image.open(path) as drawn:
        pixels = np.asarray(drawn)
    assert pixels.shape == (400, 600, 3)
    assert tuple(pixels[150, 100]) == tuple(pixels[200, 150]) != tuple(pixels[300, 300])
    for row, column in ((150, 150), (300, 350), (380, 50)):
        assert tuple(pixels[row, column]) == (255, 255, 255)
    assert (pixels[84:99, 100:150] != 255).any()  # the label above its box


def test_small_pictures_are_enlarged_and_empty_records_drawn_as_they_are(tmp_path: Path) -> None:
    Image.new("L", (64, 48), 9).save(tmp_path / "small.png")
    box = {"boxes": [[60, 0, 64, 2]], "labels": ["a"], "scores": [1.0]}
    empty = {"boxes": [], "labels": [], "scores": []}
    records = [{"input": str(tmp_path / "small.png"), **one} for one in (box, empty)]
    paths = save_drawings(records, ["a"], tmp_path / "out")
    assert [path.name for path in paths] == ["0001-small.png", "0002-small.png"]
    with Image.open(paths[0]) as drawn, Image.open(paths[1]) as plain:
        assert drawn.size == plain.size == (480, 360)
        assert len(plain.getcolors() or []) == 1
