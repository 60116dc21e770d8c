from __future__ import annotations

from pathlib import Path
from typing import Any

from attnframe_vision.contact_sheet import CELL, MARGIN, save_sheet
from PIL import Image


def record(path: Path, label: str = "a") -> dict[str, Any]:
    return {"input": str(path), "label": label, "probability": 0.5, "probabilities": {label: 0.5, "b": 0.5}}


def test_a_sheet_shows_each_picture_and_a_caption(tmp_path: Path) -> None:
    Image.new("RGB", (10, 10), "red").save(tmp_path / "red.png")
    Image.new("RGB", (300, 100), "blue").save(tmp_path / "blue.png")
    (path,) = save_sheet([record(tmp_path / "red.png"), record(tmp_path / "blue.png", "long label " * 9)], tmp_path)
    with Image.open(path) as sheet:
        assert sheet.width == 2 * (CELL + MARGIN) + MARGIN
        assert sheet.getpixel((MARGIN + CELL // 2, MARGIN + CELL // 2)) == (255, 0, 0)
        assert sheet.getpixel((2 * MARGIN + CELL + CELL // 2, MARGIN + CELL // 2)) == (0, 0, 255)
        caption = sheet.crop((0, MARGIN + CELL, sheet.width, sheet.height)).convert("L")
        assert caption.getextrema()[0] < 100


def test_more_than_64_pictures_take_several_sheets(tmp_path: Path) -> None:
    Image.new("L", (4, 4)).save(tmp_path / "one.png")
    paths = save_sheet([record(tmp_path / "one.png")] * 65, tmp_path / "sheets")
    assert [path.name for path in paths] == ["predictions-1.png", "predictions-2.png"]


def test_nothing_to_show_writes_nothing(tmp_path: Path) -> None:
    assert save_sheet([], tmp_path) == []
