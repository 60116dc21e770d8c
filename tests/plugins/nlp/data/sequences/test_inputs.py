"""What a user gives to predict for."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnframe_nlp.data.sequences.inputs import read_texts, read_tokens

from attnframe.errors import DataError


def test_a_text_is_itself_however_long() -> None:
    assert read_texts("good film") == [("good film", "good film")]
    assert read_texts("word " * 2000)[0][1] == "word " * 2000


def test_files_give_a_text_a_line(tmp_path: Path) -> None:
    path = tmp_path / "films.txt"
    path.write_text("good film\n\nbad film\n", encoding="utf-8")
    assert read_texts(str(path)) == [("films.txt:1", "good film"), ("films.txt:3", "bad film")]
    assert read_texts(str(tmp_path)) == [(str(path), "good film\n\nbad film\n")]


def test_tables_and_sequences(tmp_path: Path) -> None:
    table, letters = tmp_path / "films.csv", tmp_path / "two.fasta"
    table.write_text('id,text\n1,"good, long film"\n2,bad film\n', encoding="utf-8")
    letters.write_text(">one chain A\nACG\nT\n>two\nGG\n", encoding="utf-8")
    assert read_texts(str(table)) == [("films.csv:1", "good, long film"), ("films.csv:2", "bad film")]
    table.write_text("good film\nbad film\n", encoding="utf-8")
    assert [text for _, text in read_texts(str(table))] == ["good film", "bad film"]
    assert read_texts(str(letters)) == [("one chain A", "ACGT"), ("two", "GG")]


def test_tokens_are_split_or_come_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "some.conll"
    path.write_text("play O\nit O\n\n\ncall O\n", encoding="utf-8")
    assert read_tokens(str(path), str.split) == [("some.conll:1", ["play", "it"]), ("some.conll:2", ["call"])]
    assert read_tokens("play it", str.split) == [("play it", ["play", "it"])]


def test_inputs_that_are_wrong(tmp_path: Path) -> None:
    empty, latin, tokens = tmp_path / "empty.txt", tmp_path / "latin.txt", tmp_path / "none.conll"
    empty.write_text("\n", encoding="utf-8")
    latin.write_bytes("naïve".encode("latin-1"))
    tokens.write_text("\n", encoding="utf-8")
    for source, told in (
        ("  ", "input must hold text. Got none in '  '."),
        (str(empty), "input must hold text"),
        (str(latin), "must be UTF-8 text. Got byte 0xef at offset 2."),
    ):
        with pytest.raises(DataError, match="must") as error:
            read_texts(source)
        assert told in str(error.value)
    with pytest.raises(DataError, match="input must hold tokens"):
        read_tokens(str(tokens), str.split)
