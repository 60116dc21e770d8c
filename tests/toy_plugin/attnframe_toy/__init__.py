"""A small whole plugin for tests of training: which of four symbols is the most frequent in a sequence of twelve."""
