"""The floor: an interpolated n-gram model of tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, Any]
CHUNK: Final = 1 << 20
"""Tokens scored at a time."""


@dataclass(frozen=True)
class _Order:
    """Counts of one order. A history and its next token are one number, history x V + token, and the place of that
    number in `pairs` is the history of the next order: so no number grows beyond tokens x V, whatever the order."""

    pairs: Array
    counts: Array
    totals: Array
    kinds: Array


class WittenBell:
    r"""Interpolated n-gram model with the smoothing of Witten and Bell (1991), from the uniform distribution up.

    .. math:: P(w \mid h) = \frac{c(hw) + T(h)\, P(w \mid h')}{c(h) + T(h)}

    with c counts in the training tokens, T(h) the number of different tokens after h, h' the history without its
    oldest token, and 1 / V below the unigram. A history never seen leaves it at P(w | h').

    Args:
        order: longest n-gram n, at least 1.
        vocabulary_size: V.
        tokens: training tokens (N,).
    """

    def __init__(self, order: int, vocabulary_size: int, tokens: Array) -> None:
        self.order, self.vocabulary_size = order, vocabulary_size
        self.orders: list[_Order] = []
        tokens = tokens.astype(np.int64)
        history = np.zeros(len(tokens), np.int64)
        for _ in range(order):
            valid = history >= 0
            keys, place, counts = np.unique(
                history[valid] * vocabulary_size + tokens[valid], return_inverse=True, return_counts=True
            )
            owners = keys // vocabulary_size
            size = int(owners[-1]) + 1 if len(owners) else 0
            totals = np.bincount(owners, counts, size).astype(np.int64)
            self.orders.append(_Order(keys, counts, totals, np.bincount(owners, minlength=size)))
            places = np.full(len(tokens), -1)
            places[valid] = place
            history = _after(places)

    def nats(self, tokens: Array) -> Iterator[Array]:
        """Negative log-likelihood of each token (M,), given those before it in `tokens`; float64, in chunks."""
        for start in range(0, len(tokens), CHUNK):
            before = min(start, self.order - 1)
            yield self._nats(tokens[start - before : start + CHUNK].astype(np.int64))[before:]

    def _nats(self, tokens: Array) -> Array:
        probability = np.full(len(tokens), 1 / self.vocabulary_size)
        history = np.zeros(len(tokens), np.int64)
        for order in self.orders:
            places, counts = np.full(len(tokens), -1), np.zeros(len(tokens), np.int64)
            # A history may have been seen only at the very end of the training tokens, with nothing after it.
            known = np.flatnonzero((history >= 0) & (history < len(order.totals)))
            if len(known):
                keys = history[known] * self.vocabulary_size + tokens[known]
                place = np.minimum(np.searchsorted(order.pairs, keys), len(order.pairs) - 1)
                seen = order.pairs[place] == keys
                places[known[seen]] = place[seen]
                counts[known[seen]] = order.counts[place[seen]]
                total, kinds = order.totals[history[known]], order.kinds[history[known]]
                mixed = (counts[known] + kinds * probability[known]) / np.maximum(total + kinds, 1)
                probability[known] = np.where(total > 0, mixed, probability[known])
            history = _after(places)
        nats: Array = -np.log(probability)
        return nats


def _after(places: Array) -> Array:
    """The history of each position: the n-gram that ends just before it; -1 at the start, where there is none."""
    return np.concatenate([[-1], places[:-1]]) if len(places) else places
