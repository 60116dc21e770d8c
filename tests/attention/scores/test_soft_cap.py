from __future__ import annotations

import pytest
import torch

from attnframe.attention.scores import Additive, DotScore, ScaledDot, SoftCap
from attnframe.errors import ConfigurationError

GENERATOR = torch.Generator().manual_seed(0)
QUERY = torch.randn(2, 4, 4, 9, generator=GENERATOR)
KEY = torch.randn(2, 2, 6, 9, generator=GENERATOR)


@pytest.mark.parametrize("inner", [ScaledDot(9), Additive(4, 9)], ids=lambda score: type(score).__name__)
def test_bounds_any_score(inner: torch.nn.Module) -> None:
    expected = torch.tanh(inner(QUERY * 9, KEY) / 2) * 2
    capped = SoftCap(inner, 2.0)(QUERY * 9, KEY)
    torch.testing.assert_close(capped, expected)
    assert capped.abs().max() <= 2
    assert not isinstance(SoftCap(inner, 2.0), DotScore)


def test_a_wide_cap_changes_little() -> None:
    torch.testing.assert_close(SoftCap(ScaledDot(9), 1e3)(QUERY, KEY), ScaledDot(9)(QUERY, KEY), atol=1e-4, rtol=1e-4)


def test_the_cap_is_above_0() -> None:
    with pytest.raises(ConfigurationError, match=r"cap \(SoftCap\) must be above 0. Got -1"):
        SoftCap(ScaledDot(9), -1)
