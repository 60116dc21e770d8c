"""The files of SASRec and S3-Rec."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attnframe_recommendation.data.published import read_beauty, read_games, read_lists, read_pairs

from attnframe.errors import DataError


def test_pairs_keep_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("2 30\n1 10\n2 10\n2 20\n", encoding="ascii")
    data = read_pairs(path)
    assert data.users == ("1", "2")
    assert data.items == ("10", "20", "30")
    assert data.taken.tolist() == [1, 3, 1, 2]
    assert data.counts.tolist() == [1, 3]


def test_lists_come_with_attributes(tmp_path: Path) -> None:
    path, attributes = tmp_path / "lists.txt", tmp_path / "attributes.json"
    path.write_text("1 5 3\n2 3\n", encoding="ascii")
    attributes.write_text('{"3": [2, 4]}', encoding="utf-8")
    data = read_lists(path, attributes)
    assert data.items == ("3", "5")
    assert data.taken.tolist() == [2, 1, 1]
    assert data.attributes.names == ("attribute 1", "attribute 2", "attribute 3", "attribute 4")
    assert data.attributes.of_item == ((2, 4), ())


@pytest.mark.parametrize("text", ["1 2 3", "a b", "é 1"])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"must hold lines 'user item' of whole numbers"):
        read_pairs(path)
    with pytest.raises(DataError, match=r"beside a JSON object of attributes"):
        read_lists(path, path)


@pytest.mark.skipif("ATTNFRAME_DATA_DIR" not in os.environ, reason="the public sets are not here")
def test_the_public_sets_have_the_sizes_that_papers_state() -> None:
    root = Path(os.environ["ATTNFRAME_DATA_DIR"])
    games, beauty = read_games(root), read_beauty(root)
    assert (len(games.users), len(games.items), len(games.taken)) == (31_013, 23_715, 287_107)
    assert (len(beauty.users), len(beauty.items), len(beauty.taken)) == (22_363, 12_101, 198_502)
    assert sum(len(tokens) > 0 for tokens in beauty.attributes.of_item) > 12_000
