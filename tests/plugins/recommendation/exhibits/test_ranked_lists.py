"""Lists of users."""

from __future__ import annotations

import torch
from attnframe_recommendation.exhibits.ranked_lists import PLACES, RankedLists

from attnframe.pictures import draw

BATCH = {
    "items": torch.tensor([[1, 2, 0], [3, 0, 0]]),
    "lengths": torch.tensor([2, 1]),
    "targets": torch.tensor([4, 1]),
    "seen": torch.tensor([[1, 2], [3, 0]]),
}


def test_lists_leave_out_what_was_seen_and_hits_are_counted_by_place() -> None:
    scores = torch.tensor([[0.0, 9.0, 8.0, 1.0, 3.0], [0.0, 5.0, 6.0, 9.0, 4.0]])
    exhibit = RankedLists(["a", "b", "c", "d"], lambda batch: scores[: len(batch["items"])])
    exhibit.update(BATCH, torch.tensor([[1.0, 0.0], [2.0, 0.0]]))
    hits, lists = exhibit.panels()
    assert hits.arguments["series"][0].y[:3] == [0.5, 1.0, 1.0]
    assert len(hits.arguments["series"][0].y) == PLACES
    rows = lists.arguments["rows"]
    assert [row[:3] for row in rows] == [["a · b", "d", "1"], ["c", "a", "2"]]
    assert rows[0][3].startswith("d · c")
    assert rows[1][3].startswith("b · a · d")
    assert all(draw(panel.plain()) for panel in (hits, lists))
