"""The files of SASRec and S3-Rec: Amazon's reviews as plain numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe_recommendation.data.interactions import Attributes, Interactions, grouped

GAMES: Final = PublishedFile(
    "sasrec_games",
    "https://raw.githubusercontent.com/kang205/SASRec/e3738967fddab206d6eeb4fda433e7a7034dd8b1/data/Video.txt",
    "b7376fe24430743f411dc7f567285657b2adb3f74361cc7ba0aee94f3024b651",
    "sasrec_games/Video.txt",
)
_S3REC: Final = (
    "https://raw.githubusercontent.com/RUCAIBox/CIKM2020-S3Rec/2a81540ae18615d88ef88227b0c066e5b74781e5/data"
)
BEAUTY: Final = PublishedFile(
    "s3rec_beauty",
    f"{_S3REC}/Beauty.txt",
    "226cce9c3105299ca0db9615d7d3fb32b3175e90da43100ae352599f0f0107b8",
    "s3rec_beauty/Beauty.txt",
)
BEAUTY_ATTRIBUTES: Final = PublishedFile(
    "s3rec_beauty",
    f"{_S3REC}/Beauty_item2attributes.json",
    "129e40f67486f6877eff0f5318cfa8530ee8ac23d8b0d1de04e1bb7a2ba0b2d4",
    "s3rec_beauty/Beauty_item2attributes.json",
)


def read_games(data_dir: Path) -> Interactions:
    """SASRec's file, fetched and verified. Raises DataError when it cannot be had."""
    return read_pairs(GAMES.ready(data_dir))


def read_beauty(data_dir: Path) -> Interactions:
    """S3-Rec's files, fetched and verified. Raises DataError when they cannot be had."""
    return read_lists(BEAUTY.ready(data_dir), BEAUTY_ATTRIBUTES.ready(data_dir))


def read_pairs(path: Path) -> Interactions:
    """A file of lines ``user item`` in the order of time; both are whole numbers from 1.

    Raises:
        DataError: when it is no such file.
    """
    try:
        pairs = np.array(path.read_text(encoding="ascii").split(), dtype=np.int64).reshape(-1, 2)
    except (UnicodeDecodeError, ValueError) as error:
        raise DataError(Fault(str(path), "must hold lines 'user item' of whole numbers", str(error))) from error
    users, of = np.unique(pairs[:, 0], return_inverse=True)
    items, numbers = np.unique(pairs[:, 1], return_inverse=True)
    taken, counts, _ = grouped(of, numbers.astype(np.int64) + 1, None, len(users))
    return Interactions(tuple(map(str, users.tolist())), tuple(map(str, items.tolist())), taken, counts)


def read_lists(path: Path, attributes: Path) -> Interactions:
    """A file of lines ``user item item ...`` in the order of time, and a JSON object from items to their attributes.

    Raises:
        DataError: when they are no such files.
    """
    try:
        lines = [[int(number) for number in line.split()] for line in path.read_text(encoding="ascii").splitlines()]
        described = {int(item): found for item, found in json.loads(attributes.read_text(encoding="utf-8")).items()}
    except (UnicodeDecodeError, ValueError) as error:
        must = "must hold lines 'user item item ...' of whole numbers, beside a JSON object of attributes"
        raise DataError(Fault(str(path), must, str(error))) from error
    lines = [line for line in lines if line]
    items, numbers = np.unique([item for line in lines for item in line[1:]], return_inverse=True)
    of_item = tuple(tuple(described.get(item, ())) for item in items.tolist())
    names = tuple(
        f"attribute {number}" for number in range(1, max((max(a, default=0) for a in of_item), default=0) + 1)
    )
    return Interactions(
        users=tuple(str(line[0]) for line in lines),
        items=tuple(map(str, items.tolist())),
        taken=numbers.astype(np.int64) + 1,
        counts=np.array([len(line) - 1 for line in lines], np.int64),
        attributes=Attributes(names, of_item),
    )
