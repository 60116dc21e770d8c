"""Sets of many files: unpacked, verified, and told where they differ."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from attnframe_speech.data.published import PublishedTree, tree_digest

from attnframe.errors import DataError

TREE = PublishedTree("made", "https://example.invalid/a.tar.gz", "made", "", lambda name: name.endswith(".wav"), "")


def archive(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as made:
        for name in ("top/a/1.wav", "top/b.wav", "top/README.md", "top/../../evil.wav"):
            about = tarfile.TarInfo(name)
            about.size = len(name)
            made.addfile(about, io.BytesIO(name.encode()))
    return path


def test_wanted_files_are_unpacked_and_verified(tmp_path: Path) -> None:
    root = tmp_path / "data" / "made"
    root.mkdir(parents=True)
    TREE.unpack(archive(tmp_path / "a.tar.gz"), root)
    wanted = {"a/1.wav": root / "a" / "1.wav", "b.wav": root / "b.wav"}
    assert not (tmp_path / "evil.wav").exists()
    assert replace(TREE, sha256=tree_digest(wanted)).ready(tmp_path / "data") == wanted
    (root / "b.wav").write_text("changed")
    with pytest.raises(DataError, match=r"must hold the published files.*Got 2 files.*download data=made"):
        replace(TREE, sha256="0" * 64).ready(tmp_path / "data")


def test_what_cannot_be_fetched_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"or data_dir be writable and https://example.invalid/a.tar.gz reachable"):
        TREE.ready(tmp_path)
