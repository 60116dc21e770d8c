"""Layers of other libraries, one module a package, found by scanning.

A module imports its package when a peer is built.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Sequence

from attnframe.bench.peers.base import Peer


def peers_of(families: Sequence[str]) -> dict[str, list[Peer]]:
    """Every peer of the families asked for, by family.

    Args:
        families: names of modules of this package.
    """
    return {family: _defined_in(family) for family in families}


def _defined_in(family: str) -> list[Peer]:
    module = importlib.import_module(f"{__name__}.{family}")
    classes = [value for value in vars(module).values() if inspect.isclass(value) and issubclass(value, Peer)]
    return [cls() for cls in classes if cls.__module__ == module.__name__ and not inspect.isabstract(cls)]
