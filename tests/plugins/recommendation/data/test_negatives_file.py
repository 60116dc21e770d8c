"""Negatives that a file fixes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attnframe_recommendation.data.interactions import Interactions
from attnframe_recommendation.data.negatives_file import read_negatives

from attnframe.errors import DataError


def test_every_fault_of_the_file_is_told(interactions: Callable[..., Interactions], tmp_path: Path) -> None:
    path = tmp_path / "sample.txt"
    path.write_text("u0 i6 x9\n\nu1 y\n", encoding="utf-8")
    with pytest.raises(DataError) as told:
        read_negatives(str(path), interactions(), np.array([0, 1, 3]))
    assert [str(fault) for fault in told.value.faults] == [
        f"data.negatives ({path}) must name items of the data. Got line 1 (x9), line 3 (y).",
        f"data.negatives ({path}) must have negatives for every user with three events. Got u3.",
    ]


def test_a_missing_file_is_refused(interactions: Callable[..., Interactions], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"must be a readable text file.+Give data.negatives=FILE"):
        read_negatives(str(tmp_path / "no.txt"), interactions(), np.array([0]))
