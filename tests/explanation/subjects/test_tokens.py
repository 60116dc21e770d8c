"""Subjects that are sequences of tokens."""

import numpy as np
import torch
from torch import Tensor, nn

from attnframe.explanation.subjects.tokens import TokenSubject
from attnframe.plugin.subject import Maps


class Words(TokenSubject):
    deletion = score = read_out = "x"

    def scores(self, kept: Tensor) -> Tensor:
        return kept.float().sum(1)

    def relevance(self, maps: Maps) -> Tensor:
        return torch.ones(len(self.units))


def test_words_are_shaded_in_their_order() -> None:
    drawn = Words("a", "b", nn.Identity(), ["to", "<be>", "or"]).picture(np.array([0.0, 1.0, 0.5]), "Title")
    assert drawn.index(">to<") < drawn.index("&lt;be&gt;") < drawn.index(">or<")
    assert "Title" in drawn
    joined = Words("a", "b", nn.Identity(), ["t", "o"], joined=True).picture(np.array([0.0, 1.0]), "Title")
    assert "</span><span" in joined


def test_the_strength_of_an_answer_is_its_own_score() -> None:
    assert float(Words("a", "b", nn.Identity(), ["to", "be"]).strength()) == 2
