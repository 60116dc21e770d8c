"""A user's own texts, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnframe_nlp.data.labelled.text_csv import TextCsvSource

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL

GOOD = "text,label\n" + "".join(f"good film {number},positive\nbad film {number},negative\n" for number in range(4))


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    with pytest.raises(DataError) as error:
        TextCsvSource(path).read()
    return [str(fault) for fault in error.value.faults]


def test_a_table_is_read(tmp_path: Path) -> None:
    content = 'id,label,text,split\n1,a,"one, two",train\n2,b,three,train\n3,a,four,dev\n4,b,five,test\n5,a,six,train\n'
    texts = TextCsvSource(written(tmp_path / "t.csv", content)).read()
    assert texts.texts == ("one, two", "three", "four", "five", "six")
    assert texts.labels == ("a", "b", "a", "b", "a")
    assert texts.parts.tolist() == [TRAIN, TRAIN, VAL, TEST, TRAIN]


def test_a_folder_has_a_table_for_each_part(tmp_path: Path) -> None:
    written(tmp_path / "train.csv", GOOD)
    written(tmp_path / "test.csv", "text,label\ngood one,positive\n")
    texts = TextCsvSource(tmp_path).read()
    assert texts.parts.tolist() == [TRAIN] * 8 + [TEST]


def test_bad_rows_are_named_all_at_once(tmp_path: Path) -> None:
    rows = [
        "text,label,split",
        "a,b,c,d",
        ",positive,train",
        "good,,train",
        "fine,positive,later",
        "bad,negative,train",
    ]
    faults = told(written(tmp_path / "t.csv", "\n".join(rows)))
    where = str(tmp_path / "t.csv")
    assert faults == [
        f"{where} must have 3 fields in every row, as in its first line. Got line 2 (a,b,c,d). "
        "Put quotes around a text that holds a comma.",
        f"{where} must have a text in every row. Got line 3.",
        f"{where} must have a label in every row. Got line 4 (good).",
        f"{where} must have a split of train, val or test in every row. Got line 5 (later).",
        f"{where} must hold texts of at least 2 labels. Got only 'negative'.",
        "label 'negative' must have at least 3 texts to train on and to cut missing parts off. Got 1. "
        "Add some, or leave the label out.",
    ]


def test_a_label_that_only_the_test_part_has_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "train.csv", GOOD)
    written(tmp_path / "test.csv", "text,label\nso so,mixed\n")
    must = "must have at least 2 texts to train on and to cut missing parts off"
    assert told(tmp_path) == [f"label 'mixed' {must}. Got 0. Add some, or leave the label out."]


def test_files_without_rows_or_columns_or_utf8_are_told_together(tmp_path: Path) -> None:
    written(tmp_path / "train.csv", "sentence,label\nx,y\n")
    written(tmp_path / "val.csv", "text,label\n")
    (tmp_path / "test.csv").write_bytes("text,label\nnaïve,a\n".encode("latin-1"))
    faults = told(tmp_path)
    assert len(faults) == 3
    assert "train.csv must name the column text in its first line. Got sentence, label." in faults[0]
    assert "val.csv must have rows. Got none." in faults[1]
    assert "test.csv must be UTF-8 text. Got byte 0xef at offset 13." in faults[2]
    assert "must name the column text and label" in told(written(tmp_path / "empty.csv", ""))[0]
