from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnframe_vision.data import cache

from attnframe.errors import DataError, Fault

Make = Callable[..., Any]


def folders(root: Path) -> list[Path]:
    return sorted((root / "vision").iterdir())


def test_pictures_are_decoded_once(made_source: Make, tmp_path: Path) -> None:
    source = made_source()
    first, digest = cache.load(source, tmp_path)
    second, again = cache.load(source, tmp_path)
    assert source.reads == 1
    assert digest == again
    for found in (first, second):
        assert (found.images == source.pictures.images).all()
        assert (found.labels == source.pictures.labels).all()
        assert (found.parts == source.pictures.parts).all()
        assert found.classes == source.pictures.classes


def test_another_fingerprint_is_decoded_anew(made_source: Make, tmp_path: Path) -> None:
    cache.load(made_source("one"), tmp_path)
    changed = made_source("two")
    cache.load(changed, tmp_path)
    assert changed.reads == 1
    assert len(folders(tmp_path)) == 2


def test_the_digest_follows_the_content_not_the_fingerprint(made_source: Make, tmp_path: Path) -> None:
    _, one = cache.load(made_source("one"), tmp_path)
    _, two = cache.load(made_source("two"), tmp_path)
    other = made_source("three")
    other.pictures = replace(other.pictures, labels=other.pictures.labels[::-1].copy())
    _, three = cache.load(other, tmp_path)
    assert one == two != three


@pytest.mark.parametrize("name", ["images.npy", "labels.npy", "about.json"])
def test_a_damaged_cache_is_made_again(made_source: Make, tmp_path: Path, name: str) -> None:
    cache.load(made_source(), tmp_path)
    damaged = folders(tmp_path)[0] / name
    damaged.write_bytes(damaged.read_bytes()[:20])
    source = made_source()
    found, _ = cache.load(source, tmp_path)
    assert source.reads == 1
    assert (found.images == source.pictures.images).all()


def test_changing_a_picture_in_memory_leaves_the_cache_as_it_is(made_source: Make, tmp_path: Path) -> None:
    found, _ = cache.load(made_source(), tmp_path)
    found.images[:] = 0
    again, _ = cache.load(made_source(), tmp_path)
    assert again.images.any()


def test_faults_of_the_source_leave_nothing_behind(made_source: Make, tmp_path: Path) -> None:
    source = made_source()

    def broken() -> Any:
        raise DataError(Fault("data.path", "must be good"))

    source.read = broken
    with pytest.raises(DataError, match="must be good"):
        cache.load(source, tmp_path)
    assert not (tmp_path / "vision").exists()


def test_images_are_mapped_not_loaded(made_source: Make, tmp_path: Path) -> None:
    found, _ = cache.load(made_source(), tmp_path)
    assert isinstance(found.images, np.memmap)
