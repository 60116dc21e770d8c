from __future__ import annotations

import torch

from attnframe.attention.scores import Dot


def test_by_hand() -> None:
    query, key = torch.tensor([[[[1.0, 2.0]]]]), torch.tensor([[[[3.0, -1.0], [0.5, 4.0]]]])
    assert Dot()(query, key).flatten().tolist() == [1.0, 8.5]
