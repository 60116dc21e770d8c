"""Texts read in pieces."""

from pathlib import Path

import pytest
from attnframe_nlp.data import text as module
from attnframe_nlp.data.text import Stretch, TextInMemory, TextOfFile, TextsInRow, by_lines, measure, measure_all

from attnframe.errors import DataError

CONTENT = "Zwölf Boxkämpfer\njagen Viktor — 東京 🎈\nquer über\n\nden großen Sylter Deich"


@pytest.fixture(params=[1, 2, 3, 5, 1000])
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(module, "PIECE", request.param)
    return int(request.param)


def test_a_file_reads_the_same_in_pieces_of_any_size(piece: int, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(CONTENT.encode())
    assert "".join(TextOfFile(path).pieces()) == CONTENT
    assert measure(TextOfFile(path)) == measure(TextInMemory(CONTENT))
    assert measure(TextOfFile(path)).characters == len(CONTENT)


def test_a_byte_order_mark_is_dropped_and_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo")
    assert "".join(TextOfFile(path).pieces()) == "one\r\ntwo"


def test_not_utf8_is_told_with_its_place(piece: int, tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes("東京 ".encode() + b"caf\xe9 noir")
    with pytest.raises(DataError) as error:
        measure(TextOfFile(path))
    assert str(error.value) == (
        f"{path} must be UTF-8 text. Got byte 0xe9 at offset 10. Convert it, e.g. iconv -f LATIN1 -t UTF-8 'latin.txt'."
    )


def test_a_character_cut_at_the_end_is_not_utf8(piece: int, tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    path.write_bytes("abc東".encode()[:-1])
    with pytest.raises(DataError, match="byte 0xe6 at offset 3"):
        measure(TextOfFile(path))


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"\xff")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    texts = [TextOfFile(tmp_path / name) for name in ("b.txt", "link.txt")]
    with pytest.raises(DataError) as error:
        measure_all(texts)
    first, second = error.value.faults
    assert "must be UTF-8 text" in str(first)
    assert str(second) == f"{tmp_path / 'link.txt'} must be a readable file. Got No such file or directory."


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (4, 11), (5, 5), (7, 100)])
def test_a_stretch_is_a_slice_of_texts_in_row(piece: int, start: int, stop: int) -> None:
    whole = TextsInRow((TextInMemory(CONTENT[:6]), TextInMemory(""), TextInMemory(CONTENT[6:])))
    assert "".join(Stretch(whole, start, stop).pieces()) == CONTENT[start:stop]


def test_pieces_by_lines_cut_no_line_shorter_than_a_piece(piece: int) -> None:
    pieces = list(by_lines(TextInMemory(CONTENT).pieces()))
    assert "".join(pieces) == CONTENT
    assert all(each.endswith("\n") or len(each) >= piece for each in pieces[:-1])
