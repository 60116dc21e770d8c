"""The residual block of the Conformer: attention and convolution between two half feed-forward layers."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from attnframe.attention.dropout import add_dropped
from attnframe.attention.layer import Attention
from attnframe.blocks.convolution import ConvolutionModule
from attnframe.blocks.feed_forward import FeedForward
from attnframe.blocks.norm import Norm, make_norm
from attnframe.masks import Mask, key_padding


class ConformerBlock(nn.Module):
    r"""Block of Gulati et al. 2020 (https://arxiv.org/abs/2005.08100).

    .. math::
        x &\leftarrow x + \tfrac12 \mathrm{FeedForward}(\mathrm{norm}(x)) \\
        x &\leftarrow x + \mathrm{SelfAttention}(\mathrm{norm}(x)) \\
        x &\leftarrow x + \mathrm{Convolution}(\mathrm{norm}(x)) \\
        x &\leftarrow \mathrm{norm}(x + \tfrac12 \mathrm{FeedForward}(\mathrm{norm}(x)))

    Args:
        dim: width D.
        self_attention: layer over the sequence itself, not causal.
        convolution: layer over neighbours.
        first: feed-forward layer before them. second: the one after them.
        norm: kind of norm.
        dropout: probability of dropping an element of a branch's output in training, in [0, 1].

    Attributes:
        checkpointing: whether training keeps only the block's input and recomputes the rest in the backward pass;
            `checkpoint_activations` sets it.
    """

    def __init__(
        self,
        dim: int,
        self_attention: Attention,
        convolution: ConvolutionModule,
        first: FeedForward,
        second: FeedForward,
        *,
        norm: Norm = "layer",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.first_norm, self.first = make_norm(norm, dim), first
        self.self_norm, self.self_attention = make_norm(norm, dim), self_attention
        self.convolution_norm, self.convolution = make_norm(norm, dim), convolution
        self.second_norm, self.second = make_norm(norm, dim), second
        self.final_norm = make_norm(norm, dim)
        self.dropout = dropout
        self.checkpointing = False

    def forward(self, x: Tensor, *, mask: Mask | None = None, positions: Tensor | None = None) -> Tensor:
        """Apply the block.

        Args:
            x: (B, T, D).
            mask: who may see whom in attention; what its `Padding` terms leave out, the convolution takes for 0.
            positions: (B or 1, T) positions of x; None for 0..T-1.

        Returns:
            (B, T, D).
        """
        if self.checkpointing and torch.is_grad_enabled():
            out: Tensor = checkpoint(self._run, x, mask, positions, use_reentrant=False)
            return out
        return self._run(x, mask, positions)

    def _run(self, x: Tensor, mask: Mask | None, positions: Tensor | None) -> Tensor:
        padding = None if mask is None else key_padding(mask)
        x = self._joined(x, self.first(self.first_norm(x)), 0.5)
        x = self._joined(x, self.self_attention(self.self_norm(x), mask=mask, positions=positions))
        x = self._joined(x, self.convolution(self.convolution_norm(x), None if padding is None else padding.valid))
        x = self._joined(x, self.second(self.second_norm(x)), 0.5)
        out: Tensor = self.final_norm(x)
        return out

    def _joined(self, x: Tensor, branch: Tensor, scale: float = 1.0) -> Tensor:
        return add_dropped(x, branch, self.dropout, self.training, scale)

    def extra_repr(self) -> str:
        return f"dropout={self.dropout}, checkpointing={self.checkpointing}"
