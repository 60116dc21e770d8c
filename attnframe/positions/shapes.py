"""Checks of the positions that a scheme is handed."""

from __future__ import annotations

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault


def require_order(positions: Tensor, scheme: str, *, integer: bool = False) -> None:
    """Refuse positions that are no single number each.

    Args:
        positions: must be (B or 1, T).
        scheme: class that reads them, for the error.
        integer: whether they must be integers.

    Raises:
        ConfigurationError: when they have coordinates, or are real where integers must be.
    """
    if positions.dim() != 2:
        must = "must be one number each, of shape (B or 1, T)"
        works = "Hand in ids or times, or use a scheme that reads coordinates."
        raise ConfigurationError(Fault(f"positions ({scheme})", must, f"shape {tuple(positions.shape)}", works))
    if integer and positions.is_floating_point():
        works = "Use Timestamps for real ones."
        raise ConfigurationError(Fault(f"positions ({scheme})", "must be integers", str(positions.dtype), works))


def require_coordinates(positions: Tensor, count: int | None, scheme: str, works: str) -> None:
    """Refuse positions that do not have the coordinates that a scheme reads.

    Args:
        positions: must be (B or 1, T, count).
        count: coordinates C; None for any number.
        scheme: class that reads them, for the error.
        works: what makes such positions.

    Raises:
        ConfigurationError: when there are none, or another number.
    """
    if positions.dim() != 3 or count not in (None, positions.shape[2]):
        letters = "C" if count is None else str(count)
        must = f"must have coordinates, shape (B or 1, T, {letters})"
        raise ConfigurationError(Fault(f"positions ({scheme})", must, f"shape {tuple(positions.shape)}", works))
