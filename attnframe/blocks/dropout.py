"""Dropout as a module."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.attention.dropout import dropout


class Dropout(nn.Module):
    """`attnframe.attention.dropout.dropout` in training, nothing otherwise (Srivastava et al. 2014,
    https://jmlr.org/papers/v15/srivastava14a.html).

    Args:
        probability: of dropping an element, in [0, 1].

    Shapes: any to the same.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.probability, self.training)

    def extra_repr(self) -> str:
        return f"probability={self.probability}"
