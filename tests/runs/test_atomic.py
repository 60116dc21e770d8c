from __future__ import annotations

from pathlib import Path

import pytest

from attnframe.runs.atomic import atomic_file, remove_partial_files, write_text


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "a.txt", "one")
    write_text(tmp_path / "new" / "a.txt", "zwölf")
    assert (tmp_path / "new" / "a.txt").read_text(encoding="utf-8") == "zwölf"
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_writer_that_raises_changes_nothing(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "one")
    with pytest.raises(ValueError, match="half way"), atomic_file(tmp_path / "a.txt") as file:  # noqa: PT012  (one idea)
        file.write(b"tw")
        raise ValueError("half way")
    assert (tmp_path / "a.txt").read_text() == "one"
    assert len(list(tmp_path.iterdir())) == 1


def test_nothing_is_there_before_the_block_ends(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "a.txt") as file:
        file.write(b"one")
        file.flush()
        assert not (tmp_path / "a.txt").exists()
    assert (tmp_path / "a.txt").exists()


def test_what_killed_writers_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.ckpt.17.partial").write_text("half")
    (tmp_path / "a.ckpt").write_text("whole")
    remove_partial_files(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.ckpt"]
