"""`model=transformer` of click prediction. Torch-free."""

from __future__ import annotations

from typing import Annotated, ClassVar

from attnframe.plugin.contract import TransformerRecipe
from attnframe.recipe import AtLeast, Between, frozen


@frozen
class FieldTransformer(TransformerRecipe):
    """Attention among the fields of an event (AutoInt, Song et al. 2019, https://arxiv.org/abs/1810.11921), of which
    one is what the target attends in the user's history (DIN, Zhou et al. 2018, https://arxiv.org/abs/1706.06978).

    Args:
        mlp_ratio: width of the feed-forward layer over `dim`.
        field_dropout: probability of dropping an element of a field's vector in training, in [0, 1].
    """

    summary: ClassVar[str] = "attention among fields and over a history (AutoInt 2019, DIN 2018)"

    dim: Annotated[int, AtLeast(1)] = 32
    depth: Annotated[int, AtLeast(1)] = 2
    mlp_ratio: Annotated[float, AtLeast(0.1)] = 2.0
    field_dropout: Annotated[float, Between(0, 1)] = 0.0
