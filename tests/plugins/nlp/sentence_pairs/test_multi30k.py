"""The published files, where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attnframe_nlp.sentence_pairs.multi30k import Multi30kSource, published

from attnframe.errors import DataError

ROOT = Path(os.environ.get("ATTNFRAME_DATA_DIR", ""))


@pytest.mark.skipif(not os.environ.get("ATTNFRAME_DATA_DIR"), reason="ATTNFRAME_DATA_DIR is not set")
@pytest.mark.parametrize(("test", "count"), [("2016_flickr", 1000), ("2017_flickr", 1000), ("2017_mscoco", 461)])
def test_both_directions_are_the_same_pairs(test: str, count: int) -> None:
    one, other = (Multi30kSource(ROOT, *languages, test).read() for languages in (("de", "en"), ("en", "de")))
    assert {part: len(pairs) for part, pairs in one.parts.items()} == {"train": 29_000, "val": 1014, "test": count}
    assert all([pair[::-1] for pair in pairs] == one.parts[part] for part, pairs in other.parts.items())
    first = "Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche."
    assert one.parts["train"][0] == (first, "Two young, White males are outside near many bushes.")


def test_a_file_that_differs_is_named(tmp_path: Path) -> None:
    file = published("train.de")
    path = tmp_path / file.place
    path.parent.mkdir()
    path.write_bytes(b"other")
    with pytest.raises(DataError, match=r"train\.de\.gz must be the published file"):
        Multi30kSource(tmp_path, "de", "en", "2016_flickr").read()
