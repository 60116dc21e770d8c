"""Single steps by operators alone: the same bits as calling the modules, and out of the way when they would not be."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention, capture
from attnframe.blocks import Activation, Norm
from attnframe.masks import Padding
from attnframe.models import Caches, Decoder
from attnframe.positions import Alibi, Position, Rotary, Sinusoidal
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.gqa import GroupedQueryAttention
from attnframe.recipes.attention.mha import MultiHeadAttention

DIM, HEADS = 16, 4
MHA = MultiHeadAttention(num_heads=HEADS)
POSITIONS = ("none", "sinusoidal", "rope", "alibi")


def make(name: str, variant: AttentionVariant = MHA) -> Position | None:
    turned = Rotary(variant.rotary_width(DIM))
    return {"none": None, "sinusoidal": Sinusoidal(DIM), "rope": turned, "alibi": Alibi(HEADS)}[name]


def decode(decoder: Decoder, x: Tensor, steps: bool = True) -> tuple[Tensor, Caches]:
    """The outputs of a prompt of 3 and then single tokens, with or without `Steps`."""
    caches = decoder.new_caches(x.shape[0])
    assert caches.steps is not None
    if not steps:
        caches.steps = None
    with torch.inference_mode():
        parts = [decoder(part, caches=caches) for part in x.split([3] + [1] * (x.shape[1] - 3), dim=1)]
    return torch.cat(parts, 1), caches


@pytest.mark.parametrize("position", POSITIONS)
def test_the_same_bits_as_by_the_modules(decoding_variant: AttentionVariant, position: str) -> None:
    can = decoding_variant.capabilities
    if not {"alibi": can.bias, "rope": can.rotary}.get(position, True):
        return
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, decoding_variant, make(position, decoding_variant)).eval()
    x = torch.randn(2, 8, DIM)
    torch.testing.assert_close(decode(decoder, x)[0], decode(decoder, x, steps=False)[0], rtol=0, atol=0)


@pytest.mark.parametrize("activation", ["gelu", "relu", "silu", "squared_relu", "swiglu"])
@pytest.mark.parametrize("norm", ["layer", "rms"])
def test_the_same_bits_for_every_norm_and_activation(activation: Activation, norm: Norm) -> None:
    torch.manual_seed(0)
    variant = GroupedQueryAttention(num_heads=HEADS, num_kv_heads=2)
    decoder = Decoder(DIM, 2, variant, make("rope"), activation=activation, norm=norm, dropout=0.5).eval()
    x = torch.randn(2, 8, DIM)
    torch.testing.assert_close(decode(decoder, x)[0], decode(decoder, x, steps=False)[0], rtol=0, atol=0)


def test_a_single_sequence_is_mapped_by_products_of_matrix_and_vector() -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, MHA, make("rope")).eval()
    x = torch.randn(1, 8, DIM)
    torch.testing.assert_close(decode(decoder, x)[0], decode(decoder, x, steps=False)[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "variant", [MHA, GroupedQueryAttention(num_heads=HEADS, num_kv_heads=2)], ids=lambda variant: variant.name
)
def test_they_call_no_layer_of_softmax_attention(variant: AttentionVariant, monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = Decoder(DIM, 2, variant, make("rope")).eval()
    lengths = []
    forward = Attention.forward

    def watched(layer: Attention, x: Tensor, *args: Any, **more: Any) -> Tensor:
        lengths.append(x.shape[1])
        return forward(layer, x, *args, **more)

    monkeypatch.setattr(Attention, "forward", watched)
    decode(decoder, torch.randn(2, 8, DIM))
    assert lengths == [3, 3]  # The prompt, once a block.


def test_they_are_possible_only_in_inference_mode_and_evaluation() -> None:
    decoder = Decoder(DIM, 2, MHA).eval()
    steps = decoder.new_caches(1).steps
    assert steps is not None
    assert not steps.possible
    with torch.inference_mode():
        assert steps.possible
        decoder.blocks[1].train()
        assert not steps.possible


@pytest.mark.parametrize(
    "name", ["0", "1.feed_forward", "0.self_norm", "1.self_attention.projections.output_proj", "0.feed_forward.hidden"]
)
def test_hooks_run(name: str) -> None:
    decoder = Decoder(DIM, 2, MHA).eval()
    seen = []
    handle = decoder.blocks.get_submodule(name).register_forward_hook(lambda *_: seen.append(1))
    decode(decoder, torch.randn(1, 6, DIM))
    assert len(seen) == 4
    handle.remove()
    decode(decoder, torch.randn(1, 6, DIM))
    assert len(seen) == 4


def test_weights_are_captured() -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, MHA).eval()
    with capture(decoder) as captured:
        decode(decoder, torch.randn(1, 6, DIM))
    assert [weights.shape for weights in captured.values()] == [(1, HEADS, 1, 6)] * 2


def test_a_replaced_linear_map_is_called() -> None:
    class Doubling(nn.Linear):
        def forward(self, x: Tensor) -> Tensor:
            return 2 * super().forward(x)

    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, MHA).eval()
    x = torch.randn(1, 6, DIM)
    before, _ = decode(decoder, x)
    for part, name in (
        (decoder.blocks[0].feed_forward, "hidden"),
        (decoder.blocks[1].self_attention.projections, "input_proj"),
    ):
        old = getattr(part, name)
        new = Doubling(old.in_features, old.out_features, bias=old.bias is not None).eval()
        new.load_state_dict(old.state_dict())
        setattr(part, name, new)
    after, _ = decode(decoder, x)
    assert not torch.allclose(after, before)
    torch.testing.assert_close(after, decode(decoder, x, steps=False)[0], rtol=0, atol=0)


def test_weights_may_change_in_place() -> None:
    torch.manual_seed(0)
    decoder, other = Decoder(DIM, 2, MHA).eval(), Decoder(DIM, 2, MHA).eval()
    caches = decoder.new_caches(1)
    decoder.load_state_dict(other.state_dict())
    x = torch.randn(1, 1, DIM)
    with torch.inference_mode():
        torch.testing.assert_close(decoder(x, caches=caches), other(x))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("copies", [1, 3])
def test_the_same_with_a_context(cross_variant: AttentionVariant, copies: int, masked: bool) -> None:
    torch.manual_seed(0)
    rotary = make("rope", cross_variant) if cross_variant.capabilities.rotary else None
    decoder = Decoder(DIM, 2, cross_variant, rotary, context_dim=8).eval()
    x, context = torch.randn(2 * copies, 8, DIM), torch.randn(2, 5, 8)
    mask = Padding(torch.arange(5) < torch.tensor([[5], [3]])) if masked else None
    found = []
    for steps in (True, False):
        caches = decoder.new_caches(2 * copies, None, copies)
        if not steps:
            caches.steps = None
        with torch.inference_mode():
            parts = [decoder(part, context, context_mask=mask, caches=caches) for part in x.split(1, dim=1)]
        found.append(torch.cat(parts, 1))
    torch.testing.assert_close(*found, atol=1e-6, rtol=1e-5)


def test_a_context_that_is_all_padding_gives_no_nan() -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 1, MHA, context_dim=8).eval()
    caches = decoder.new_caches(2)
    mask = Padding(torch.tensor([[True, True], [False, False]]))
    with torch.inference_mode():
        for _ in range(3):
            out = decoder(torch.randn(2, 1, DIM), torch.randn(2, 2, 8), context_mask=mask, caches=caches)
            assert out.isfinite().all()
