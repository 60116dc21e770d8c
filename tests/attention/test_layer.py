"""The layer against other people's implementations, and its refusals."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaAttention, LlamaRotaryEmbedding

from attnframe import Attention
from attnframe.attention.cache import GrowingCache, RecurrentCache, RingCache, StaticCache
from attnframe.attention.mixers import LinearMixer, SoftmaxMixer, UniformMixer, WindowMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Dense, Documents, Padding
from attnframe.positions import Alibi, Learned, NoPosition, Rotary

B, T, D, H = 2, 6, 16, 4


def _x(length: int = T, width: int = D, seed: int = 0) -> Tensor:
    return torch.randn(B, length, width, generator=torch.Generator().manual_seed(seed))


def _projected(layer: Attention, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of the fused projection, written out by hand."""
    width = layer.num_heads * layer.projections.head_dim
    shared = layer.num_kv_heads * layer.projections.head_dim
    parts = (x @ layer.projections.input_proj.weight.T).split([width, shared, shared], dim=-1)
    query, key, value = (part.reshape(B, x.shape[1], -1, layer.projections.head_dim).transpose(1, 2) for part in parts)
    return query, key, value


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kv_heads", [1, 2, 4])
def test_equals_torch_sdpa_with_its_order_of_grouped_heads(causal: bool, kv_heads: int) -> None:
    layer, x = Attention(D, H, num_kv_heads=kv_heads, causal=causal), _x()
    query, key, value = _projected(layer, x)
    mixed = F.scaled_dot_product_attention(query, key, value, is_causal=causal, enable_gqa=True)
    expected = mixed.transpose(1, 2).reshape(B, T, D) @ layer.projections.output_proj.weight.T
    torch.testing.assert_close(layer(x), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("causal", [False, True])
def test_equals_torch_multihead_attention_with_padding(causal: bool) -> None:
    peer = nn.MultiheadAttention(D, H, batch_first=True)
    layer = Attention(D, H, bias=True, causal=causal)
    layer.projections.input_proj.load_state_dict({"weight": peer.in_proj_weight, "bias": peer.in_proj_bias})
    layer.projections.output_proj.load_state_dict(peer.out_proj.state_dict())
    valid = torch.tensor([[True] * 6, [True] * 4 + [False] * 2])
    hidden_future = torch.ones(T, T, dtype=torch.bool).triu(1) if causal else None
    expected, weights = peer(
        _x(), _x(), _x(), key_padding_mask=~valid, attn_mask=hidden_future, average_attn_weights=False
    )
    torch.testing.assert_close(layer(_x(), mask=Padding(valid))[valid], expected[valid], rtol=1e-5, atol=1e-6)
    applied: list[Tensor] = []
    layer.mixer.register_forward_hook(lambda m, i, o: applied.append(m.weights(i[0], i[1], i[3], slice(None))))
    layer(_x(), mask=Padding(valid))
    rows = valid[:, None, :, None].expand_as(weights)
    torch.testing.assert_close(applied[0][rows], weights[rows], rtol=1e-5, atol=1e-6)


def test_equals_torch_multihead_attention_over_a_context() -> None:
    peer = nn.MultiheadAttention(D, H, kdim=10, vdim=10, batch_first=True)
    layer = Attention(D, H, bias=True, context_dim=10)
    assert layer.projections.query_proj is not None
    query, key, value = peer.in_proj_bias.chunk(3)
    layer.projections.query_proj.load_state_dict({"weight": peer.q_proj_weight, "bias": query})
    weight = torch.cat([peer.k_proj_weight, peer.v_proj_weight])
    layer.projections.input_proj.load_state_dict({"weight": weight, "bias": torch.cat([key, value])})
    layer.projections.output_proj.load_state_dict(peer.out_proj.state_dict())
    context = _x(9, 10, seed=1)
    torch.testing.assert_close(layer(_x(), context), peer(_x(), context, context)[0], rtol=1e-5, atol=1e-6)


def test_equals_llama_attention_with_grouped_heads_and_rotary_positions() -> None:
    width = 8
    config = LlamaConfig(
        hidden_size=32, num_attention_heads=H, num_key_value_heads=2, head_dim=width, attn_implementation="eager"
    )
    peer = LlamaAttention(config, layer_idx=0).eval()
    layer = Attention(32, H, num_kv_heads=2, causal=True, position=Rotary(width)).eval()
    # Llama turns feature i with i + E/2, Rotary neighbours: the rows of each head are reordered.
    order = torch.arange(width).view(2, -1).T.flatten()

    def reordered(weight: Tensor) -> Tensor:
        return weight.view(-1, width, 32)[:, order].flatten(0, 1)

    parts = [reordered(peer.q_proj.weight), reordered(peer.k_proj.weight), peer.v_proj.weight]
    layer.projections.input_proj.load_state_dict({"weight": torch.cat(parts)})
    layer.projections.output_proj.load_state_dict({"weight": peer.o_proj.weight})
    x = _x(7, 32)
    positions = torch.arange(7).unsqueeze(0)
    angles = LlamaRotaryEmbedding(config)(x, positions)
    hidden = torch.full((7, 7), float("-inf")).triu(1)[None, None]
    torch.testing.assert_close(layer(x), peer(x, angles, hidden)[0], rtol=1e-5, atol=1e-6)


def test_a_context_of_the_models_width_goes_through_the_same_projection() -> None:
    layer = Attention(D, H)
    torch.testing.assert_close(layer(_x(), _x()), layer(_x()))
    assert layer(_x(), _x(9, seed=1)).shape == (B, T, D)


def test_a_cross_layer_of_equal_width_serves_self_attention_too() -> None:
    layer = Attention(D, H, context_dim=D)
    torch.testing.assert_close(layer(_x()), layer(_x(), _x()))


def test_positions_default_to_the_row() -> None:
    for position in (Rotary(4), Alibi(H)):
        layer = Attention(D, H, position=position, causal=True)
        assert torch.equal(layer(_x()), layer(_x(), positions=torch.arange(T).unsqueeze(0)))
        assert not torch.allclose(layer(_x()), layer(_x(), positions=3 * torch.arange(T).unsqueeze(0)))


def test_context_positions_default_to_the_row() -> None:
    layer = Attention(D, H, position=Rotary(4))
    context = _x(9, seed=1)
    given = layer(_x(), context, context_positions=torch.arange(9).unsqueeze(0))
    assert torch.equal(layer(_x(), context), given)
    moved = layer(_x(), context, context_positions=torch.arange(9).unsqueeze(0) + 4)
    assert not torch.allclose(given, moved)


def test_no_position_is_the_same_as_none() -> None:
    torch.manual_seed(0)
    plain = Attention(D, H)
    torch.manual_seed(0)
    assert torch.equal(plain(_x()), Attention(D, H, position=NoPosition())(_x()))


def test_head_dim_may_differ_from_the_quotient() -> None:
    layer = Attention(10, 3, head_dim=4)
    assert layer(_x(width=10)).shape == (B, T, 10)
    assert layer.projections.output_proj.in_features == 12


def test_causal_is_the_causal_mask() -> None:
    torch.manual_seed(0)
    flag = Attention(D, H, causal=True)
    torch.manual_seed(0)
    plain = Attention(D, H)
    torch.testing.assert_close(flag(_x()), plain(_x(), mask=Causal()))


def test_nothing_visible_is_zero_before_the_output_projection_and_its_bias_after() -> None:
    layer = Attention(D, H, bias=True)
    out = layer(_x(), mask=Dense(torch.zeros(T, T, dtype=torch.bool)))
    assert torch.equal(out, layer.projections.output_proj.bias.expand_as(out))


def test_an_empty_context_is_zero_before_the_output_projection() -> None:
    for mixer in (SoftmaxMixer(), SoftmaxMixer(backend="eager"), LinearMixer(), UniformMixer()):
        layer = Attention(D, H, mixer=mixer)
        assert not layer(_x(), _x(0)).any()


def test_nan_in_padding_does_not_leak_through_keys_of_a_context() -> None:
    valid = torch.tensor([[True] * 5, [True, True, False, False, False]])
    context = _x(5, 10).masked_fill(~valid.unsqueeze(-1), float("nan")).requires_grad_()
    layer = Attention(D, H, context_dim=10, bias=True)
    out = layer(_x(), context, mask=Padding(valid))
    out.sum().backward()
    assert out.isfinite().all()
    assert context.grad is not None
    assert context.grad.isfinite().all()
    assert layer.projections.input_proj.weight.grad is not None
    assert layer.projections.input_proj.weight.grad.isfinite().all()


def test_queries_and_keys_that_are_not_read_are_not_projected() -> None:
    layer = Attention(D, H, mixer=UniformMixer())
    assert layer.projections.input_proj.out_features == D
    assert Attention(D, H, mixer=UniformMixer(), context_dim=10).projections.query_proj is None


def test_the_constructor_stays_small() -> None:
    assert len(inspect.signature(Attention).parameters) <= 12


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"num_heads": 5}, "num_heads (Attention) must divide dim=16. Got 5. Possible: 1, 2, 4, 8, 16."),
        ({"num_kv_heads": 3}, "num_kv_heads (Attention) must divide num_heads=4. Got 3. Possible: 1, 2, 4."),
        ({"num_kv_heads": 0}, "num_kv_heads (Attention) must be at least 1. Got 0."),
        ({"head_dim": 0}, "head_dim (Attention) must be at least 1. Got 0."),
        (
            {"causal": True, "context_dim": 8},
            "context_dim (Attention) must be None in causal attention. Got 8. Use causal=False for cross attention.",
        ),
        (
            {"position": Learned(D, 10)},
            "position (Attention) must be a rotary, bias or relative position; an input position is added once, "
            "before the first layer. Got Learned.",
        ),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{re.escape(said)}$"):
        Attention(**{"dim": D, "num_heads": H, **arguments})


def test_all_wrong_arguments_are_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Attention(D, 5, num_kv_heads=3, causal=True, context_dim=4)
    assert len(caught.value.faults) == 3


def test_a_mixer_without_scores_refuses_a_bias_when_the_layer_is_made() -> None:
    for mixer in (LinearMixer(), UniformMixer()):
        with pytest.raises(
            UnsupportedError, match=r"takes no position bias such as Alibi. Use a rotary or input position"
        ):
            Attention(D, H, position=Alibi(H), mixer=mixer)


@pytest.mark.parametrize(
    ("layer", "inputs", "options", "said"),
    [
        ({}, [(T, 15)], {}, r"x \(Attention\) must have shape \(B, T, 16\). Got \(2, 6, 15\)\."),
        ({}, [(T, D), (T, 15)], {}, r"context \(Attention\) must have shape \(2, S, 16\)"),
        ({"context_dim": 9}, [(T, D), (T, D)], {}, r"context \(Attention\) must have shape \(2, S, 9\)"),
        ({"context_dim": 9}, [(T, D)], {}, r"context \(Attention\) must be given, of width context_dim=9"),
        ({"causal": True}, [(T, D), (T, D)], {}, r"context \(Attention\) must be None in causal attention"),
        (
            {},
            [(T, D)],
            {"mask": Padding(torch.ones(2, 5, dtype=torch.bool))},
            r"Padding\.valid must have shape \(B=2, S=6\)",
        ),
        ({}, [(T, D)], {"mask": Dense(torch.ones(4, 4, dtype=torch.bool))}, r"Dense\.tensor must have shape"),
        ({}, [(T, D)], {"cache": GrowingCache(2)}, r"cache \(Attention\) must be None unless causal. Got GrowingCache"),
        ({"causal": True}, [(T, D)], {"cache": RecurrentCache(2)}, r"cache \(Attention\) must keep what SoftmaxMixer"),
        ({"causal": True}, [(T, D)], {"cache": RingCache(2, 3)}, r"Got RingCache. Use new_cache\(batch\)\."),
        ({}, [(T, D), (T, D)], {"cache": GrowingCache(2)}, r"must be a StaticCache with a context"),
        ({}, [(T, D)], {"cache": StaticCache(2)}, r"must be given the first time that a StaticCache is used"),
        ({"causal": True}, [(T, D)], {"cache": GrowingCache(3)}, r"batch \(GrowingCache\) must be 2, as in x. Got 3"),
    ],
)
def test_wrong_inputs_are_named(
    layer: dict[str, Any], inputs: list[tuple[int, int]], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Attention(D, H, **layer)(*(_x(*one) for one in inputs), **options)


def test_a_call_that_does_not_fit_leaves_the_cache_as_it_was() -> None:
    layer = Attention(D, H, causal=True)
    cache = layer.new_cache(B)
    layer(_x(), cache=cache)
    with pytest.raises(ConfigurationError):
        layer(_x(), mask=Documents(torch.zeros(B, T, dtype=torch.long)), cache=cache)
    assert cache.length == T


def test_a_ring_that_is_too_short_for_the_window_is_refused() -> None:
    layer = Attention(D, H, causal=True, mixer=WindowMixer(SoftmaxMixer(), 4, 0))
    layer(_x(), cache=RingCache(B, 5))
    with pytest.raises(ConfigurationError, match=r"must keep what WindowMixer needs. Got RingCache"):
        layer(_x(), cache=RingCache(B, 3))


def test_non_causal_self_attention_has_no_cache() -> None:
    with pytest.raises(UnsupportedError, match=r"causal \(Attention\) must be True to decode with a cache"):
        Attention(D, H).new_cache(1)


def test_the_layer_shows_its_plan() -> None:
    plan = Attention(D, H, causal=True).plan(_x())
    assert plan.chosen == "sdpa"
    assert "chosen" in plan.reasons()


@pytest.mark.parametrize("options", [{}, {"causal": True, "position": Rotary(4)}])
def test_the_layer_compiles_into_one_graph(options: dict[str, Any]) -> None:
    torch._dynamo.reset()
    layer = Attention(D, H, **options)
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    mask = Padding(torch.arange(T).expand(B, -1) < torch.tensor([[6], [3]]))
    torch.testing.assert_close(compiled(_x()), layer(_x()), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(compiled(_x(), mask=mask), layer(_x(), mask=mask), rtol=1e-5, atol=1e-6)
