"""A variant of a user's own, in a file, for the benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

VARIANT = '''
from typing import ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities


@frozen
class Own(AttentionVariant):
    """A variant of one's own."""

    name: ClassVar[str] = "own"
    summary: ClassVar[str] = "one's own"
    capabilities: ClassVar[Capabilities] = Capabilities(noncausal=False)

    def build(self, dim, *, causal=False, position=None, context_dim=None):
        from attnframe import Attention

        BODY
'''


@pytest.fixture
def variant_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file that defines a causal variant; `body` is the end of its `build`."""

    def write(body: str = "return Attention(dim, self.num_heads, causal=causal)") -> Path:
        path = tmp_path / "own_variant.py"
        path.write_text(VARIANT.replace("BODY", body))
        return path

    return write
