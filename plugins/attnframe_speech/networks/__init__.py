"""Networks over frames."""
