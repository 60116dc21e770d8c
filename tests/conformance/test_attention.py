"""Every registered attention variant against every law that its declaration claims."""

from __future__ import annotations

from collections.abc import Callable

from attnframe.testing.attention import parametrize_attention


@parametrize_attention()
def test_every_variant_keeps_every_law(check: Callable[[], None]) -> None:
    check()
