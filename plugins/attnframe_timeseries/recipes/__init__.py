"""What configures data and models of the timeseries plugin. Torch-free."""
