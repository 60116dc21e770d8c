"""Networks of time series: from a lookback to a horizon, and from a series to one vector."""
