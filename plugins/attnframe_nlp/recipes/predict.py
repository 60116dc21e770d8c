"""Settings of text generation. Torch-free."""

from __future__ import annotations

from typing import Annotated

from attnframe.plugin.contract import PredictRecipe
from attnframe.recipe import Above, AtLeast, Between, frozen


@frozen
class GenerateText(PredictRecipe):
    """How a prompt is continued. Every prompt starts from the same seed (`seed=`, or that of the run), so its text
    depends on no other prompt.

    Args:
        max_new_tokens: tokens to write.
        temperature: what the logits are divided by; 0 always takes the most likely token.
        top_k: sample from the k most likely tokens only; null for all.
        top_p: sample from the fewest tokens that together have this probability, in (0, 1]; null for all.
        replace_unknown: text that stands in for each character of a prompt that the vocabulary does not hold; null
            refuses such a prompt.
    """

    max_new_tokens: Annotated[int, AtLeast(1)] = 256
    temperature: Annotated[float, AtLeast(0)] = 0.8
    top_k: Annotated[int, AtLeast(1)] | None = None
    top_p: Annotated[float, Above(0), Between(0, 1)] | None = None
    replace_unknown: str | None = None
