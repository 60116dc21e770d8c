"""Reading a user's sentences, and records in their order."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from attnframe_nlp.recipes.translate import Translate
from attnframe_nlp.recipes.translation_transformer import TranslationTransformer
from attnframe_nlp.sentence_pairs.piece_vocabulary import PieceVocabulary
from attnframe_nlp.translating import read_sentences, translated
from attnframe_nlp.translator import Translator

from attnframe.errors import DataError
from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.rope import RopeScheme

SENTENCES = ["ein Hund rennt schnell", "ja", "die Katze", "nein danke", "ein Mann"]


def model() -> Translator:
    torch.manual_seed(0)
    words = PieceVocabulary.fit(SENTENCES, 280, False)
    facts = {"joint": True, "source_size": words.size, "target_size": words.size, "max_length": 20, "tokenised": False}
    facts |= {"source_vocabulary": words.values(), "target_vocabulary": words.values()}
    parts = Parts(MultiHeadAttention(num_heads=4), RopeScheme(), TranslationTransformer(dim=32, depth=1))
    return Translator(parts, facts).eval()


def test_records_come_in_the_order_of_the_sentences_and_do_not_depend_on_one_another() -> None:
    module = model()
    inputs = [(f"{number}", sentence) for number, sentence in enumerate(SENTENCES)]
    records = translated(module, inputs, Translate(batch_size=2))
    assert [(record["input"], record["source"]) for record in records] == inputs
    alone = [translated(module, [one], Translate())[0] for one in inputs]
    assert [record["translation"] for record in records] == [record["translation"] for record in alone]
    assert [record["log_probability"] for record in records] == pytest.approx(
        [record["log_probability"] for record in alone], abs=1e-3
    )
    assert records[0]["alignment"]["source"] == module.vocabularies[0].pieces(
        module.vocabularies[0].encode([SENTENCES[0]])[0]
    )


def test_the_search_follows_the_options() -> None:
    module = model()
    greedy, wide = (
        translated(module, [("", SENTENCES[0])], Translate(beams=beams, length_penalty=0.0))[0]["log_probability"]
        for beams in (1, 8)
    )
    assert wide >= greedy


def test_inputs_are_a_text_or_a_file_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    assert read_sentences("ein Hund") == [("ein Hund", "ein Hund")]
    path.write_text("ein Hund\ndie Katze\n", encoding="utf-8")
    assert read_sentences(str(path)) == [(f"{path}:1", "ein Hund"), (f"{path}:2", "die Katze")]


def test_inputs_that_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text("ein Hund\n\n \n", encoding="utf-8")
    with pytest.raises(DataError, match=r"in\.txt must hold a sentence in every line\. Got empty lines 2, 3\."):
        read_sentences(str(path))
    path.write_bytes("zw\xf6lf".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8"):
        read_sentences(str(path))
    with pytest.raises(DataError, match="must be a text, or a file with one sentence a line"):
        read_sentences(str(tmp_path))
    with pytest.raises(DataError, match="must hold a sentence"):
        read_sentences("  ")
