"""Attention pooling."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.normalisers import Softmax
from attnframe.bridges.padding import valid_tokens
from attnframe.bridges.sizes import check_channels
from attnframe.masks import Mask


class AttentionPooling(nn.Module):
    r"""One vector of many by a learned question (Yang et al. 2016, https://aclanthology.org/N16-1174).

    .. math:: u_t = \tanh(W h_t + b), \qquad \alpha = \mathrm{softmax}_t(u_t^\top u), \qquad s = \sum_t \alpha_t h_t

    The context vector u asks "which of these tells most?". It is additive attention (Bahdanau et al. 2015) with one
    query that is learned.

    Args:
        dim: width D.
        hidden_dim: width A of u; None for D.

    Shapes: (B, T, D) to (B, D).

    Raises:
        ConfigurationError: a size is below 1.
    """

    def __init__(self, dim: int, hidden_dim: int | None = None) -> None:
        super().__init__()
        hidden = dim if hidden_dim is None else hidden_dim
        check_channels(type(self).__name__, dim=dim, hidden_dim=hidden)
        self.hidden = nn.Linear(dim, hidden)
        self.context = nn.Parameter(torch.empty(hidden))
        self.normaliser = Softmax()
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw u uniformly with variance 1 / A."""
        bound = (3 / self.context.shape[0]) ** 0.5
        nn.init.uniform_(self.context, -bound, bound)

    def forward(self, x: Tensor, *, mask: Mask | None = None) -> Tensor:
        """Pool.

        Args:
            x: (B, T, D).
            mask: `Padding`, True = real token; None when all are real.

        Returns:
            (B, D), exactly 0 where no token is real.

        Raises:
            UnsupportedError: for a mask of another kind.
        """
        valid = valid_tokens(mask, x, self)
        if valid is not None:
            x = x.masked_fill(~valid.unsqueeze(-1), 0.0)
        return (self._weights(x, valid).unsqueeze(1) @ x).squeeze(1)

    def weights(self, x: Tensor, *, mask: Mask | None = None) -> Tensor:
        """The weights (B, T) that `forward` pools with; 0 at padding."""
        return self._weights(x, valid_tokens(mask, x, self))

    def segments(self, x: Tensor, index: Tensor, count: int) -> Tensor:
        """Pool sequences that lie end to end, or in any order.

        Args:
            x: (N, D) tokens of all sequences.
            index: (N,) int64 which sequence each is of, in [0, count).
            count: sequences B.

        Returns:
            (B, D), exactly 0 for a sequence without a token.
        """
        weights = self.segment_weights(x, index, count)
        return x.new_zeros(count, x.shape[1]).index_add(0, index, weights.unsqueeze(1) * x)

    def segment_weights(self, x: Tensor, index: Tensor, count: int) -> Tensor:
        """The weights (N,) that `segments` pools with."""
        scores = torch.tanh(self.hidden(x)) @ self.context
        return self.normaliser.segments(scores.unsqueeze(1), index, count).squeeze(1)

    def _weights(self, x: Tensor, valid: Tensor | None) -> Tensor:
        return self.normaliser.dense(torch.tanh(self.hidden(x)) @ self.context, valid)
