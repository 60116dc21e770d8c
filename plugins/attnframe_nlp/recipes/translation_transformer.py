"""`model=transformer` of the task `translation`. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import AtLeast, Between

if TYPE_CHECKING:
    from attnframe.models import EncoderDecoder


@dataclass(frozen=True, kw_only=True)
class TranslationTransformer(TransformerRecipe):
    """Encoder-decoder transformer, pre-norm (Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020,
    arXiv:2002.04745). The head is the target's embedding (Press and Wolf 2017, arXiv:1608.05859), and the source's too
    where both languages have one vocabulary.

    The attention variant serves the encoder, the decoder and, by default, the attention between them.

    Args:
        depth: blocks of the encoder.
        decoder_depth: blocks of the decoder; null for `depth`.
        dropout: probability of dropping an element of an embedding or of a residual branch in training, in [0, 1].
        norm: ``layer`` (Ba et al. 2016) or ``rms`` (Zhang and Sennrich 2019).
        activation: of the feed-forward layers.
        cross_attention: attention of the decoder to the encoder: ``auto`` is the variant's own form for two sequences,
            and plain ``mha`` for variants that have none (patterns such as windows, whose distances mean nothing
            between two sequences; as in Longformer's encoder-decoder, Beltagy et al. 2020, arXiv:2004.05150); ``mha``
            is that for every variant.
        label_smoothing: share of the target spread over the vocabulary in training, in [0, 1] (Szegedy et al. 2016,
            arXiv:1512.00567).
        beams: continuations kept side by side when the test part is translated (validation is greedy); 1 is greedy.
        length_penalty: exponent of the length penalty of that search (Wu et al. 2016, arXiv:1609.08144).
    """

    summary: ClassVar[str] = "encoder and decoder of attention blocks (Vaswani et al. 2017)"

    decoder_depth: Annotated[int, AtLeast(1)] | None = None
    norm: Literal["layer", "rms"] = "rms"
    activation: Literal["relu", "gelu", "squared_relu", "swiglu"] = "relu"
    cross_attention: Literal["auto", "mha"] = "auto"
    label_smoothing: Annotated[float, Between(0, 1)] = 0.1
    beams: Annotated[int, AtLeast(1)] = 5
    length_penalty: Annotated[float, AtLeast(0)] = 0.6

    def build(self, parts: Parts, max_length: int) -> EncoderDecoder:
        """Make the network between the embeddings, its first weights drawn.

        Args:
            parts: attention and position recipes.
            max_length: most tokens of a sentence.
        """
        from attnframe_nlp.translation_networks import encoder_decoder

        return encoder_decoder(self, parts, max_length)
