"""When words are said."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from attnframe_speech.decoding.alignment import word_times
from attnframe_speech.letters import Letters


def test_words_stand_where_their_letters_do() -> None:
    letters = Letters(" ab")
    path = torch.tensor([0, 2, 2, 0, 3, 1, 0, 3, 0, 0])  # "ab b"
    scores = (8.0 * F.one_hot(path, 4)).log_softmax(1)
    first, second = word_times(scores, letters.numbers("ab b"), letters, 0.04)
    assert (first["word"], first["start"], first["end"]) == ("ab", 0.04, 0.2)
    assert (second["word"], second["start"], second["end"]) == ("b", 0.28, 0.32)
    assert first["confidence"] == pytest.approx(float(scores[1, 2].exp()), abs=1e-4)


def test_no_text_has_no_words() -> None:
    assert word_times(torch.zeros(3, 2), [], Letters("a"), 0.04) == []
