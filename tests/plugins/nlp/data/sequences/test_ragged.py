"""Rows of different lengths."""

from __future__ import annotations

import numpy as np
import torch
from attnframe_nlp.data.sequences.ragged import Ragged


def test_rows_come_in_any_order_filled_to_the_longest() -> None:
    rows = Ragged([np.array(row, np.int64) for row in ([1, 2, 3], [4], [5, 6])])
    assert len(rows) == 3
    assert rows.lengths.tolist() == [3, 1, 2]
    assert rows.batch(torch.tensor([2, 1]), -1).tolist() == [[5, 6], [4, -1]]
    assert rows.batch(torch.tensor([1, 0, 1]), 0).tolist() == [[4, 0, 0], [1, 2, 3], [4, 0, 0]]
    assert rows.batch(torch.tensor([1]), 0).tolist() == [[4]]
