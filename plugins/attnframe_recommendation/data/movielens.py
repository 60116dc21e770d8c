"""MovieLens: ratings with their times, people and films, in the files of RecBole (100k) and of GroupLens (1M)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe_recommendation.data.attributes import SEPARATOR, described
from attnframe_recommendation.data.interactions import Interactions, grouped, numbered

_RECBOLE: Final = (
    "https://raw.githubusercontent.com/RUCAIBox/RecBole/7b02be5ec80a88310f2d04a27a82adfcbb5dc211/dataset/ml-100k"
)
SMALL: Final = {
    ending: PublishedFile("ml_100k", f"{_RECBOLE}/ml-100k.{ending}", checksum, f"ml_100k/ml-100k.{ending}")
    for ending, checksum in (
        ("inter", "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff"),
        ("item", "51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532"),
        ("user", "4f670007d9cfbeb9807e757209af1555b9bcc186bde25e767f67cb67c6dd5972"),
    )
}
MILLION: Final = PublishedFile(
    "ml_1m",
    "https://files.grouplens.org/datasets/movielens/ml-1m.zip",
    "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
    "ml_1m/ml-1m.zip",
)
_FILES: Final = {"ratings": "user item rating timestamp", "movies": "item title genres", "users": "user gender age job"}


@dataclass(frozen=True)
class Ratings:
    """Ratings as they stand in the files, and what is said of people and films.

    Args:
        events: columns user, item, rating and timestamp.
        items: columns item, title and genres, parted by ``|``.
        users: columns user, age, gender and occupation.
    """

    events: pd.DataFrame
    items: pd.DataFrame
    users: pd.DataFrame


def read_small(data_dir: Path) -> Ratings:
    """MovieLens 100k, fetched and verified. Raises DataError when it cannot be had."""
    tables = [pd.read_csv(SMALL[e].ready(data_dir), sep="\t", dtype=str, keep_default_na=False) for e in SMALL]
    events, items, users = (table.rename(columns=lambda name: name.split(":")[0]) for table in tables)
    items["genres"] = items["class"].str.replace(" ", SEPARATOR)
    items["title"] = items["movie_title"] + " (" + items["release_year"] + ")"
    names = {"user_id": "user", "item_id": "item"}
    return Ratings(events.rename(columns=names), items.rename(columns=names), users.rename(columns=names))


def read_million(data_dir: Path) -> Ratings:
    """MovieLens 1M: ``ratings.dat``, ``movies.dat`` and ``users.dat`` in ``ml_1m/`` or ``ml-1m/``, else the published
    archive, fetched and verified.

    Raises:
        DataError: when it cannot be had, or is no such file.
    """
    folders = [data_dir / name for name in ("ml_1m", "ml-1m") if (data_dir / name / "ratings.dat").exists()]
    if folders:
        tables = {name: _dat(folders[0] / f"{name}.dat", str(folders[0])) for name in _FILES}
    else:
        path = MILLION.ready(data_dir)
        with zipfile.ZipFile(path) as archive:
            tables = {name: _dat(archive.open(f"ml-1m/{name}.dat"), str(path)) for name in _FILES}
    users = tables["users"].rename(columns={"job": "occupation"})
    return Ratings(tables["ratings"], tables["movies"], users)


def _dat(source: Path | IO[bytes], where: str) -> pd.DataFrame:
    """A file of rows whose cells are parted by ``::``, in Latin-1."""
    name = source.name.split("/")[-1].removesuffix(".dat")
    columns = _FILES[name].split()
    try:
        raw = source.read_bytes() if isinstance(source, Path) else source.read()
    except OSError as error:
        raise DataError(
            Fault(f"{where}/{name}.dat", "must be a readable file", error.strerror or str(error))
        ) from error
    lines = [line.split("::") for line in io.StringIO(raw.decode("latin-1")).read().splitlines() if line]
    if bad := [str(place) for place, line in enumerate(lines, start=1) if len(line) < len(columns)]:
        must = f"must hold lines of {len(columns)} cells parted by '::'"
        raise DataError(Fault(f"{where}/{name}.dat", must, f"line {', '.join(bad[:5])}"))
    table: pd.DataFrame = pd.DataFrame([line[: len(columns)] for line in lines], columns=columns, dtype=str)
    return table


def as_interactions(ratings: Ratings) -> Interactions:
    """Every rating as a taking, whatever its height, with titles and genres."""
    events = ratings.events
    users, items = numbered(events["user"]), numbered(events["item"])
    taken, counts, times = grouped(
        events["user"].map(users).to_numpy(np.int64) - 1,
        events["item"].map(items).to_numpy(np.int64),
        seconds(ratings),
        len(users),
    )
    films = ratings.items.set_index("item").reindex(list(items)).fillna("")
    titles = tuple(title or name for title, name in zip(films["title"], items, strict=True))
    attributes = described(titles, {"genre": list(films["genres"])})
    return Interactions(tuple(users), tuple(items), taken, counts, times, titles, attributes)


def seconds(ratings: Ratings) -> npt.NDArray[np.int64]:
    """(N,) when each rating was given, in seconds since 1970."""
    return ratings.events["timestamp"].astype(float).to_numpy(np.int64)
