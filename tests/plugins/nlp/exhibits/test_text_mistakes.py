"""The surest mistakes of a text classifier."""

from __future__ import annotations

import torch
from attnframe_nlp.data.sequences.vocabulary import SPECIAL, UNKNOWN, PieceVocabulary
from attnframe_nlp.exhibits.text_mistakes import LONGEST, TextMistakes

from attnframe.pictures import draw


def test_mistakes_are_texts_again() -> None:
    vocabulary = PieceVocabulary("word", False, ["good", "film"])
    exhibit = TextMistakes(["bad", "good"], vocabulary.text)
    tokens = torch.tensor([[SPECIAL, UNKNOWN, SPECIAL + 1, 0], [SPECIAL] * 4])
    exhibit.update({"tokens": tokens, "labels": torch.tensor([1, 1])}, torch.tensor([[0.8, 0.2], [0.2, 0.8]]).log())
    (panel,) = exhibit.panels()
    assert panel.arguments["rows"] == [["good ⁇ film", "good", "bad", "80%"]]
    assert draw(panel.plain())


def test_long_texts_are_cut() -> None:
    exhibit = TextMistakes(["a", "b"], lambda tokens: "x" * 1000)
    exhibit.update({"tokens": torch.ones(1, 2).long(), "labels": torch.tensor([1])}, torch.tensor([[1.0, 0.0]]))
    (panel,) = exhibit.panels()
    assert len(panel.arguments["rows"][0][0]) == LONGEST
