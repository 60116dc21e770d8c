"""`model=transformer` of texts and tokens. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import frozen
from attnframe_nlp.recipes.token_model import TokenModel

if TYPE_CHECKING:
    from attnframe.models import Encoder


@frozen
class TokenTransformer(TokenModel, TransformerRecipe):
    """The encoder over the tokens (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762)."""

    summary: ClassVar[str] = "blocks of attention and feed-forward layers over the tokens (Vaswani et al. 2017)"

    def build_encoder(self, parts: Parts, longest: int) -> Encoder:
        from attnframe_nlp.token_networks.encoders import transformer_encoder

        return transformer_encoder(self, parts, longest)
