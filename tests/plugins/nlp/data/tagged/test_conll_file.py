"""A user's own tagged sentences, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnframe_nlp.data.tagged.conll_file import ConllSource

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN

GOOD = "Anna B-person\nsees O\nParis B-city\n\n-DOCSTART- O\n\nNew B-city\nYork I-city\n\nHi O\n"


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    with pytest.raises(DataError) as error:
        ConllSource(path).read()
    return [str(fault) for fault in error.value.faults]


def test_sentences_end_at_empty_lines(tmp_path: Path) -> None:
    sentences = ConllSource(written(tmp_path / "a.conll", GOOD)).read()
    assert sentences.tokens == (("Anna", "sees", "Paris"), ("New", "York"), ("Hi",))
    assert sentences.tags == (("B-person", "O", "B-city"), ("B-city", "I-city"), ("O",))
    assert sentences.parts.tolist() == [TRAIN] * 3


def test_the_first_and_the_last_column_count(tmp_path: Path) -> None:
    sentences = ConllSource(written(tmp_path / "a.conll", "EU NNP I-NP B-org\nis VBZ I-VP O\n\n" * 3)).read()
    assert sentences.tokens[0] == ("EU", "is")
    assert sentences.tags[0] == ("B-org", "O")


def test_a_folder_has_a_file_for_each_part(tmp_path: Path) -> None:
    written(tmp_path / "train.conll", GOOD)
    written(tmp_path / "test.conll", "Anna B-person\n")
    assert ConllSource(tmp_path).read().parts.tolist() == [TRAIN] * 3 + [TEST]


def test_bad_lines_are_named_all_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "a.conll", "Anna B-person\nsees\nParis in B-city\n\nHi\n")
    assert told(path)[:2] == [
        f"{path} must have a token and a tag in every line that is not empty. Got line 2 (sees), line 5 (Hi).",
        f"{path} must have 2 columns in every line, as in its first. Got line 3 (Paris in B-city).",
    ]


def test_a_tag_that_training_does_not_have_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "train.conll", GOOD)
    written(tmp_path / "test.conll", "Anna B-animal\n")
    assert told(tmp_path) == [
        "tag 'B-animal' must occur in the training part, or it cannot be learnt. Got 1 times in the other parts. "
        "Move a sentence with it to train, or rename the tag."
    ]


def test_too_little_and_files_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    written(tmp_path / "train.conll", "Anna O\n")
    written(tmp_path / "val.conll", "\n\n")
    (tmp_path / "test.conll").write_bytes("naïve O\n".encode("latin-1"))
    faults = told(tmp_path)
    assert len(faults) == 4
    assert "val.conll must hold tagged tokens. Got none." in faults[0]
    assert "test.conll must be UTF-8 text. Got byte 0xef at offset 2." in faults[1]
    assert f"{tmp_path} must hold at least 2 different tags. Got only 'O'." in faults[2]
    assert f"{tmp_path} must hold at least 3 sentences to train on and to cut missing parts off. Got 1." in faults[3]
