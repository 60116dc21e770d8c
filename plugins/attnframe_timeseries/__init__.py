"""Time series: forecasts, and labels for whole series."""
