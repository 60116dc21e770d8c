"""The networks of translation, with their first weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnframe.bridges import Bahdanau, Luong
from attnframe.models import AttentionRNN, Decoder, Encoder, EncoderDecoder, RecurrentDecoder
from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

if TYPE_CHECKING:
    from attnframe_nlp.recipes.translation_model import TranslationModel
    from attnframe_nlp.recipes.translation_rnn import TranslationRNN
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
    return EncoderDecoder(encoder, decoder)


def recurrent_encoder_decoder(model: TranslationRNN, parts: Parts, max_length: int) -> EncoderDecoder:
    """The network of `model=attention_rnn`.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        max_length: most tokens of a sentence.
    """
    encoder = AttentionRNN(
        model.dim,
        model.depth,
        parts.attention,
        parts.build_position(max_length=max_length),
        cell=model.cell,
        dropout=model.dropout,
        norm=model.norm,
    )
    kind = Luong if model.decoder == "luong" else Bahdanau
    between = crossing(model, parts.attention).build(model.dim, context_dim=model.dim)
    return EncoderDecoder(encoder, RecurrentDecoder(kind(between, cell=model.cell, layers=model.depth)))


def crossing(model: TranslationModel, attention: AttentionVariant) -> AttentionVariant:
    """The variant of the attention from decoder to encoder: see `TranslationModel`."""
    if model.cross_attention == "auto" and attention.capabilities.cross:
        return attention
    return MultiHeadAttention(num_heads=attention.num_heads)
