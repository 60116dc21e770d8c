"""Reading the pictures that a user wants predictions for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from attnframe.errors import DataError, Fault
from attnframe_vision.data.adapting import UNREADABLE, why_unreadable
from attnframe_vision.data.files import pictures_below

NAMED = 10
"""Broken pictures named in an error; the rest are counted."""


def read_pictures(source: str) -> Iterator[tuple[str, Image.Image]]:
    """Path and picture of a picture file, or of every picture below a folder, in the order of their names; opened one
    at a time.

    Raises:
        DataError: when there is none, or with every file that cannot be read; before the first picture is given.
    """
    root = Path(source)
    if not root.exists():
        raise DataError(Fault("input", "must be a picture or a folder of pictures that exists", source))
    faults: list[Fault] = []
    paths = list(pictures_below(root, "input", faults)) if root.is_dir() else [root]
    if not paths and not faults:
        faults.append(Fault("input", "must hold pictures", f"none below {source}"))
    broken = []
    for path in paths:
        try:
            with Image.open(path) as picture:
                picture.load()
        except UNREADABLE as error:
            broken.append(f"{path} ({why_unreadable(error)})")
    if broken:
        more = f" and {len(broken) - NAMED} more" if len(broken) > NAMED else ""
        got = f"{len(broken)} of {len(paths)} that cannot be read: " + ", ".join(broken[:NAMED]) + more
        faults.append(Fault("input", "must be pictures that can be read", got))
    if faults:
        raise DataError(faults)
    return _opened(paths)


def _opened(paths: list[Path]) -> Iterator[tuple[str, Image.Image]]:
    for path in paths:
        with Image.open(path) as picture:
            yield str(path), picture.copy()


def write_ramp(folder: Path, height: int, width: int) -> str:
    """Write a picture file with a grey ramp; its path."""
    path = folder / "ramp.png"
    Image.fromarray(np.tile(np.linspace(0, 255, width, dtype=np.uint8), (height, 1))).save(path)
    return str(path)
