"""Settings of translating what a user gives. Torch-free."""

from __future__ import annotations

from typing import Annotated

from attnframe.plugin.contract import PredictRecipe
from attnframe.recipe import AtLeast, frozen


@frozen
class Translate(PredictRecipe):
    """How sentences are translated: by beam search.

    Args:
        batch_size: sentences at a time.
        beams: continuations that are kept side by side; 1 is greedy; null for those of the model (`model.beams`).
        length_penalty: exponent of the length penalty (Wu et al. 2016, arXiv:1609.08144); more favours longer
            translations; null for that of the model (`model.length_penalty`).
    """

    batch_size: Annotated[int, AtLeast(1)] = 32
    beams: Annotated[int, AtLeast(1)] | None = None
    length_penalty: Annotated[float, AtLeast(0)] | None = None
