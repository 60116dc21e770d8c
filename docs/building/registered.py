"""What is registered, beside the variants and positions."""

from __future__ import annotations

import inspect

from attnframe import bridges, masks, models
from attnframe.recipe import describe, hints
from attnframe.recipes.attention.scored import ScoredVariant

BRIDGES = {
    "bahdanau": bridges.Bahdanau,
    "luong": bridges.Luong,
    "squeeze_excite": bridges.SqueezeExcite,
    "cbam": bridges.CBAM,
    "non_local": bridges.NonLocal,
    "recurrent_block": bridges.RecurrentBlock,
    "hierarchical": models.Hierarchical,
}


def options(field: str) -> list[str]:
    """What a field of `ScoredVariant` chooses among."""
    return describe(hints(ScoredVariant)[field]).removeprefix("one of ").split(", ")


def mask_classes() -> list[type]:
    """Every mask that is no base."""
    found = [vars(masks)[name] for name in masks.__all__]
    return [
        one for one in found if inspect.isclass(one) and issubclass(one, masks.Mask) and not inspect.isabstract(one)
    ]
