"""A user's own sentence pairs: what is read, and every way in which files can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_nlp.sentence_pairs.pairs import Pairs
from attnframe_nlp.sentence_pairs.parallel_text import ParallelTextSource

from attnframe.errors import DataError

Folder = Callable[..., Path]
DE, EN = [f"Satz {number}" for number in range(20)], [f"sentence {number}" for number in range(20)]


def read(folder: Path, split: tuple[float, float, float] = (0.8, 0.1, 0.1)) -> Pairs:
    return ParallelTextSource(folder, "de", "en", split).read()


def faults(folder: Path, split: tuple[float, float, float] = (0.8, 0.1, 0.1)) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(folder, split)
    return [str(fault).replace(str(folder), "DIR") for fault in caught.value.faults]


@pytest.mark.parametrize("name", ["dev", "val", "valid"])
def test_files_of_every_part(parallel_folder: Folder, name: str) -> None:
    more = {f"{name}_de": ["zwei"], f"{name}_en": ["two"], "test_de": ["drei"], "test_en": ["three"]}
    pairs = read(parallel_folder(train_de=["eins", "noch  eins "], train_en=["one", "one more"], **more))
    assert pairs.parts == {
        "train": [("eins", "one"), ("noch  eins", "one more")],
        "val": [("zwei", "two")],
        "test": [("drei", "three")],
    }
    assert pairs.split_off == ()


def test_missing_parts_are_split_off(parallel_folder: Folder) -> None:
    pairs = read(parallel_folder(train_de=DE, train_en=EN))
    assert [len(pairs.parts[part]) for part in ("train", "val", "test")] == [16, 2, 2]
    assert sorted(pair for part in pairs.parts.values() for pair in part) == sorted(zip(DE, EN, strict=True))
    assert pairs.split_off == ("val", "test")
    assert read(parallel_folder(train_de=DE, train_en=EN)).digest == pairs.digest


def test_only_the_part_that_is_missing_is_split_off(parallel_folder: Folder) -> None:
    pairs = read(parallel_folder(train_de=DE, train_en=EN, test_de=["a"], test_en=["b"]))
    assert pairs.parts["test"] == [("a", "b")]
    assert len(pairs.parts["val"]) == 2
    assert pairs.split_off == ("val",)


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_text(parallel_folder: Folder) -> None:
    more = {"dev_de": ["a"], "dev_en": ["b"], "test_de": ["a"], "test_en": ["b"]}
    pairs = read(parallel_folder(train_de="\ufeffeins\r\nzwei\r\n".encode(), train_en=["one", "two"], **more))
    assert pairs.parts["train"] == [("eins", "one"), ("zwei", "two")]


def test_a_path_that_is_no_folder(tmp_path: Path) -> None:
    missing, file = tmp_path / "missing", tmp_path / "file"
    file.touch()
    assert faults(missing) == ["data.path must be a folder that exists. Got DIR."]
    assert faults(file) == ["data.path must be a folder that exists. Got DIR, which is a file."]


def test_languages_that_are_missing(parallel_folder: Folder) -> None:
    assert faults(parallel_folder(train_fr=["un"], train_en=["one"])) == [
        "data.path DIR must hold train.de. It holds train in en, fr."
    ]


def test_a_folder_without_sentences(parallel_folder: Folder) -> None:
    assert faults(parallel_folder()) == [
        "data.path DIR must hold train.de. It holds no train.* at all.",
        "data.path DIR must hold train.en. It holds no train.* at all.",
    ]


def test_all_faults_at_once(parallel_folder: Folder) -> None:
    folder = parallel_folder(
        train_de=["eins", "", "drei", " "],
        train_en=["one", "two", "three"],
        dev_de=["a"],
        valid_de=["a"],
        test_de="ein\nzw\xf6lf\n".encode("latin-1"),
        test_en=["one"] * 2,
    )
    assert faults(folder) == [
        "DIR/train.de must hold a sentence in every line. Got empty lines 2, 4. "
        "Remove them from the files of both languages.",
        "DIR/train.de must have as many lines as train.en, 3. Got 4. Line i of one must translate line i of the other.",
        "data.path DIR must have one val part. Got dev.* and valid.*. Keep one of them.",
        "DIR/test.de must be UTF-8 text. Got other bytes in line 2. Convert it, e.g. iconv -f latin1 -t utf-8.",
    ]


def test_many_empty_lines_are_counted(parallel_folder: Folder) -> None:
    (fault,) = faults(parallel_folder(train_de=[""] * 8, train_en=["x"] * 8))
    assert "empty lines 1, 2, 3, 4, 5 and 3 more." in fault


def test_empty_files(parallel_folder: Folder) -> None:
    assert faults(parallel_folder(train_de=b"", train_en=b"")) == [
        "DIR/train.de must hold at least one sentence. Got an empty file."
    ]


def test_a_split_that_leaves_a_part_empty(parallel_folder: Folder) -> None:
    folder = parallel_folder(train_de=DE, train_en=EN)
    assert faults(folder, (0.9, 0.0, 0.1)) == [
        "The val part of data.path DIR must hold at least one pair. Got 20 pairs in all to split by "
        "data.split=[0.9, 0.0, 0.1]. Give val files, more pairs, or another data.split."
    ]


def test_too_few_pairs_to_split(parallel_folder: Folder) -> None:
    found = faults(parallel_folder(train_de=DE[:1], train_en=EN[:1]))
    assert len(found) == 2
    assert all("must hold at least one pair. Got 1 pairs in all" in fault for fault in found)
