"""The parts between attention layers: norms, feed-forward layers, residual blocks and activation checkpointing."""

from attnframe.blocks.block import Block, BlockCache
from attnframe.blocks.checkpointing import checkpoint_activations
from attnframe.blocks.feed_forward import Activation, FeedForward
from attnframe.blocks.norm import LayerNorm, Norm, RMSNorm, make_norm

__all__ = [
    "Activation",
    "Block",
    "BlockCache",
    "FeedForward",
    "LayerNorm",
    "Norm",
    "RMSNorm",
    "checkpoint_activations",
    "make_norm",
]
