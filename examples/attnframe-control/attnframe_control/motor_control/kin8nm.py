"""The file of kin8nm."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from attnframe.plugin.published import PublishedFile
from attnframe_control.motor_control.table import Table

FILE: Final = PublishedFile(
    "kin8nm",
    "https://raw.githubusercontent.com/cambridge-mlg/sghmc_dgp/eecd078261def51bd6fda73ebd2b356edf03e17e/data/kin8nm.csv",
    "584f8758d3c23f46638f36cf77f8da6238a4bfe1e7cb2695c58e19d662c5bab4",
    "kin8nm/kin8nm.csv",
)
FEATURES: Final = tuple(f"theta{number + 1}" for number in range(8))


def read_kin8nm(data_dir: Path) -> Table:
    """The 8,192 rows; the file has no line of names.

    Raises:
        DataError: when the file is missing or differs.
    """
    rows = np.loadtxt(FILE.ready(data_dir), delimiter=",")
    return Table(FEATURES, "distance", rows[:, :8], rows[:, 8])
