"""Sentences with a tag for each token: where they come from, how they are parted and encoded, and the floor."""
