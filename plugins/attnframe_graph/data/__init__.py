"""Where graphs come from, and their data module."""
