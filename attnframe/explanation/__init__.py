"""Explaining a prediction by the attention behind it, and holding the explanation to its word."""
