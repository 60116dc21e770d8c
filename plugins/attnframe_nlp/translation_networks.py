"""The network of translation, with its first weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnframe.models import Decoder, Encoder, EncoderDecoder, initialise
from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

if TYPE_CHECKING:
    from attnframe_nlp.recipes.translation_transformer import TranslationTransformer


def encoder_decoder(model: TranslationTransformer, parts: Parts, max_length: int) -> EncoderDecoder:
    """The network of `model=transformer`: maps into a branch start with GPT-2's deviation of 0.02 at its width of 768,
    and the same size of output at others.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        max_length: most tokens of a sentence.
    """
    encoder = Encoder(
        model.dim,
        model.depth,
        parts.attention,
        parts.build_position(max_length=max_length),
        mlp_ratio=model.mlp_ratio,
        dropout=model.dropout,
        activation=model.activation,
        norm=model.norm,
    )
    decoder = Decoder(
        model.dim,
        model.decoder_depth or model.depth,
        parts.attention,
        parts.build_position(max_length=max_length, causal=True),
        context_dim=model.dim,
        cross_attention=crossing(model, parts.attention),
        mlp_ratio=model.mlp_ratio,
        dropout=model.dropout,
        activation=model.activation,
        norm=model.norm,
    )
    for part in (encoder, decoder):
        initialise(part, std=0.02 * (768 / model.dim) ** 0.5)
    return EncoderDecoder(encoder, decoder)


def crossing(model: TranslationTransformer, attention: AttentionVariant) -> AttentionVariant | None:
    """The variant of cross attention, where it is not `attention` itself: see `TranslationTransformer`."""
    if model.cross_attention == "auto" and attention.capabilities.cross:
        return None
    return MultiHeadAttention(num_heads=attention.num_heads)
