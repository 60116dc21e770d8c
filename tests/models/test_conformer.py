"""The Conformer: every variant that sees both sides serves it, padding changes nothing, wrong sizes are refused."""

from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Padding
from attnframe.models import Conformer
from attnframe.positions import Sinusoidal
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.registry import attention_variants


@pytest.mark.parametrize("attention", list(attention_variants()))
def test_padding_changes_nothing_whatever_the_attention(attention: str) -> None:
    torch.manual_seed(0)
    variant = attention_variants()[attention](num_heads=2)
    if not variant.capabilities.noncausal:
        with pytest.raises(UnsupportedError, match="non-causal"):
            Conformer(16, 2, variant)
        return
    model = Conformer(16, 2, variant, Sinusoidal(16), kernel_size=5).eval()
    x = torch.randn(2, 12, 16)
    valid = torch.arange(12) < torch.tensor([[12], [8]])
    changed = x.clone()
    changed[1, 8:] = 5.0
    with torch.no_grad():
        first, second = (model(one, mask=Padding(valid)) for one in (x, changed))
    torch.testing.assert_close(first[valid], second[valid], atol=1e-5, rtol=1e-4)


def test_order_counts() -> None:
    torch.manual_seed(0)
    model = Conformer(16, 1, MultiHeadAttention(num_heads=2), kernel_size=5)
    x = torch.randn(1, 9, 16)
    assert not torch.allclose(model(x.flip(1)).flip(1), model(x), atol=1e-3)


def test_sizes_out_of_range_are_refused_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        Conformer(16, 0, MultiHeadAttention(num_heads=2), dropout=2.0)
    assert [fault.where for fault in error.value.faults] == ["model.depth", "model.dropout"]
