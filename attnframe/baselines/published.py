"""What was published for a command, if it is that of a registered baseline. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence

from attnframe.baselines.definition import Definition, definitions

NO_MATTER = ("seed=", "data.fold=", "hydra.", "control=", "floor=", "trainer.progress=", "data_dir=", "logger=")
"""Beginnings of overrides that change nothing of what a published number is compared with."""


def published_for(overrides: Sequence[str]) -> list[str]:
    """The published numbers beside a run, in words, with its protocol; empty when its command is not registered.

    Args:
        overrides: of ``attnframe train`` as typed, in any order.
    """
    chosen = _mattering(overrides)
    fitting = [one for one in definitions().values() if one.published and _mattering(one.overrides) == chosen]
    return [_told(one) for one in fitting]


def _mattering(overrides: Sequence[str]) -> frozenset[str]:
    return frozenset(override for override in overrides if not override.startswith(NO_MATTER))


def _told(definition: Definition) -> str:
    return f"Published {definition.metric}: {definition.published_text}. Protocol here: {definition.protocol}."
