"""The networks of the language models, with their first weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from attnframe.blocks import Block
from attnframe.models import AttentionRNN, Decoder
from attnframe.plugin.contract import Parts

if TYPE_CHECKING:
    from attnframe_nlp.recipes.attention_rnn import RecurrentLanguageModel
    from attnframe_nlp.recipes.transformer import TransformerLanguageModel


def decoder(model: TransformerLanguageModel, parts: Parts, context: int) -> Decoder:
    """The decoder of `model=transformer`.

    The embedding is small, because it is the head too; so the branches of the blocks start at 0. Maps into a branch
    have GPT-2's deviation of 0.02 at its width of 768, and the same size of output at others.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        context: most tokens that it will read.
    """
    network = Decoder(
        model.dim,
        model.depth,
        parts.attention,
        parts.build_position(max_length=context, causal=True),
        mlp_ratio=model.mlp_ratio,
        dropout=model.dropout,
        activation=model.activation,
        norm=model.norm,
    )
    for block in network.modules():
        if isinstance(block, Block):
            for name, part in block.self_attention.named_modules():
                if name.endswith("output_proj") and isinstance(part, nn.Linear):
                    nn.init.zeros_(part.weight)
            nn.init.zeros_(block.feed_forward.output.weight)
    return network


def recurrent_network(model: RecurrentLanguageModel, parts: Parts, context: int) -> AttentionRNN:
    """The network of `model=attention_rnn`.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        context: most tokens that it will read.
    """
    return AttentionRNN(
        model.dim,
        model.depth,
        parts.attention,
        parts.build_position(max_length=context, causal=True),
        cell=model.cell,
        dropout=model.dropout,
        norm=model.norm,
        causal=True,
    )
