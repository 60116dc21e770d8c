"""Batch normalisation over the real positions of sequences."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SequenceBatchNorm(nn.Module):
    r"""Batch normalisation (Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167) of sequences of unequal lengths.

    .. math:: y = w \odot (x - \mu) / \sqrt{\sigma^2 + \epsilon} + b

    In training :math:`\mu` and :math:`\sigma^2` are those of all real positions of the batch; else they are running
    means of those. Padding takes no part, where torch's own layer would count it.

    Args:
        dim: width D of the last axis.
        momentum: weight of a new batch in the running means, in (0, 1].
        eps: term added to the variance; must be above 0.

    Shapes: (B, T, D) to (B, T, D).
    """

    mean: Tensor
    variance: Tensor

    def __init__(self, dim: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        self.momentum = momentum
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))
        self.bias = nn.Parameter(torch.zeros(dim))
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("variance", torch.ones(dim))

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        """Normalise.

        Args:
            x: (B, T, D).
            valid: (B, T) bool, False where x is padding; what stands there comes out as any value.
        """
        mean, variance = self._of_batch(x, valid) if self.training else (self.mean, self.variance)
        scale = self.weight * (variance + self.eps).rsqrt()
        return torch.addcmul(self.bias - mean * scale, x.to(scale.dtype), scale).to(x.dtype)

    def _of_batch(self, x: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        real = valid.unsqueeze(-1)
        count = real.sum().clamp(min=1)
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        mean = wide.where(real, 0.0).sum((0, 1)) / count
        variance = (wide - mean).square().where(real, 0.0).sum((0, 1)) / count
        with torch.no_grad():
            self.mean.lerp_(mean.to(self.mean.dtype), self.momentum)
            # The running variance is the unbiased one, as everywhere.
            unbiased = variance * (count / (count - 1).clamp(min=1))
            self.variance.lerp_(unbiased.to(self.variance.dtype), self.momentum)
        return mean, variance

    def extra_repr(self) -> str:
        return f"{self.weight.shape[0]}, momentum={self.momentum}, eps={self.eps}"
