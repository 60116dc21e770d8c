"""Global tokens."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from attnframe.masks.base import Indices
from attnframe.masks.counts import require_counts
from attnframe.masks.places import Placed
from attnframe.masks.reach import Ends, Reach


@dataclass(frozen=True, eq=False, repr=False)
class Global(Placed):
    """Global tokens may attend all tokens and be attended by all (Beltagy et al. 2020,
    https://arxiv.org/abs/2004.05150); join it with a local mask, as in ``Window(64, 64) | Global(1)``.

    allowed(q, k) = global(q) or global(k),  global(j) = place(j) < first_tokens or place(j) >= tokens - last_tokens

    Global are the first and last tokens of a row. With `Causal`, a global query sees what came before it, and its key
    is seen by all that come after it. Tokens before the first real one are seen by nobody.

    Args:
        first_tokens: global tokens at the beginning, at least 0.
        last_tokens: global tokens at the end, at least 0. Which these are changes with every new token, so a causal
            mask should have none.

    Raises:
        ConfigurationError: when a count is negative or no integer.
    """

    first_tokens: int
    last_tokens: int = 0

    def __post_init__(self) -> None:
        require_counts("Global", "tokens", {"first_tokens": self.first_tokens, "last_tokens": self.last_tokens})

    def allows(self, at: Indices) -> Tensor:
        query, key = self.place(at.batch, at.query_position), self.place(at.batch, at.key_position)
        seen = self._is_global(at.batch, at.key_position, key)
        sees = self._is_global(at.batch, at.query_position, query)
        return (seen | sees) & (key >= 0)

    def _is_global(self, batch: Tensor, position: Tensor, place: Tensor) -> Tensor:
        first = (place >= 0) & (place < self.first_tokens)
        if not self.last_tokens:
            return first
        tokens = self.tokens(batch, position)
        return first | ((place >= 0) & (place >= tokens - self.last_tokens) & (place < tokens))

    def query_run(self, tokens: int | None) -> int:
        if not self.last_tokens:
            return self.first_tokens
        return 1 if tokens is None else math.gcd(self.first_tokens, tokens - self.last_tokens)

    def tile_reach(self, causal: bool) -> Reach:
        return Ends(self.first_tokens, self.last_tokens, causal)
