"""Models built once for every domain from an attention variant and a position: transformers (encoder, decoder,
encoder-decoder), recurrent and convolutional networks with attention, and hierarchies.
"""

from attnframe.models.attention_cnn import AttentionCNN
from attnframe.models.attention_rnn import AttentionRNN
from attnframe.models.beam_search import Found, beam_search
from attnframe.models.caches import Caches
from attnframe.models.conditional import Conditional
from attnframe.models.conformer import Conformer
from attnframe.models.decoder import Decoder
from attnframe.models.encoder import Encoder
from attnframe.models.encoder_decoder import EncoderDecoder
from attnframe.models.generation import LanguageModel, generate
from attnframe.models.hierarchical import Hierarchical
from attnframe.models.initialise import initialise
from attnframe.models.recurrent_decoder import RecurrentDecoder

__all__ = [
    "AttentionCNN",
    "AttentionRNN",
    "Caches",
    "Conditional",
    "Conformer",
    "Decoder",
    "Encoder",
    "EncoderDecoder",
    "Found",
    "Hierarchical",
    "LanguageModel",
    "RecurrentDecoder",
    "beam_search",
    "generate",
    "initialise",
]
