"""The exchange rates of Lai et al. (2018)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from attnframe.plugin.published import PublishedFile
from attnframe_timeseries.data.table import Table

FILE: Final = PublishedFile(
    "exchange_rate",
    "https://raw.githubusercontent.com/laiguokun/multivariate-time-series-data/"
    "7f402f185cc2435b5e66aed13a3b560ed142e023/exchange_rate/exchange_rate.txt.gz",
    "6a4fbb561dcdee43f071a83badbeec9223a335552278348656738b556f1c2e9d",
    "exchange_rate/exchange_rate.txt.gz",
)
CURRENCIES: Final = (
    "Australia", "United Kingdom", "Canada", "Switzerland", "China", "Japan", "New Zealand", "Singapore",
)  # fmt: skip
"""The columns, which have no names in the file, as the paper lists them."""


def read_exchange_rate(data_dir: Path) -> Table:
    """The table of rates; its file has no dates, so rows are numbered.

    Args:
        data_dir: root of the datasets.

    Raises:
        DataError: when the file differs or cannot be fetched.
    """
    values = pd.read_csv(FILE.ready(data_dir), header=None, compression="gzip").to_numpy(np.float64)
    return Table(pd.RangeIndex(len(values)), CURRENCIES, values)
