"""Attention of each query to blocks of keys of its own choice."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.chunks import Block, in_blocks
from attnframe.attention.mixer import share_heads
from attnframe.attention.normalisers import Softmax

FEW = 12
"""How many times the chosen keys all keys must be for gathering to be faster than products with all of them."""
CHUNK_BYTES = 2**25
"""Size that the gathered keys, or the scores, of some queries are held to."""


@dataclass(frozen=True)
class ChosenBlocks:
    """Blocks of keys that queries chose, and what a causal query sees of them.

    Args:
        index: (B, K, T, n) numbers of the blocks, each once; the query heads of a group share them.
        block: tokens of a block.
        place: (B or 1, T) place of each query.
        real: (B or 1, S) True for the places of real keys.
    """

    index: Tensor
    block: int
    place: Tensor
    real: Tensor

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Softmax attention (B, H, T, V) to the keys that are seen, 0 where there is none.

        Args:
            query: (B, H, T, E).
            key: (B, K, S, E). value: (B, K, S, V), both by place.
        """
        batch, groups, queries, number = self.index.shape
        keys, chosen = key.shape[2], number * self.block
        sparse = keys > FEW * chosen
        per_row = chosen * groups * (key.shape[3] + value.shape[3]) if sparse else keys * query.shape[1]
        size = max(1, CHUNK_BYTES // (per_row * batch * key.element_size()))
        parts = []
        for first in range(0, queries, size):
            last = min(queries, first + size)
            # The place of a key is at most its position, and that of the last query is the last key.
            parts.append(Block(slice(first, last), slice(0, keys - queries + last)))
        return in_blocks(self._among_few if sparse else self._among_all, query, key, value, parts, ())

    def weights(self, query: Tensor, key: Tensor) -> Tensor:
        """Weights (B, H, T, S) over the keys by place."""
        scores = query @ share_heads(query, key).mT * query.shape[3] ** -0.5
        return _SOFTMAX.dense(scores, share_heads(query, self._seen(slice(None), key.shape[2])))

    def _among_all(self, query: Tensor, key: Tensor, value: Tensor, rows: slice, columns: slice) -> Tensor:
        seen = share_heads(query, self._seen(rows, key.shape[2]))
        empty = ~seen.any(dim=-1, keepdim=True)
        shared = query.shape[1] != key.shape[1]
        out = F.scaled_dot_product_attention(query, key, value, attn_mask=seen | empty, enable_gqa=shared)
        return out.masked_fill(empty, 0.0)

    def _among_few(self, query: Tensor, key: Tensor, value: Tensor, rows: slice, columns: slice) -> Tensor:
        batch, heads, queries, width = query.shape
        groups, length = key.shape[1:3]
        index = (self.index[:, :, rows].unsqueeze(-1) * self.block + self._within).flatten(3)  # (B, K, t, s)
        place, real = self.place[:, None, rows, None], self.real[:, None, None, :length]
        seen = index <= place
        index = index.clamp(max=length - 1)
        seen = seen & real.expand(batch, groups, queries, -1).gather(3, index)
        row = torch.arange(batch * groups, device=index.device).view(batch, groups, 1, 1) * length
        flat = (index + row).flatten()
        keys, values = (
            x.flatten(0, 2).index_select(0, flat).view(-1, 1, index.shape[3], x.shape[3]) for x in (key, value)
        )
        asked = query.view(batch, groups, heads // groups, queries, width).transpose(2, 3).flatten(0, 2).unsqueeze(1)
        seen = seen.flatten(0, 2)[:, None, None]
        empty = ~seen.any(dim=-1, keepdim=True)
        out = F.scaled_dot_product_attention(asked, keys, values, attn_mask=seen | empty).masked_fill(empty, 0.0)
        return out.view(batch, groups, queries, heads // groups, -1).transpose(2, 3).flatten(1, 2)

    def _seen(self, rows: slice, length: int) -> Tensor:
        """(B, K, rows, length) True for the keys that some queries see."""
        index = self.index[:, :, rows]
        chosen = torch.zeros(
            *index.shape[:3], -(-self.real.shape[1] // self.block), dtype=torch.bool, device=index.device
        )
        tokens = chosen.scatter(3, index, True).repeat_interleave(self.block, dim=3)[..., :length]
        place = torch.arange(length, device=index.device)
        return tokens & (place <= self.place[:, None, rows, None]) & self.real[:, None, None, :length]

    @property
    def _within(self) -> Tensor:
        return torch.arange(self.block, device=self.index.device)


_SOFTMAX = Softmax()
