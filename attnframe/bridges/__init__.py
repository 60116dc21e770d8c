"""Attention beside other structures: recurrent states, convolutional features, hierarchies. One paper each."""

from attnframe.bridges.attention_pooling import AttentionPooling
from attnframe.bridges.attentional_state import AttentionalState
from attnframe.bridges.bahdanau import Bahdanau
from attnframe.bridges.cbam import CBAM, ChannelAttention, SpatialAttention
from attnframe.bridges.decoder_layer import RecurrentDecoderLayer
from attnframe.bridges.luong import Luong
from attnframe.bridges.mean_pooling import MeanPooling
from attnframe.bridges.mean_product import MeanProductMixer
from attnframe.bridges.non_local import NonLocal
from attnframe.bridges.recurrence import Cell, Recurrence, RecurrentState
from attnframe.bridges.recurrent_block import RecurrentBlock
from attnframe.bridges.recurrent_cache import RecurrentLayerCache
from attnframe.bridges.squeeze_excite import SqueezeExcite

__all__ = [
    "CBAM",
    "AttentionPooling",
    "AttentionalState",
    "Bahdanau",
    "Cell",
    "ChannelAttention",
    "Luong",
    "MeanPooling",
    "MeanProductMixer",
    "NonLocal",
    "Recurrence",
    "RecurrentBlock",
    "RecurrentDecoderLayer",
    "RecurrentLayerCache",
    "RecurrentState",
    "SpatialAttention",
    "SqueezeExcite",
]
