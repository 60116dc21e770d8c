"""`model=transformer` of the task `translation`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.capabilities import Needs
from attnframe_nlp.recipes.translation_model import TranslationModel

if TYPE_CHECKING:
    from attnframe.models import EncoderDecoder


@frozen
class TranslationTransformer(TranslationModel, TransformerRecipe):
    """Encoder-decoder transformer, pre-norm (Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020,
    arXiv:2002.04745). The attention variant serves the encoder, the decoder and, by default, what is between them.

    Args:
        depth: blocks of the encoder.
        decoder_depth: blocks of the decoder; null for `depth`.
        dropout: probability of dropping an element of an embedding or of a residual branch in training, in [0, 1].
        activation: of the feed-forward layers.
    """

    summary: ClassVar[str] = "encoder and decoder of attention blocks (Vaswani et al. 2017)"
    needs: ClassVar[Needs] = Needs(causal=True, noncausal=True, masks=frozenset({"padding"}))

    decoder_depth: Annotated[int, AtLeast(1)] | None = None
    activation: Literal["relu", "gelu", "squared_relu", "swiglu"] = "relu"

    def build(self, parts: Parts, max_length: int) -> EncoderDecoder:
        from attnframe_nlp.translation_networks import encoder_decoder

        return encoder_decoder(self, parts, max_length)
