"""Text data: sources of text, cached tokens, windows, and the floor."""
