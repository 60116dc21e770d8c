"""The residual block that every model is a stack of."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from attnframe.attention.cache import Cache
from attnframe.attention.dropout import add_dropped
from attnframe.attention.layer import Attention
from attnframe.blocks.feed_forward import FeedForward
from attnframe.blocks.norm import Norm, make_norm
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Mask


@dataclass(frozen=True)
class BlockCache:
    """What one block keeps between steps of decoding.

    Args:
        self_attention: the past of the sequence.
        cross_attention: the projected context, in blocks with cross attention.
        copies: sequences in a row that share each context, which is then held once: the hypotheses of a beam search.
    """

    self_attention: Cache
    cross_attention: Cache | None = None
    copies: int = 1

    @property
    def length(self) -> int:
        """Tokens taken in so far."""
        return self.self_attention.length

    @property
    def nbytes(self) -> int:
        """Bytes allocated."""
        return self.self_attention.nbytes + (0 if self.cross_attention is None else self.cross_attention.nbytes)

    def crop(self, length: int) -> None:
        """Forget every token after the first `length`; a context stays.

        Raises:
            UnsupportedError: when that past is no longer held; 0 always works.
        """
        self.self_attention.crop(length)

    def reorder(self, indices: Tensor) -> None:
        """Let sequence i continue from what sequence `indices[i]` was (beam search); `indices` (B',) may repeat.

        Raises:
            ConfigurationError: when sequences that share a context would continue from such as do not.
        """
        contexts = of_contexts(indices, self.copies)
        self.self_attention.reorder(indices)
        if self.cross_attention is not None:
            self.cross_attention.reorder(contexts)


def of_contexts(indices: Tensor, copies: int) -> Tensor:
    """Which context each group of sequences reads after a reordering.

    Args:
        indices: (B * copies,) sequence that each continues from.
        copies: sequences in a row that share a context.

    Returns:
        (B,) indices of contexts.

    Raises:
        ConfigurationError: when sequences of one group continue from several.
    """
    if copies == 1:
        return indices
    contexts = indices.view(-1, copies) // copies
    if bool((contexts != contexts[:, :1]).any()):
        must = f"must keep each {copies} sequences that share a context together"
        raise ConfigurationError(Fault("indices (BlockCache.reorder)", must, str(indices.tolist())))
    return contexts[:, 0]


class Block(nn.Module):
    r"""Pre-norm residual block (Xiong et al. 2020, https://arxiv.org/abs/2002.04745).

    .. math::
        x &\leftarrow x + \mathrm{SelfAttention}(\mathrm{norm}(x)) \\
        x &\leftarrow x + \mathrm{CrossAttention}(\mathrm{norm}(x), \mathrm{context}) \quad \text{where there is one} \\
        x &\leftarrow x + \mathrm{FeedForward}(\mathrm{norm}(x))

    Args:
        dim: width D.
        self_attention: layer over the sequence itself.
        feed_forward: position-wise layer.
        cross_attention: layer over a context; None for none.
        norm: kind of norm before each layer.
        dropout: probability of dropping an element of a branch's output in training, in [0, 1].

    Attributes:
        checkpointing: whether training keeps only the block's input and recomputes the rest in the backward pass;
            `checkpoint_activations` sets it.
    """

    def __init__(
        self,
        dim: int,
        self_attention: Attention,
        feed_forward: FeedForward,
        *,
        cross_attention: Attention | None = None,
        norm: Norm = "layer",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.self_norm = make_norm(norm, dim)
        self.self_attention = self_attention
        self.cross_norm = None if cross_attention is None else make_norm(norm, dim)
        self.cross_attention = cross_attention
        self.feed_forward_norm = make_norm(norm, dim)
        self.feed_forward = feed_forward
        self.dropout = dropout
        self.checkpointing = False

    def forward(
        self,
        x: Tensor,
        context: Tensor | None = None,
        *,
        mask: Mask | None = None,
        positions: Tensor | None = None,
        context_mask: Mask | None = None,
        cache: BlockCache | None = None,
    ) -> Tensor:
        """Apply the block.

        Args:
            x: (B, T, D).
            context: (B, S, C) that cross attention attends; (B / copies, S, C) with a cache that says so.
            mask: who may see whom in self attention; True means "may attend".
            positions: (B or 1, T) positions of x; None for 0..T-1, counted on from the cache's length.
            context_mask: likewise for cross attention.
            cache: past to read and extend.

        Returns:
            (B, T, D).
        """
        if self.checkpointing and cache is None and torch.is_grad_enabled():
            out: Tensor = checkpoint(self._run, x, context, mask, positions, context_mask, None, use_reentrant=False)
            return out
        return self._run(x, context, mask, positions, context_mask, cache)

    def _run(
        self,
        x: Tensor,
        context: Tensor | None,
        mask: Mask | None,
        positions: Tensor | None,
        context_mask: Mask | None,
        cache: BlockCache | None,
    ) -> Tensor:
        past = None if cache is None else cache.self_attention
        x = self._joined(x, self.self_attention(self.self_norm(x), mask=mask, positions=positions, cache=past))
        if self.cross_attention is not None and self.cross_norm is not None:
            asking = self.cross_norm(x)
            if cache is not None and cache.copies > 1:  # What shares a context asks together: no query sees another.
                asking = asking.reshape(-1, cache.copies * x.shape[1], x.shape[2])
            past = None if cache is None else cache.cross_attention
            told = self.cross_attention(asking, context, mask=context_mask, cache=past)
            x = self._joined(x, told.reshape(x.shape))
        return self._joined(x, self.feed_forward(self.feed_forward_norm(x)))

    def _joined(self, x: Tensor, branch: Tensor) -> Tensor:
        # Not a module: at 0 there is not even a call.
        return add_dropped(x, branch, self.dropout, self.training) if self.dropout else x + branch

    def new_cache(self, batch: int, max_length: int | None = None, copies: int = 1) -> BlockCache:
        """An empty cache.

        Args:
            batch: sequences B.
            max_length: most tokens it will hold; None lets it grow.
            copies: sequences in a row that share a context, a divisor of `batch`.
        """
        cross = None if self.cross_attention is None else self.cross_attention.new_cache(batch // copies)
        return BlockCache(self.self_attention.new_cache(batch, max_length), cross, copies)

    def extra_repr(self) -> str:
        return f"dropout={self.dropout}, checkpointing={self.checkpointing}"
