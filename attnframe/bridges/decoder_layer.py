"""What recurrent decoders share: a recurrence that starts from the context and attends to it."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from attnframe.attention.cache import Cache, StaticCache
from attnframe.attention.layer import Attention
from attnframe.bridges.padding import valid_tokens
from attnframe.bridges.recurrence import Carried, Recurrence, RecurrentState
from attnframe.bridges.recurrent_cache import RecurrentLayerCache
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Mask


class RecurrentDecoderLayer(nn.Module, ABC):
    r"""Base of recurrent decoders with attention to a context: `Bahdanau` and `Luong`.

    The first state is made from the encoder's output at the first real token, which has read all the others where the
    encoder reads both ways (Bahdanau, Cho and Bengio 2015, https://arxiv.org/abs/1409.0473):

    .. math:: s_0 = \tanh(W_s h_1)

    The cell state of an LSTM starts at 0. Steps of decoding and the loop over a whole target project the context once.

    Args:
        attention: cross attention of width D, with a `context_dim`.
        recurrence: one way, of width D.

    Raises:
        ConfigurationError: `attention` has no context.
    """

    def __init__(self, attention: Attention, recurrence: Recurrence) -> None:
        super().__init__()
        if attention.context_dim is None:
            must = "must be cross attention, made with context_dim"
            raise ConfigurationError(Fault(f"attention ({type(self).__name__})", must, "self attention"))
        self.dim, self.context_dim = attention.dim, attention.context_dim
        self.attention = attention
        self.recurrence = recurrence
        self.start = nn.Linear(self.context_dim, recurrence.layers * recurrence.dim)

    @abstractmethod
    def forward(
        self,
        x: Tensor,
        context: Tensor | None,
        *,
        context_mask: Mask | None = None,
        cache: RecurrentLayerCache | None = None,
    ) -> Tensor:
        """Decode a sequence, or its next tokens.

        Args:
            x: (B, T, D) the tokens before those to be predicted; with `cache`, those after the tokens that it holds.
            context: (B, S, C); None when the cache has projected it.
            context_mask: `Padding` of the context, True = real token; None when all are real.
            cache: past to read and extend, from `new_cache`.

        Returns:
            (B, T, D).

        Raises:
            ConfigurationError: the context is missing at the first call.
            UnsupportedError: for a mask of another kind.
        """

    def new_cache(self, batch: int) -> RecurrentLayerCache:
        """An empty cache for `batch` sequences; its state is of constant size."""
        return RecurrentLayerCache(RecurrentState(), self.attention.new_cache(batch))

    def _begin(
        self, batch: int, context: Tensor | None, mask: Mask | None, cache: RecurrentLayerCache | None
    ) -> tuple[Carried, Cache]:
        """What the recurrence goes on with, and what holds the projected context."""
        projected = StaticCache(batch, differentiable=True) if cache is None else cache.attention
        if cache is not None and cache.length:
            return cache.state.carried, projected
        if context is None:
            must = "must be given before the first token"
            raise ConfigurationError(Fault(f"context ({type(self).__name__})", must, "None"))
        valid = valid_tokens(mask, context, self)
        if valid is None:
            first = context[:, 0]
        else:
            place = valid.int().argmax(1).view(-1, 1, 1).expand(-1, 1, context.shape[2])
            first = context.gather(1, place).squeeze(1)
        hidden = torch.tanh(self.start(first)).view(batch, self.recurrence.layers, -1)  # (B, layers, D)
        gru = self.recurrence.cell == "gru"
        return ((hidden,) if gru else (hidden, torch.zeros_like(hidden))), projected
