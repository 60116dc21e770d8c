"""The parts between attention layers: norms, dropout, feed-forward layers, convolutions, residual blocks."""

from attnframe.blocks.batch_norm import SequenceBatchNorm
from attnframe.blocks.block import Block, BlockCache
from attnframe.blocks.checkpointing import checkpoint_activations
from attnframe.blocks.conformer_block import ConformerBlock
from attnframe.blocks.convolution import ConvolutionModule
from attnframe.blocks.dropout import Dropout
from attnframe.blocks.feed_forward import Activation, FeedForward
from attnframe.blocks.norm import LayerNorm, Norm, RMSNorm, make_norm

__all__ = [
    "Activation",
    "Block",
    "BlockCache",
    "ConformerBlock",
    "ConvolutionModule",
    "Dropout",
    "FeedForward",
    "LayerNorm",
    "Norm",
    "RMSNorm",
    "SequenceBatchNorm",
    "checkpoint_activations",
    "make_norm",
]
