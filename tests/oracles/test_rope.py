"""Rotary positions and their scalings against Llama's attention in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.llama.modeling_llama import LlamaAttention, LlamaRotaryEmbedding

from attnframe.attention.layer import Attention
from attnframe.positions import (
    LinearScaling,
    Llama3Scaling,
    LongRopeScaling,
    NtkScaling,
    Rotary,
    RotaryScaling,
    YarnScaling,
)

D, H, K, E, T, ORIGINAL, LONGEST = 64, 4, 2, 16, 40, 32, 128
FACTORS = [1.0, 1.2, 1.5, 2.0, 2.7, 3.1, 3.6, 4.0]
CASES: dict[str, tuple[dict[str, Any], RotaryScaling | None]] = {
    "default": ({}, None),
    "linear": ({"factor": 4.0}, LinearScaling(4.0)),
    "dynamic": ({"factor": 3.0}, NtkScaling.for_length(T, ORIGINAL, 3.0)),
    "yarn": ({"factor": 4.0, "original_max_position_embeddings": ORIGINAL}, YarnScaling(4.0, ORIGINAL)),
    "llama3": (
        {
            "factor": 4.0,
            "original_max_position_embeddings": ORIGINAL,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
        },
        Llama3Scaling(4.0, ORIGINAL),
    ),
    "longrope": (
        {
            "factor": 4.0,
            "original_max_position_embeddings": ORIGINAL,
            "long_factor": FACTORS,
            "short_factor": [1.0] * 8,
        },
        LongRopeScaling(FACTORS, 4.0, ORIGINAL),
    ),
}
each = pytest.mark.parametrize("kind", list(CASES))


def config(kind: str, base: float = 10000.0, **changed: Any) -> LlamaConfig:
    # Dynamic scaling compares the length of a call with this one; the others look at their own.
    longest = ORIGINAL if kind == "dynamic" else LONGEST
    made = LlamaConfig(
        hidden_size=D,
        num_attention_heads=H,
        num_key_value_heads=K,
        max_position_embeddings=longest,
        rope_parameters={"rope_type": kind, "rope_theta": base, **CASES[kind][0], **changed},
    )
    made._attn_implementation = "eager"
    return made


def paired(weight: Tensor) -> Tensor:
    """Rows of a projection with the halves of each head's features interleaved, as neighbours are paired here."""
    return weight.view(-1, 2, E // 2, D).transpose(1, 2).reshape(-1, D)


@each
def test_equals_llama_at_a_length_beyond_pre_training(kind: str, agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    peer, turns = LlamaAttention(config(kind), 0).eval(), LlamaRotaryEmbedding(config(kind))
    layer = Attention(D, H, num_kv_heads=K, causal=True, position=Rotary(E, scaling=CASES[kind][1])).eval()
    maps: Any = layer.projections
    query, key = paired(peer.q_proj.weight.data), paired(peer.k_proj.weight.data)
    maps.input_proj.weight.data = torch.cat([query, key, peer.v_proj.weight.data])
    maps.output_proj.load_state_dict(peer.o_proj.state_dict())
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, turns(x, torch.arange(T)[None]), hidden)[0]
        return out

    agree(layer, theirs, torch.randn(2, T, D), pairs=[(maps.output_proj.weight, peer.o_proj.weight)])


@pytest.mark.parametrize("base", [100.0, 10000.0, 500000.0])
@pytest.mark.parametrize("kind", [kind for kind in CASES if kind != "default"])
def test_frequencies_and_attention_factors_are_those_of_transformers(kind: str, base: float) -> None:
    wanted, factor = ROPE_INIT_FUNCTIONS[kind](config(kind, base), torch.device("cpu"), seq_len=T)
    scaling = CASES[kind][1]
    assert scaling is not None
    frequency = 1 / base ** (torch.arange(0, E, 2) / E)
    torch.testing.assert_close(scaling.scaled(frequency, base), wanted, rtol=1e-5, atol=0)
    assert scaling.attention_factor == pytest.approx(factor)


@pytest.mark.parametrize("original", [8, 64, 4096, 65536])
@pytest.mark.parametrize("changed", [{}, {"beta_fast": 8.0, "beta_slow": 2.0}, {"attention_factor": 1.5}])
def test_yarn_with_other_turns_and_lengths(original: int, changed: dict[str, float]) -> None:
    given = config("yarn", original_max_position_embeddings=original, **changed)
    wanted, factor = ROPE_INIT_FUNCTIONS["yarn"](given, torch.device("cpu"))
    fast, slow = changed.get("beta_fast", 32.0), changed.get("beta_slow", 1.0)
    scaling = YarnScaling(4.0, original, changed.get("attention_factor"), fast, slow)
    frequency = 1 / 10000.0 ** (torch.arange(0, E, 2) / E)
    torch.testing.assert_close(scaling.scaled(frequency, 10000.0), wanted, rtol=1e-5, atol=0)
    assert scaling.attention_factor == pytest.approx(factor)


def test_the_layer_is_a_plain_one() -> None:
    """The oracle would prove little if the layer had parts of its own besides the projections."""
    layer = Attention(D, H, position=Rotary(E))
    assert sum(isinstance(module, nn.Linear) for module in layer.modules()) == 2
