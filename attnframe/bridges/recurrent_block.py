"""The recurrent block: states that attend over one another."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.attention.dropout import add_dropped
from attnframe.attention.layer import Attention
from attnframe.blocks import Norm, make_norm
from attnframe.bridges.attentional_state import AttentionalState
from attnframe.bridges.recurrence import Cell, Recurrence, RecurrentState
from attnframe.bridges.recurrent_cache import RecurrentLayerCache
from attnframe.masks import Mask


class RecurrentBlock(nn.Module):
    r"""Residual block of a recurrent layer whose states attend over one another: recurrent language models with
    attention over their past (Daniluk et al. 2017, https://arxiv.org/abs/1702.04521), by Luong's attentional state.

    .. math::
        h &= \mathrm{Recurrence}(\mathrm{norm}(x)) \\
        x &\leftarrow x + \tanh(W_c [\mathrm{SelfAttention}(h), h])

    Causal attention reads one way, from left to right; other attention both ways.

    Args:
        dim: width D; even where attention is not causal.
        attention: layer over the states.
        cell: ``lstm`` or ``gru``.
        norm: kind of norm before the recurrence.
        dropout: probability of dropping an element of the branch's output in training, in [0, 1].

    Raises:
        ConfigurationError: the cell is unknown, or the width is odd where it must be halved.
    """

    def __init__(
        self, dim: int, attention: Attention, *, cell: Cell = "lstm", norm: Norm = "layer", dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.norm = make_norm(norm, dim)
        self.recurrence = Recurrence(dim, dim, cell, bidirectional=not attention.causal)
        self.attention = attention
        self.state = AttentionalState(dim)
        self.dropout = dropout

    def forward(
        self,
        x: Tensor,
        *,
        mask: Mask | None = None,
        positions: Tensor | None = None,
        cache: RecurrentLayerCache | None = None,
    ) -> Tensor:
        """Apply the block.

        Args:
            x: (B, T, D).
            mask: `Padding`, True = real token; None when all are real.
            positions: (B or 1, T) or (B or 1, T, C) positions of x for the attention; None counts on from the cache's
                length, or from 0.
            cache: past to read and extend, without a mask.

        Returns:
            (B, T, D).
        """
        state, past = (None, None) if cache is None else (cache.state, cache.attention)
        states = self.recurrence(self.norm(x), mask=mask, state=state)
        branch: Tensor = self.state(self.attention(states, mask=mask, positions=positions, cache=past), states)
        return add_dropped(x, branch, self.dropout, self.training)

    def new_cache(self, batch: int, max_length: int | None = None) -> RecurrentLayerCache:
        """An empty cache.

        Args:
            batch: sequences B.
            max_length: most tokens it will hold; None lets it grow.

        Raises:
            UnsupportedError: when the attention is not causal.
        """
        return RecurrentLayerCache(RecurrentState(), self.attention.new_cache(batch, max_length))

    def extra_repr(self) -> str:
        return f"dropout={self.dropout}"
