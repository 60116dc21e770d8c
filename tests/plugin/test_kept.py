from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from attnframe.errors import DataError, Fault
from attnframe.plugin.kept import Kept, kept


class Maker:
    def __init__(self, first: int = 0) -> None:
        self.first, self.calls = first, 0

    def __call__(self) -> Kept:
        self.calls += 1
        return Kept({"rows": np.arange(self.first, self.first + 6).reshape(3, 2)}, {"names": ["a", "b"]})


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    make = Maker()
    (first, digest), (second, again) = (kept(tmp_path / "folder", make) for _ in range(2))
    assert make.calls == 1
    assert digest == again == make().digest
    for found in (first, second):
        assert found.arrays["rows"].tolist() == [[0, 1], [2, 3], [4, 5]]
        assert found.about == {"names": ["a", "b"]}
    assert isinstance(second.arrays["rows"], np.memmap)
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_the_digest_follows_arrays_shapes_and_values() -> None:
    rows = np.arange(6)
    digests = [
        Kept({"rows": rows}).digest,
        Kept({"rows": rows[::-1]}).digest,
        Kept({"rows": rows.reshape(2, 3)}).digest,
        Kept({"other": rows}).digest,
        Kept({"rows": rows}, {"names": []}).digest,
    ]
    assert len(set(digests)) == len(digests)


def test_rows_changed_in_memory_leave_the_files_as_they_are(tmp_path: Path) -> None:
    found, _ = kept(tmp_path / "folder", Maker(1))
    found.arrays["rows"][:] = 0
    again, _ = kept(tmp_path / "folder", Maker(1))
    assert again.arrays["rows"].all()


@pytest.mark.parametrize("name", ["rows.npy", "about.json"])
def test_a_damaged_folder_is_made_again(tmp_path: Path, name: str) -> None:
    kept(tmp_path / "folder", Maker())
    damaged = tmp_path / "folder" / name
    damaged.write_bytes(damaged.read_bytes()[:20])
    make = Maker()
    found, _ = kept(tmp_path / "folder", make)
    assert make.calls == 1
    assert found.arrays["rows"].shape == (3, 2)


def test_what_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Kept:
        raise DataError(Fault("data.path", "must be good"))

    with pytest.raises(DataError, match=r"data\.path must be good"):
        kept(tmp_path / "cache" / "folder", broken)
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_takes_nothing_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(DataError, match=r"The cache folder must take .*closed/folder\. Got "):
        kept(closed / "folder", Maker())
