"""statsmodels' series of the US economy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from attnframe_timeseries.data.table import Table


def read_macrodata() -> Table:
    """The 203 quarters of 12 series that statsmodels ships."""
    from statsmodels.datasets import macrodata

    found = macrodata.load_pandas().data
    channels = tuple(name for name in found.columns if name not in ("year", "quarter"))
    times = pd.date_range(f"{int(found['year'].iloc[0])}-01-01", periods=len(found), freq="QS")
    return Table(times, channels, found[list(channels)].to_numpy(np.float64))
