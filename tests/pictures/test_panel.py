"""Drawings put off."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from attnframe import pictures
from attnframe.pictures import Box, Line, Panel, draw
from attnframe.pictures.panel import PICTURES

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 5, 3)).astype(np.uint8)
CASES: list[tuple[str, dict[str, Any]]] = [
    ("bars", {"names": ["a"], "values": [1.0], "title": "T", "marks": {"floor": 0.5}}),
    ("graph", {"positions": [[0, 0], [1, 1]], "edges": [(0, 1)], "weights": [1], "labels": ["a", "b"], "title": "T"}),
    ("heatmap", {"matrix": np.eye(2), "rows": ["a", "b"], "columns": [], "title": "T"}),
    ("image", {"array": PIXELS, "title": "T", "boxes": [Box(1, 2, 3, 4, "a")]}),
    ("lines", {"series": [Line("a", [0, 1, 2], [1.0, math.nan, 2.0], [0, 0, 0], [1, 1, 1])], "title": "T"}),
    ("points", {"groups": {"a": [(1.0, 2.0)]}, "title": "T"}),
    ("table", {"columns": ["a"], "rows": [["b"]], "title": "T"}),
    ("thumbnails", {"arrays": [PIXELS], "names": [["a"]], "title": "T"}),
    ("tokens", {"words": ["a"], "weights": [0.5], "title": "T"}),
    ("paragraph", {"text": "a"}),
    ("preformatted", {"text": "a"}),
    ("remark", {"text": "a"}),
]


@pytest.mark.parametrize(("picture", "arguments"), CASES, ids=[name for name, _ in CASES])
def test_a_panel_that_went_through_a_file_is_drawn_as_ever(picture: str, arguments: dict[str, Any]) -> None:
    stored = json.loads(json.dumps(Panel(picture, arguments).plain(), allow_nan=False))
    assert draw(stored) == getattr(pictures, picture)(**arguments)


def test_every_picture_has_a_case() -> None:
    assert {name for name, _ in CASES} == set(PICTURES)


def test_other_names_are_no_pictures() -> None:
    with pytest.raises(KeyError, match="page"):
        draw({"picture": "page", "arguments": {}})
