"""Data of the recommendation plugin."""
