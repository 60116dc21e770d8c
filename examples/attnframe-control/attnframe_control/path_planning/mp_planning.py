"""The files of the motion planning dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from attnframe.plugin.published import PublishedFile
from attnframe_control.path_planning.maps import MapSet

ADDRESS: Final = (
    "https://raw.githubusercontent.com/omron-sinicx/planning-datasets/a982a041181ea8dec7746b351810587d304c7949/data/mpd"
)
CHECKSUMS: Final = {
    "mazes": "8153402e23dc20098d4f4135de34b5c88316b36e56f5d0c8d59410307499b426",
    "gaps_and_forest": "5e70877db317fd8c1d697015d8886cf11793664e43c61fb20477d5b41bfa2775",
}
FILES: Final = {
    name: PublishedFile(
        "mp_planning", f"{ADDRESS}/{name}_032_moore_c8.npz", checksum, f"mp_planning/{name}_032_moore_c8.npz"
    )
    for name, checksum in CHECKSUMS.items()
}
ARRAYS: Final = 4
"""Arrays of each part: maps, goals, policies and distances; the last two are found again by search."""


def read_environment(data_dir: Path, environment: str) -> tuple[MapSet, MapSet, MapSet]:
    """Training, validation and test maps.

    Raises:
        DataError: when the file is missing or differs.
    """
    with np.load(FILES[environment].ready(data_dir)) as arrays:
        train, val, test = (
            MapSet(arrays[f"arr_{first}"] > 0, arrays[f"arr_{first + 1}"][:, 0] > 0)
            for first in range(0, 3 * ARRAYS, ARRAYS)
        )
    return train, val, test
