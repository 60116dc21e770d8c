"""Chances."""

from __future__ import annotations

import torch
from attnframe_recommendation.exhibits.chances import Chances

from attnframe.pictures import draw


def test_events_are_two_classes() -> None:
    exhibit = Chances()
    exhibit.update({"labels": torch.tensor([0.0, 1.0, 1.0])}, torch.tensor([-1.0, 2.0, -3.0]))
    confusion, *_ = panels = exhibit.panels()
    assert confusion.arguments["shown"] == [["1", "0"], ["1", "1"]]
    assert all(draw(panel.plain()) for panel in panels)
