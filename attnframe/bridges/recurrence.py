"""Recurrent layers: LSTM and GRU, one way or both ways."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, Literal, TypeAlias, get_args

import torch
from torch import Tensor, nn

from attnframe.bridges.padding import valid_tokens
from attnframe.bridges.sizes import check_channels
from attnframe.errors import ConfigurationError, Fault, UnsupportedError, did_you_mean
from attnframe.masks import Mask

Cell = Literal["lstm", "gru"]
Carried: TypeAlias = tuple[Tensor, ...]
"""What goes from token to token, each (B, layers, D): hidden state, and cell state of an LSTM."""


class RecurrentState:
    """What a recurrent layer keeps between steps of decoding; of constant size. No gradient flows into it.

    Attributes:
        length: tokens taken in so far.
        carried: tensors whose first axis is the batch; empty before the first token.
    """

    def __init__(self) -> None:
        self.length = 0
        self.carried: Carried = ()

    def write(self, count: int, carried: Carried) -> None:
        """Take in `count` tokens, after which the layer carries `carried`."""
        self.length += count
        self.carried = tuple(tensor.detach() for tensor in carried)

    def crop(self, length: int) -> None:
        """Forget every token after the first `length`.

        Raises:
            UnsupportedError: for anything but nothing and all.
        """
        if length not in (0, self.length):
            must = f"must be 0 or {self.length}, because a recurrent state cannot forget single tokens"
            raise UnsupportedError(Fault("length (RecurrentState.crop)", must, str(length), "Read the text afresh."))
        if length == 0:
            self.length, self.carried = 0, ()

    def reorder(self, indices: Tensor) -> None:
        """Let sequence i continue from what sequence `indices[i]` was (beam search); `indices` (B',) may repeat."""
        self.carried = tuple(tensor.index_select(0, indices) for tensor in self.carried)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(tensor.nbytes for tensor in self.carried)


class Recurrence(nn.Module):
    r"""Long short-term memory (Hochreiter and Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735) or gated
    recurrent units (Cho et al. 2014, https://arxiv.org/abs/1406.1078), one way or both ways.

    .. math:: h_t = f(x_t, h_{t-1}), \qquad \text{both ways: } h_t = [\overrightarrow{h}_t, \overleftarrow{h}_t]

    Both ways, each direction has half of the width and its own layers. Padding may stand anywhere: real tokens are read
    as if they stood side by side, and outputs at padding are 0.

    Args:
        input_dim: width of the inputs.
        dim: width D of the outputs.
        cell: ``lstm`` or ``gru``.
        layers: layers over one another, at least 1.
        bidirectional: whether the sequence is read from both ends; `dim` must be even then.

    Shapes: (B, T, input_dim) to (B, T, D).

    Raises:
        ConfigurationError: a size is out of range, or the cell is unknown.
    """

    def __init__(
        self, input_dim: int, dim: int, cell: Cell = "lstm", *, layers: int = 1, bidirectional: bool = False
    ) -> None:
        super().__init__()
        check_channels(type(self).__name__, input_dim=input_dim, dim=dim, layers=layers)
        if cell not in get_args(Cell):
            works = did_you_mean(cell, get_args(Cell))
            raise ConfigurationError(Fault("cell (Recurrence)", "must be a known cell", repr(cell), works))
        if bidirectional and dim % 2:
            must = "must be even, since each direction has half of it"
            raise ConfigurationError(Fault("dim (Recurrence)", must, str(dim), f"Use {dim + 1}, or one direction."))
        self.dim, self.cell, self.layers = dim, cell, layers
        kind = nn.LSTM if cell == "lstm" else nn.GRU
        width = dim // 2 if bidirectional else dim
        self.forwards = kind(input_dim, width, layers, batch_first=True)
        self.backwards = kind(input_dim, width, layers, batch_first=True) if bidirectional else None

    def forward(self, x: Tensor, *, mask: Mask | None = None, state: RecurrentState | None = None) -> Tensor:
        """Read a sequence, or its next tokens.

        Args:
            x: (B, T, input_dim).
            mask: `Padding`, True = real token; None when all are real.
            state: what was carried from the tokens before, extended by these; one way only, and without a mask.

        Returns:
            (B, T, D).

        Raises:
            UnsupportedError: for a mask of another kind, or a state that this layer cannot go on from.
        """
        valid = valid_tokens(mask, x, self)
        if state is not None:
            self._check_state(valid)
            out, carried = self.run(x, state.carried)
            state.write(x.shape[1], carried)
            return out
        return self._read(x) if valid is None else self._read_padded(x, valid)

    def run(self, x: Tensor, carried: Carried = ()) -> tuple[Tensor, Carried]:
        """Outputs (B, T, D) of the way forwards, and what is carried on, with gradients.

        Args:
            x: (B, T, input_dim).
            carried: from the call before; empty at the start.
        """
        first = tuple(tensor.transpose(0, 1).contiguous() for tensor in carried)
        if self.cell == "lstm":
            out, last = _through(self.forwards, x, first or None)
        else:
            out, hidden = _through(self.forwards, x, first[0] if first else None)
            last = (hidden,)
        return out, tuple(tensor.transpose(0, 1) for tensor in last)

    def _read(self, x: Tensor) -> Tensor:
        out: Tensor = _through(self.forwards, x)[0]
        if self.backwards is None:
            return out
        return torch.cat([out, _through(self.backwards, x.flip(1))[0].flip(1)], dim=-1)

    def _read_padded(self, x: Tensor, valid: Tensor) -> Tensor:
        hidden = ~valid.unsqueeze(-1)
        x = x.masked_fill(hidden, 0.0)
        order = torch.argsort(~valid, dim=1, stable=True)  # (B, T) places, real tokens first
        out = _in_order(self.forwards, x, order)
        if self.backwards is not None:
            count, place = valid.sum(1, keepdim=True), torch.arange(x.shape[1], device=x.device)
            turned = torch.where(place < count, count - 1 - place, place)
            out = torch.cat([out, _in_order(self.backwards, x, order.gather(1, turned))], dim=-1)
        return out.masked_fill(hidden, 0.0)

    def _check_state(self, valid: Tensor | None) -> None:
        if self.backwards is not None:
            must = "must be None when the sequence is read from both ends, whose past changes with every token"
            raise UnsupportedError(Fault("state (Recurrence)", must, "", "Use bidirectional=False."))
        if valid is not None:
            must = "must be None with a state, which would go on from padding"
            raise UnsupportedError(Fault("mask (Recurrence)", must, "", "Decode sequences without padding."))

    def extra_repr(self) -> str:
        return f"cell={self.cell!r}, layers={self.layers}, bidirectional={self.backwards is not None}"


def _through(layer: nn.RNNBase, x: Tensor, first: Any = None) -> tuple[Tensor, Any]:
    """What a layer of torch gives for x (B, T, input width), going on from `first`."""
    if not x.is_meta:
        half = x.device.type == "cpu" and torch.is_autocast_enabled("cpu")
        # Many processors have no recurrent layer in half precision; there it stays in that of its weights.
        if half:
            x, first = _as_weights(layer, x), _as_weights(layer, first)
        with torch.autocast("cpu", enabled=False) if half else nullcontext():
            given: tuple[Tensor, Any] = layer(x, first)
        return given
    # Without data torch would unroll the layer token by token, which takes seconds, and all is in the shapes.
    out = x.new_empty(*x.shape[:2], layer.hidden_size)
    last = x.new_empty(layer.num_layers, x.shape[0], layer.hidden_size)
    return out, (last, last) if isinstance(layer, nn.LSTM) else last


def _in_order(layer: nn.RNNBase, x: Tensor, order: Tensor) -> Tensor:
    """What a layer makes of x (B, T, D) read in an order (B, T) of places, each output at the place of its input."""
    out = _through(layer, x.gather(1, order.unsqueeze(-1).expand_as(x)))[0]
    return torch.zeros_like(out).scatter(1, order.unsqueeze(-1).expand_as(out), out)


def _as_weights(layer: nn.RNNBase, given: Any) -> Any:
    """A tensor, a tuple of tensors or None in the precision of the layer's weights."""
    if isinstance(given, tuple):
        return tuple(_as_weights(layer, one) for one in given)
    return None if given is None else given.to(next(layer.parameters()).dtype)
