"""What a configuration or a checkpoint may name. Torch-free.

Parts are selected by registry name, never by import path, so nothing that attnframe reads may carry Hydra's
``_target_``: the allow list is empty. Hydra's own block list lets calls like ``torch.hub.load`` pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attnframe.errors import Fault

ALLOWED_TARGETS: frozenset[str] = frozenset()
"""Import paths that a ``_target_`` may name."""


def target_faults(values: Any, where: str = "") -> list[Fault]:
    """A fault for each ``_target_`` in nested plain values that is not on the allow list.

    Args:
        values: nested mappings and lists.
        where: key or path that the values came from, to begin the texts with.
    """
    return [
        Fault(
            where_found,
            "must not name code to call: _target_ is outside the allow list",
            repr(target),
            "Select parts by their names, e.g. attention=gqa, optim.name=adamw.",
        )
        for where_found, target in _targets(values, where)
        if not (isinstance(target, str) and target in ALLOWED_TARGETS)
    ]


def _targets(values: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(values, Mapping):
        for key, value in values.items():
            inner = f"{where}.{key}" if where else str(key)
            if key == "_target_":
                yield inner, value
            yield from _targets(value, inner)
    elif isinstance(values, list | tuple):
        for index, value in enumerate(values):
            yield from _targets(value, f"{where}[{index}]")
