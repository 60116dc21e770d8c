"""The files of the electricity transformers of Zhou et al. (2021)."""

from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe_timeseries.data.table import Table

ADDRESS: Final = (
    "https://raw.githubusercontent.com/zhouhaoyi/ETDataset/1d16c8f4f943005d613b5bc962e9eeb06058cf07/ETT-small"
)
FILES: Final = {
    "etth1": PublishedFile(
        "etth1",
        f"{ADDRESS}/ETTh1.csv",
        "f18de3ad269cef59bb07b5438d79bb3042d3be49bdeecf01c1cd6d29695ee066",
        "ett/ETTh1.csv",
    ),
    "ettm1": PublishedFile(
        "ettm1",
        f"{ADDRESS}/ETTm1.csv",
        "6ce1759b1a18e3328421d5d75fadcb316c449fcd7cec32820c8dafda71986c9e",
        "ett/ETTm1.csv",
    ),
}


def fetch(name: str, data_dir: Path) -> bytes:
    """The verified content of a file; a copy that was packed (``.gz``) is as good.

    Raises:
        DataError: naming the file that differs or cannot be fetched.
    """
    file = FILES[name]
    packed = data_dir / f"{file.place}.gz"
    if (data_dir / file.place).exists() or not packed.exists():
        return file.ready(data_dir).read_bytes()
    content = gzip.decompress(packed.read_bytes())
    got = hashlib.sha256(content).hexdigest()
    if got != file.sha256:
        works = f"Delete it and run attnframe download data={name}."
        must = f"must hold the published file (sha256 {file.sha256})"
        raise DataError(Fault(str(packed), must, f"sha256 {got}", works))
    return content


def read_ett(name: str, data_dir: Path) -> Table:
    """The table of a transformer.

    Args:
        name: ``etth1`` or ``ettm1``. data_dir: root of the datasets.

    Raises:
        DataError: when the file differs or cannot be fetched.
    """
    found = pd.read_csv(io.BytesIO(fetch(name, data_dir)), index_col=0)
    return Table(pd.to_datetime(found.index), tuple(found.columns), found.to_numpy(np.float64))
