"""Reading, splitting, caching and augmenting pictures."""
