"""What all models of translation have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.plugin.contract import ModelRecipe, Parts
from attnframe.recipe import AtLeast, Between, frozen
from attnframe.recipes.capabilities import Needs

if TYPE_CHECKING:
    from attnframe.models import EncoderDecoder


@frozen
class TranslationModel(ModelRecipe, ABC):
    """Base of the models of translation: what reads a sentence, and what writes another with attention to it. The head
    is the target's embedding (Press and Wolf 2017, arXiv:1608.05859), and the source's too where both languages have
    one vocabulary.

    Args:
        norm: ``layer`` (Ba et al. 2016) or ``rms`` (Zhang and Sennrich 2019).
        cross_attention: attention of the decoder to the encoder: ``auto`` is the variant's own form for two sequences,
            and plain ``mha`` for variants that have none (patterns such as windows, whose distances mean nothing
            between two sequences; as in Longformer's encoder-decoder, Beltagy et al. 2020, arXiv:2004.05150); ``mha``
            is that for every variant.
        label_smoothing: share of the target spread over the vocabulary in training, in [0, 1] (Szegedy et al. 2016,
            arXiv:1512.00567).
        beams: continuations kept side by side when the test part is translated (validation is greedy); 1 is greedy.
        length_penalty: exponent of the length penalty of that search (Wu et al. 2016, arXiv:1609.08144).
    """

    needs: ClassVar[Needs]
    """What the attention variant must be capable of. Not of cross attention: see `cross_attention`."""

    norm: Literal["layer", "rms"] = "rms"
    cross_attention: Literal["auto", "mha"] = "auto"
    label_smoothing: Annotated[float, Between(0, 1)] = 0.1
    beams: Annotated[int, AtLeast(1)] = 5
    length_penalty: Annotated[float, AtLeast(0)] = 0.6

    @abstractmethod
    def build(self, parts: Parts, max_length: int) -> EncoderDecoder:
        """Make the network between the embeddings, its first weights drawn.

        Args:
            parts: attention and position recipes.
            max_length: most tokens of a sentence.
        """
