"""Answers beside true values."""

from __future__ import annotations

import torch
from attnframe_graph.exhibits.values import Values

from attnframe.pictures import draw


def test_every_graph_is_a_point() -> None:
    exhibit = Values()
    assert exhibit.panels() == []
    exhibit.update({"values": torch.tensor([1.0, 2.0])}, torch.tensor([1.5, 2.5]))
    exhibit.update({"values": torch.tensor([3.0])}, torch.tensor([3.0]))
    (panel,) = exhibit.panels()
    assert panel.arguments["groups"] == {"test graphs": [[1.0, 1.5], [2.0, 2.5], [3.0, 3.0]]}
    assert draw(panel.plain())
