"""Settings of recommending. Torch-free."""

from __future__ import annotations

from typing import Annotated

from attnframe.plugin.contract import PredictRecipe
from attnframe.recipe import AtLeast, frozen


@frozen
class Recommend(PredictRecipe):
    """What is recommended.

    Args:
        top_k: items a user.
        exclude_seen: whether what a user took already is left out.
    """

    top_k: Annotated[int, AtLeast(1)] = 10
    exclude_seen: bool = True
