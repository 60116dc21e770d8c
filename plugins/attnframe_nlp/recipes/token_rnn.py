"""`model=attention_rnn` of texts and tokens. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.plugin.contract import Parts
from attnframe.recipe import frozen
from attnframe_nlp.recipes.token_model import TokenModel

if TYPE_CHECKING:
    from attnframe.models import AttentionRNN


@frozen
class TokenRNN(TokenModel):
    """Recurrent layers that read both ways, and whose states attend over one another (Liu and Lane 2016,
    https://arxiv.org/abs/1609.01454).

    Args:
        cell: ``lstm`` (Hochreiter and Schmidhuber 1997) or ``gru`` (Cho et al. 2014).
    """

    name: ClassVar[str] = "attention_rnn"
    summary: ClassVar[str] = "recurrent layers both ways whose states attend over one another (Liu and Lane 2016)"

    cell: Literal["lstm", "gru"] = "lstm"

    def build_encoder(self, parts: Parts, longest: int) -> AttentionRNN:
        from attnframe_nlp.token_networks.encoders import recurrent_encoder

        return recurrent_encoder(self, parts, longest)
