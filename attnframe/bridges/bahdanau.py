"""Bahdanau's decoder: attend, then step."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.layer import Attention
from attnframe.bridges.decoder_layer import RecurrentDecoderLayer
from attnframe.bridges.recurrence import Cell, Recurrence
from attnframe.bridges.recurrent_cache import RecurrentLayerCache
from attnframe.masks import Mask


class Bahdanau(RecurrentDecoderLayer):
    r"""Decoder whose state asks before it reads the next token (Bahdanau, Cho and Bengio 2015,
    https://arxiv.org/abs/1409.0473).

    .. math::
        c_t &= \mathrm{Attention}(s_{t-1}, \mathrm{context}) \\
        s_t &= f([x_t, c_t], s_{t-1}) \\
        y_t &= \mathrm{maxout}(W_o [s_t, x_t, c_t])

    with s of the top layer. Each step waits for the one before, in training too. The paper's score is `Additive`
    (``attention.score=additive`` where a variant has the field); any cross attention serves.

    Args:
        attention: cross attention of width D, with a `context_dim`.
        cell: ``gru`` as in the paper, or ``lstm``.
        layers: recurrent layers, at least 1.

    Raises:
        ConfigurationError: `attention` has no context, or the cell is unknown.
    """

    def __init__(self, attention: Attention, *, cell: Cell = "gru", layers: int = 1) -> None:
        dim = attention.dim
        super().__init__(attention, Recurrence(2 * dim, dim, cell, layers=layers))
        self.deep_output = nn.Linear(3 * dim, 2 * dim)

    def forward(
        self,
        x: Tensor,
        context: Tensor | None,
        *,
        context_mask: Mask | None = None,
        cache: RecurrentLayerCache | None = None,
    ) -> Tensor:
        carried, projected = self._begin(x.shape[0], context, context_mask, cache)
        joined = []
        for token in x.split_with_sizes([1] * x.shape[1], dim=1):
            asking = carried[0][:, -1:]  # (B, 1, D), the top layer's hidden state
            attended = self.attention(asking, context, mask=context_mask, cache=projected)
            state, carried = self.recurrence.run(torch.cat([token, attended], dim=-1), carried)
            joined.append(torch.cat([state, token, attended], dim=-1))
        if cache is not None:
            cache.state.write(x.shape[1], carried)
        hidden: Tensor = self.deep_output(torch.cat(joined, dim=1))  # (B, T, 2 D)
        return hidden.view(*x.shape, 2).amax(-1)
