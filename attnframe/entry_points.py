"""The entry points that installed distributions declare, read from the disk once. Torch-free."""

from __future__ import annotations

import functools
import sys
from importlib.metadata import EntryPoint
from importlib.metadata import entry_points as read
from typing import Any


def entry_points(group: str) -> list[EntryPoint]:
    """Everything that is declared in a group, sorted by name.

    Args:
        group: e.g. ``attnframe.plugins``.
    """
    return sorted(_everything(tuple(sys.path)).select(group=group), key=lambda entry: (entry.name, entry.value))


def distribution_of(entry_point: EntryPoint) -> str:
    """The name of the distribution that declares an entry point. It opens the distribution's metadata, which is slow,
    so it is asked for only where the name is shown."""
    return entry_point.dist.name if entry_point.dist is not None else "unknown"


# Reading goes through every installed distribution, some 10 ms for a hundred of them. Python 3.10 has another type.
@functools.cache
def _everything(_path: tuple[str, ...]) -> Any:
    return read()
