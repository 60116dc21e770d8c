"""The check of sizes that the bridges share."""

from __future__ import annotations

from attnframe.errors import ConfigurationError, Fault


def check_channels(where: str, **sizes: int) -> None:
    """Refuse sizes below 1.

    Args:
        where: the class that takes them.
        sizes: argument to size.

    Raises:
        ConfigurationError: naming each size that is below 1.
    """
    found = [Fault(f"{name} ({where})", "must be at least 1", str(size)) for name, size in sizes.items() if size < 1]
    if found:
        raise ConfigurationError(found)
