"""`model=transformer` of sequential recommendation. Torch-free."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from attnframe.plugin.contract import TransformerRecipe
from attnframe.recipe import AtLeast, frozen

SideInformation = Literal["none", "field", "cross"]


@frozen
class SequentialTransformer(TransformerRecipe):
    """SASRec (Kang and McAuley 2018, https://arxiv.org/abs/1808.09781) with pre-norm blocks: causal attention over a
    history, items told apart by one table at both ends.

    Args:
        loss: ``softmax`` over all items; ``sampled_softmax`` over `negatives` items that a batch shares; ``bce``, the
            true item against `negatives` of its own.
        negatives: drawn items of the last two.
        transition_skip: whether the distribution over items is mixed with that of what followed the last item, by
            shares that are learnt.
        side_information: how attributes and titles of items enter: ``field``, each item attends its own attributes
            (FDSA, Zhang et al. 2019); ``cross``, each state attends the attributes of the items so far; ``none``.
        norm: ``layer`` or ``rms``.
        activation: of the feed-forward layers.
    """

    summary: ClassVar[str] = "causal attention over a history of items (SASRec 2018)"

    loss: Literal["softmax", "sampled_softmax", "bce"] = "softmax"
    negatives: Annotated[int, AtLeast(1)] = 512
    transition_skip: bool = True
    side_information: SideInformation = "none"
    norm: Literal["layer", "rms"] = "layer"
    activation: Literal["gelu", "relu", "squared_relu", "swiglu"] = "gelu"
