"""Every registered attention variant, small, by what it can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities
from attnframe.recipes.registry import attention_variants


def able(can: Callable[[Capabilities], bool]) -> Any:
    """A fixture over the variants whose capabilities are enough; a window is narrower than the tests' sequences."""
    names = [name for name, recipe in attention_variants().items() if can(recipe.capabilities)]

    @pytest.fixture(params=names)
    def variant(request: pytest.FixtureRequest) -> AttentionVariant:
        return attention_variants()[request.param](**{"window": 3} if request.param == "window" else {})

    return variant


variant = able(lambda can: can.noncausal)
causal_variant = able(lambda can: can.causal)
decoding_variant = able(lambda can: can.causal and can.cache != "none")
cross_variant = able(lambda can: can.causal and can.noncausal and can.cross and can.cache != "none")
