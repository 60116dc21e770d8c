"""The encoders of tokens, with their first weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnframe.models import AttentionRNN, Encoder
from attnframe.plugin.contract import Parts

if TYPE_CHECKING:
    from attnframe_nlp.recipes.text_hierarchy import TextHierarchy
    from attnframe_nlp.recipes.token_rnn import TokenRNN
    from attnframe_nlp.recipes.token_transformer import TokenTransformer


def transformer_encoder(model: TokenTransformer | TextHierarchy, parts: Parts, longest: int) -> Encoder:
    """The encoder of `model=transformer`, or of one level of `model=hierarchical`.

    Args:
        model: its recipe. parts: attention and position recipes. longest: most tokens that it will read.
    """
    return Encoder(
        model.dim,
        model.depth,
        parts.attention,
        parts.build_position(max_length=longest),
        mlp_ratio=model.mlp_ratio,
        dropout=model.dropout,
    )


def recurrent_encoder(model: TokenRNN, parts: Parts, longest: int) -> AttentionRNN:
    """The encoder of `model=attention_rnn`, which reads both ways.

    Args:
        model: its recipe. parts: attention and position recipes. longest: most tokens that it will read.
    """
    return AttentionRNN(
        model.dim,
        model.depth,
        parts.attention,
        parts.build_position(max_length=longest),
        cell=model.cell,
        dropout=model.dropout,
    )
