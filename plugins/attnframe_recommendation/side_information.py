"""What is said of items, fused by attention."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.masks import Padding
from attnframe.recipes.attention.base import AttentionVariant

MOST_TOKENS = 24
"""Tokens of an item that are read, the first ones."""


class AttributeTable(nn.Module):
    """Vectors of the tokens that describe each item.

    Args:
        names: number of tokens A. of_item: numbers from 1 of each item's tokens, one text an item.
        dim: width D.
    """

    tokens: Tensor

    def __init__(self, names: int, of_item: Sequence[str], dim: int) -> None:
        super().__init__()
        found = [[0], *([int(token) for token in line.split()[:MOST_TOKENS]] or [0] for line in of_item)]
        width = max(len(row) for row in found)
        self.register_buffer("tokens", torch.tensor([r + [0] * (width - len(r)) for r in found]), persistent=False)
        self.vectors = nn.Embedding(names + 1, dim, padding_idx=0)
        nn.init.normal_(self.vectors.weight, std=0.02)
        with torch.no_grad():
            self.vectors.weight[0].zero_()

    def each(self, items: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors (n, S, D) of the tokens of items (n,), and which of them are real (n, S)."""
        tokens = self.tokens[items]
        return self.vectors(tokens), tokens > 0

    def mean(self, items: Tensor) -> Tensor:
        """The mean (..., D) of the vectors of each item's tokens; 0 without any."""
        found: Tensor = F.embedding_bag(
            self.tokens[items.flatten()], self.vectors.weight, mode="mean", padding_idx=0
        ).view(*items.shape, -1)
        return found


class FieldFusion(nn.Module):
    """An item's vector plus what it attends among the tokens that describe it (FDSA, Zhang et al. 2019,
    https://doi.org/10.24963/ijcai.2019/600, weighs an item's features so).

    Args:
        table: of the tokens.
        attention: variant; it must serve cross attention with padding.
        dim: width D.
    """

    def __init__(self, table: AttributeTable, attention: AttentionVariant, dim: int) -> None:
        super().__init__()
        self.table = table
        self.attention = attention.build(dim, context_dim=dim)

    def forward(self, items: Tensor, vectors: Tensor) -> Tensor:
        """The fused vectors (n, D) of items (n,) whose own vectors (n, D) are given."""
        described, real = self.table.each(items)
        found: Tensor = self.attention(vectors.unsqueeze(1), described, mask=Padding(real))
        return vectors + found.squeeze(1)
