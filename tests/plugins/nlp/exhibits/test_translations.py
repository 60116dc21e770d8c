"""Sentences with their translations."""

from __future__ import annotations

import torch
from attnframe_nlp.exhibits.translations import MOST, Translations
from attnframe_nlp.sentence_pairs.vocabulary import END, SPECIAL
from attnframe_nlp.sentence_pairs.word_vocabulary import WordVocabulary

from attnframe.pictures import draw


def test_the_first_sentences_stand_beside_reference_and_translation() -> None:
    reading = WordVocabulary(["one", "two"], lower_case=False, tokenised=True)
    exhibit = Translations(reading, lambda source: [f"{len(row)} tokens" for row in source])
    source = torch.tensor([[SPECIAL, SPECIAL + 1, END]]).expand(MOST + 2, 3)
    references = ["eins zwei"] * (MOST + 2)
    exhibit.update({"source": source, "target": source, "references": references}, torch.zeros(MOST + 2, 3))
    (panel,) = exhibit.panels()
    assert panel.arguments["rows"] == [["one two", "eins zwei", "3 tokens"]] * MOST
    assert draw(panel.plain())
