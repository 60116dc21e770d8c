"""Recordings: where they come from, how they are read, split and changed at random."""
