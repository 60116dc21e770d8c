"""Which items the true one is ranked against."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from attnframe_recommendation.data.interactions import Interactions

NEGATIVES: Final = 100
CHUNK: Final = 2048
"""Users whose negatives are drawn at a time."""


def drawn_negatives(
    data: Interactions,
    users: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64] | None,
    generator: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Items that each user never took, no item twice, drawn at random.

    Args:
        data: whole histories; nothing in them is drawn.
        users: (n,) whose.
        weights: (V,) how likely each item is drawn; None for all alike.
        generator: of the draws.

    Returns:
        (n, 100); 0 where a user has taken so much that fewer are left.
    """
    items = len(data.items)
    shares = None if weights is None else np.cumsum(weights) / weights.sum()
    of = np.repeat(np.arange(len(data.users)), data.counts)
    taken = np.sort(of * (items + 1) + data.taken)
    found = np.zeros((len(users), NEGATIVES), np.int64)
    for first in range(0, len(users), CHUNK):
        chunk = users[first : first + CHUNK]
        draws = _draws(len(chunk), items, shares, generator)
        good = _fresh(draws, chunk, taken, items)
        order = np.argsort(~good, axis=1, kind="stable")[:, :NEGATIVES]
        rows = np.take_along_axis(np.where(good, draws, 0), order, 1)
        found[first : first + CHUNK, : rows.shape[1]] = rows
    for row in np.flatnonzero((found == 0).any(1)):
        found[row] = _the_rest(found[row], users[row], data, generator)
    return found


def _draws(
    rows: int, items: int, shares: npt.NDArray[np.float64] | None, generator: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Twice as many items as are needed and some more, since some repeat or were taken."""
    shape = (rows, 2 * NEGATIVES + 20)
    if shares is None:
        return generator.integers(1, items + 1, shape)
    return np.minimum(np.searchsorted(shares, generator.random(shape), side="right") + 1, items)


def _fresh(
    draws: npt.NDArray[np.int64], users: npt.NDArray[np.int64], taken: npt.NDArray[np.int64], items: int
) -> npt.NDArray[np.bool_]:
    """Which draws are neither taken by their user nor a repetition in their row."""
    keys = users[:, None] * (items + 1) + draws
    at = np.minimum(np.searchsorted(taken, keys), len(taken) - 1)
    order = np.argsort(draws, axis=1, kind="stable")
    in_order = np.take_along_axis(draws, order, 1)
    repeated = np.zeros(draws.shape, np.bool_)
    np.put_along_axis(repeated, order[:, 1:], in_order[:, 1:] == in_order[:, :-1], 1)
    fresh: npt.NDArray[np.bool_] = (taken[at] != keys) & ~repeated
    return fresh


def _the_rest(
    row: npt.NDArray[np.int64], user: np.int64, data: Interactions, generator: np.random.Generator
) -> npt.NDArray[np.int64]:
    """A row filled up from what is left, in random order."""
    start = data.starts[user]
    used = np.concatenate([data.taken[start : start + data.counts[user]], row])
    left = generator.permutation(np.setdiff1d(np.arange(1, len(data.items) + 1), used))
    whole = np.concatenate([row[row > 0], left])[:NEGATIVES]
    return np.pad(whole, (0, NEGATIVES - len(whole)))
