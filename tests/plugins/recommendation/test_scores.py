"""Which candidates the true item is ranked among."""

from __future__ import annotations

import torch
from attnframe_recommendation.scores import masked, places

SCORES = torch.tensor([[9.0, 5.0, 4.0, 3.0, 2.0], [9.0, 1.0, 2.0, 3.0, 4.0]])


def test_padding_and_what_was_seen_cannot_be_chosen() -> None:
    left = masked(SCORES, torch.tensor([[1, 0], [4, 3]]))
    assert left.isfinite().tolist() == [[False, False, True, True, True], [False, True, True, False, False]]
    assert SCORES[0, 1] == 5.0


def test_full_ranking_leaves_out_what_was_seen() -> None:
    batch = {"targets": torch.tensor([3, 1]), "seen": torch.tensor([[1, 0], [4, 3]])}
    assert places(SCORES, batch).tolist() == [2.0, 2.0]


def test_an_item_that_is_taken_again_is_ranked_as_it_is() -> None:
    batch = {"targets": torch.tensor([3, 1]), "seen": torch.tensor([[3, 1], [1, 4]])}
    assert places(SCORES, batch).tolist() == [2.0, 3.0]


def test_sampled_ranking_looks_at_the_candidates_only() -> None:
    candidates = torch.tensor([[3, 4, 1], [2, 1, 0]])
    assert places(SCORES, {"targets": candidates[:, 0], "candidates": candidates}).tolist() == [2.0, 1.0]
