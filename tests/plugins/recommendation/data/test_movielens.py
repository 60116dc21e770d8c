"""MovieLens in the files of RecBole and of GroupLens."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_recommendation.data.movielens import as_interactions, read_million, read_small

from attnframe.errors import DataError

RATINGS = ["1::10::5::300", "1::20::3::100", "1::30::4::200", "2::30::2::50"]
MOVIES = ["10::Alien (1979)::Horror|Sci-Fi", "20::Am\xe9lie (2001)::Comedy", "30::Aliens (1986)::Action|Sci-Fi"]
USERS = ["1::F::25::10::48067", "2::M::1::7::70072"]


@pytest.fixture
def million(tmp_path: Path) -> Callable[..., Path]:
    """A data root with files of the form of MovieLens 1M."""

    def write(ratings: list[str] = RATINGS) -> Path:
        folder = tmp_path / "ml_1m"
        folder.mkdir(exist_ok=True)
        for name, lines in (("ratings", ratings), ("movies", MOVIES), ("users", USERS)):
            (folder / f"{name}.dat").write_text("\n".join(lines) + "\n", encoding="latin-1")
        return tmp_path

    return write


def test_the_official_files_of_a_million_ratings_are_read(million: Callable[..., Path]) -> None:
    ratings = read_million(million())
    assert ratings.users["occupation"].tolist() == ["10", "7"]
    data = as_interactions(ratings)
    assert data.users == ("1", "2")
    assert data.taken.tolist() == [2, 3, 1, 3]
    assert data.times is not None
    assert data.times.tolist() == [100, 200, 300, 50]
    assert data.titles == ("Alien (1979)", "Amélie (2001)", "Aliens (1986)")
    assert [data.attributes.names[token - 1] for token in data.attributes.of_item[2]] == [
        "genre=Action",
        "genre=Sci-Fi",
    ]


def test_bad_lines_are_named(million: Callable[..., Path]) -> None:
    with pytest.raises(DataError, match=r"ratings\.dat must hold lines of 4 cells parted by '::'\. Got line 2\."):
        read_million(million(["1::10::5::300", "1,2,3,4"]))


@pytest.mark.skipif("ATTNFRAME_DATA_DIR" not in os.environ, reason="the public sets are not here")
def test_the_small_set_has_its_known_size() -> None:
    data = as_interactions(read_small(Path(os.environ["ATTNFRAME_DATA_DIR"])))
    assert (len(data.users), len(data.items), len(data.taken)) == (943, 1682, 100_000)
    assert data.titles[data.items.index("1")] == "Toy Story (1995)"
    assert "genre=Comedy" in data.attributes.names
