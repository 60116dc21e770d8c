"""Checks of the whole numbers that masks are made of."""

from __future__ import annotations

from collections.abc import Mapping

from attnframe.errors import ConfigurationError, Fault


def require_counts(mask: str, unit: str, counts: Mapping[str, int], *, at_least: int = 0) -> None:
    """Hold the counts of a mask when it is made.

    Args:
        mask: its class.
        unit: what is counted, as in "a count of blocks".
        counts: by the name of the argument.
        at_least: the least count.

    Raises:
        ConfigurationError: naming every one that is no whole number or too small.
    """
    faults = [
        Fault(f"{mask}.{name}", f"must be a count of {unit}, at least {at_least}", repr(count))
        for name, count in counts.items()
        if not isinstance(count, int) or isinstance(count, bool) or count < at_least
    ]
    if faults:
        raise ConfigurationError(faults)
