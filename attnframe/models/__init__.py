"""Encoder, decoder and encoder-decoder, built once for every domain from an attention variant and a position."""

from attnframe.models.caches import Caches
from attnframe.models.decoder import Decoder
from attnframe.models.encoder import Encoder
from attnframe.models.encoder_decoder import EncoderDecoder
from attnframe.models.generation import LanguageModel, generate
from attnframe.models.initialise import initialise

__all__ = ["Caches", "Decoder", "Encoder", "EncoderDecoder", "LanguageModel", "generate", "initialise"]
