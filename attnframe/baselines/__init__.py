"""Suites of baselines over tasks, variants and seeds, and the registry of recorded ones."""
