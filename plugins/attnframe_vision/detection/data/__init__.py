"""Reading, splitting, caching and augmenting pictures with boxes."""
