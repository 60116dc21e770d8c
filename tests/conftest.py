"""Shared by all tests: one thread a process, so that workers beside one another neither fight for cores nor change sums."""

import os

os.environ["OMP_NUM_THREADS"] = "1"
