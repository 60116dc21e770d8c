"""The non-local block: the identity at first, then any attention over the places."""

from __future__ import annotations

import pytest
import torch

from attnframe import Attention, capture, masks
from attnframe.blocks import make_norm
from attnframe.bridges import MeanProductMixer, NonLocal
from attnframe.recipes.registry import attention_variants

VARIANTS = [name for name, variant in attention_variants().items() if variant.capabilities.noncausal]


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("places", [(12,), (3, 4)])
def test_any_variant_serves_any_number_of_axes(name: str, places: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    block = NonLocal(attention_variants()[name].example().build(8), make_norm("layer", 8))
    x = torch.randn(2, 8, *places)
    assert torch.equal(block(x), x), "it starts as the identity"
    block.scale.data.fill_(0.5)
    sequence = x.flatten(2).transpose(1, 2)
    expected = sequence + 0.5 * block.attention(block.norm(sequence))
    torch.testing.assert_close(block(x), expected.transpose(1, 2).reshape(x.shape))


def test_weights_can_be_captured() -> None:
    block = NonLocal.embedded_gaussian(8)
    with capture(block) as captured:
        block(torch.randn(2, 8, 3, 3))
    torch.testing.assert_close(captured["attention"].sum(-1), torch.ones(2, 1, 9))


def test_mean_products_obey_masks_and_a_query_without_keys_gives_0() -> None:
    torch.manual_seed(0)
    layer = Attention(8, 2, num_kv_heads=1, mixer=MeanProductMixer())
    x = torch.randn(2, 5, 8)
    valid = torch.tensor([[1, 1, 1, 0, 0], [0, 0, 0, 0, 0]]).bool()
    out = layer(x, mask=masks.Padding(valid))
    torch.testing.assert_close(out[0, :3], layer(x[:1, :3])[0])
    assert out[1].eq(0).all()
