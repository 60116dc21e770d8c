"""The rows of each part."""

from __future__ import annotations

import numpy as np
import pytest
from attnframe_nlp.data.sequences.parts import rows_of

from attnframe.errors import DataError


def test_rows_keep_their_order() -> None:
    found = rows_of(np.array([2, 0, 1, 0], np.uint8), "texts")
    assert {name: rows.tolist() for name, rows in found.items()} == {"train": [1, 3], "val": [2], "test": [0]}


def test_every_part_without_rows_is_named() -> None:
    with pytest.raises(DataError) as error:
        rows_of(np.zeros(3, np.uint8), "sentences")
    assert [fault.where for fault in error.value.faults] == ["The val part", "The test part"]
    assert "must hold sentences. Got none. Give more sentences, or each part a share" in str(error.value)
