"""Mean pooling."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.bridges.padding import valid_tokens
from attnframe.masks import Mask


class MeanPooling(nn.Module):
    """One vector of many, all weighing the same: the control of `AttentionPooling` (HN-AVE of Yang et al. 2016,
    https://aclanthology.org/N16-1174).

    Shapes: (B, T, D) to (B, D).
    """

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
        if valid is None:
            return x.mean(1)
        total = x.masked_fill(~valid.unsqueeze(-1), 0.0).sum(1)
        return total / valid.sum(1, keepdim=True).clamp(min=1)

    def weights(self, x: Tensor, *, mask: Mask | None = None) -> Tensor:
        """The weights (B, T) that `forward` pools with: all alike, 0 at padding."""
        valid = valid_tokens(mask, x, self)
        real = x.new_ones(x.shape[:2]) if valid is None else valid.to(x.dtype)
        return real / real.sum(1, keepdim=True).clamp(min=1)
