"""Every registered attention variant, small."""

from __future__ import annotations

import pytest

from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.registry import attention_variants


@pytest.fixture(params=list(attention_variants()))
def variant(request: pytest.FixtureRequest) -> AttentionVariant:
    """A registered variant; a window is made narrower than the tests' sequences."""
    recipe = attention_variants()[request.param]
    return recipe(**{"window": 3} if request.param == "window" else {})
