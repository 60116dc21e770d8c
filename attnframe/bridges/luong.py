"""Luong's decoder: step, then attend."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.cache import Cache
from attnframe.attention.layer import Attention
from attnframe.bridges.attentional_state import AttentionalState
from attnframe.bridges.decoder_layer import RecurrentDecoderLayer
from attnframe.bridges.recurrence import Carried, Cell, Recurrence
from attnframe.bridges.recurrent_cache import RecurrentLayerCache
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Dense, Full, Mask


class Luong(RecurrentDecoderLayer):
    r"""Decoder whose new state asks (Luong, Pham and Manning 2015, https://arxiv.org/abs/1508.04025).

    .. math::
        h_t &= f(x_t, h_{t-1}) \qquad \text{or, fed with what it said, } f([x_t, \tilde{h}_{t-1}], h_{t-1}) \\
        c_t &= \mathrm{Attention}(h_t, \mathrm{context}) \\
        \tilde{h}_t &= \tanh(W_c [c_t, h_t])

    The paper's scores are `Dot`, `Bilinear` ("general") and `Additive` ("concat": W over the two joined is a W and a U
    over each); any cross attention serves. Local attention with monotonic alignment (local-m) sees the tokens of the
    context that stand within a window about the decoder's own position; beyond the context's end it sees none, and
    attends to 0.

    Args:
        attention: cross attention of width D, with a `context_dim`.
        cell: ``lstm`` as in the paper, or ``gru``.
        layers: recurrent layers, at least 1.
        input_feeding: whether the last attentional state is read with the next token; each step waits for the one
            before then, in training too.
        window: tokens of the context seen on each side of the decoder's position, at least 0; None for all (global
            attention).

    Raises:
        ConfigurationError: `attention` has no context, the cell is unknown or `window` is negative.
    """

    def __init__(
        self,
        attention: Attention,
        *,
        cell: Cell = "lstm",
        layers: int = 1,
        input_feeding: bool = False,
        window: int | None = None,
    ) -> None:
        dim = attention.dim
        super().__init__(attention, Recurrence(2 * dim if input_feeding else dim, dim, cell, layers=layers))
        if window is not None and window < 0:
            raise ConfigurationError(Fault("window (Luong)", "must be at least 0, or None for all", str(window)))
        self.state = AttentionalState(dim)
        self.input_feeding, self.window = input_feeding, window

    def forward(
        self,
        x: Tensor,
        context: Tensor | None,
        *,
        context_mask: Mask | None = None,
        cache: RecurrentLayerCache | None = None,
    ) -> Tensor:
        carried, projected = self._begin(x.shape[0], context, context_mask, cache)
        start = 0 if cache is None else cache.length
        if self.input_feeding:
            out, carried = self._fed(x, context, context_mask, projected, start, carried)
        else:
            states, carried = self.recurrence.run(x, carried)
            out = self._attend(states, context, context_mask, projected, start)
        if cache is not None:
            cache.state.write(x.shape[1], carried)
        return out

    def _fed(
        self, x: Tensor, context: Tensor | None, mask: Mask | None, projected: Cache, start: int, carried: Carried
    ) -> tuple[Tensor, Carried]:
        """Attentional states one after the other; the last one is carried on behind what the recurrence carries."""
        own = 1 if self.recurrence.cell == "gru" else 2
        said = carried[own] if len(carried) > own else torch.zeros_like(x[:, :1])
        carried, outputs = carried[:own], []
        for place, token in enumerate(x.split_with_sizes([1] * x.shape[1], dim=1), start=start):
            state, carried = self.recurrence.run(torch.cat([token, said], dim=-1), carried)
            said = self._attend(state, context, mask, projected, place)
            outputs.append(said)
        return torch.cat(outputs, dim=1), (*carried, said)

    def _attend(
        self, states: Tensor, context: Tensor | None, mask: Mask | None, projected: Cache, start: int
    ) -> Tensor:
        if self.window is not None:
            keys = projected.length if context is None else context.shape[1]
            places = torch.arange(start, start + states.shape[1], device=states.device)
            near = (places.view(-1, 1) - torch.arange(keys, device=states.device)).abs() <= self.window
            mask = Dense(near) & (Full() if mask is None else mask)
        attended = self.attention(states, context, mask=mask, cache=projected)
        out: Tensor = self.state(attended, states)
        return out

    def extra_repr(self) -> str:
        return f"input_feeding={self.input_feeding}, window={self.window}"
