"""Where texts come from and how they are parted."""

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest
from attnframe_nlp.data.python_docs import PythonDocsSource
from attnframe_nlp.data.source import Corpus, parted
from attnframe_nlp.data.text import TextInMemory
from attnframe_nlp.data.text_file import TextFileSource
from attnframe_nlp.data.tinyshakespeare import TinyShakespeareSource
from attnframe_nlp.data.wikitext2 import WikiText2Source

from attnframe.errors import DataError
from attnframe.plugin.published import PublishedFile

EVEN = (0.8, 0.1, 0.1)


def contents(corpus: Corpus) -> dict[str, str]:
    return {part: "".join(text.pieces()) for part, text in corpus.parts.items()}


def test_a_text_is_cut_in_its_order() -> None:
    corpus = parted([TextInMemory("abcde"), TextInMemory("fghij")], (0.7, 0.2, 0.1), "data.path")
    assert contents(corpus) == {"train": "abcdefg", "val": "hi", "test": "j"}


def test_the_last_tenth_of_tinyshakespeare_is_the_published_one() -> None:
    corpus = parted([TextInMemory("x" * 1_115_394)], (0.89, 0.01, 0.1), "data.path", ("val", "train", "test"))
    sizes = {part: len(content) for part, content in contents(corpus).items()}
    assert sizes == {"val": 11_153, "train": 992_701, "test": 111_540}
    assert sizes["train"] + sizes["val"] == 1_003_854


def test_another_part_may_come_first() -> None:
    corpus = parted([TextInMemory("abcdefghij")], (0.7, 0.2, 0.1), "data.path", ("val", "train", "test"))
    assert contents(corpus) == {"val": "ab", "train": "cdefghi", "test": "j"}


def test_the_digest_follows_text_and_cuts() -> None:
    def digest(content: str, split: tuple[float, float, float] = EVEN) -> str:
        return parted([TextInMemory(content)], split, "data.path").digest

    assert digest("a" * 20) == digest("a" * 20)
    assert len({digest("a" * 20), digest("a" * 19 + "b"), digest("a" * 20, (0.7, 0.2, 0.1))}) == 3


def test_python_docs_keep_their_order_and_no_paragraph_twice() -> None:
    parts = contents(PythonDocsSource(EVEN).read())
    whole = "".join(parts.values())
    paragraphs = whole.strip("\n").split("\n\n")
    assert len(set(paragraphs)) == len(paragraphs)
    assert 300_000 < len(whole) < 1_000_000
    assert 'The "assert" statement' in parts["train"]
    assert parts == contents(PythonDocsSource(EVEN).read())


def test_a_folder_is_its_text_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, content in {"b.txt": "second", "a.txt": "first ", "sub/c.txt": " third", "d.md": "no"}.items():
        (tmp_path / name).write_text(content)
    assert "".join(contents(TextFileSource(tmp_path, EVEN).read()).values()) == "first second third"


def test_a_path_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "no such file.txt"
    with pytest.raises(DataError) as error:
        TextFileSource(path, EVEN).read()
    assert str(error.value) == f"data.path must be a file or folder that exists. Got {path}."


def test_a_folder_without_text(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(DataError) as error:
        TextFileSource(tmp_path, EVEN).read()
    assert str(error.value) == f"data.path must hold .txt files. Got the folder {tmp_path} without any."


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    with pytest.raises(DataError) as error:
        TextFileSource(path, EVEN).read()
    assert str(error.value) == f"data.path {path} must hold text. Got 0 characters."


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_every_fault_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"fine")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfeh\x00i\x00")
    (tmp_path / "c.txt").write_bytes(b"ol\xe9")
    (tmp_path / "d.txt").symlink_to(tmp_path / "gone")
    with pytest.raises(DataError) as error:
        TextFileSource(tmp_path, EVEN).read()
    assert [fault.where for fault in error.value.faults] == [str(tmp_path / f"{name}.txt") for name in "bcd"]


def test_a_published_file_that_differs_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tinyshakespeare" / "input.txt"
    path.parent.mkdir()
    path.write_text("First Citizen: changed")
    got = hashlib.sha256(b"First Citizen: changed").hexdigest()
    with pytest.raises(DataError) as error:
        TinyShakespeareSource(tmp_path, EVEN).read()
    assert str(error.value) == (
        f"{path} must be the published file (sha256 86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed). "
        f"Got sha256 {got}. Delete it and run attnframe download data=tinyshakespeare."
    )


def archive_of(folder: Path, names: tuple[str, ...]) -> PublishedFile:
    path = folder / "wikitext2" / "w.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(f"wikitext-2-raw/{name}", f" = {name} = \n café \n")
    return PublishedFile("wikitext2", "unused", hashlib.sha256(path.read_bytes()).hexdigest(), "wikitext2/w.zip")


def test_wikitext2_keeps_its_official_parts(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, ("wiki.train.raw", "wiki.valid.raw", "wiki.test.raw"))
    source = WikiText2Source(tmp_path, archive)
    parts = contents(source.read())
    assert parts == {
        part: f" = wiki.{name}.raw = \n café \n" for part, name in zip(parts, ("train", "valid", "test"), strict=True)
    }
    (tmp_path / "wikitext2" / "w.zip").unlink()
    assert contents(source.read()) == parts, "unpacked files are enough"


def test_a_wikitext2_archive_that_lacks_a_part(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, ("wiki.train.raw", "wiki.valid.raw"))
    with pytest.raises(DataError, match=r"w\.zip must hold wiki\.train\.raw, wiki\.valid\.raw, wiki\.test\.raw"):
        WikiText2Source(tmp_path, archive).read()
