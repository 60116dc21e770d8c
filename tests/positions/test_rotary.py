from __future__ import annotations

import copy
import pickle

import pytest
import torch
from torch import Tensor
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

from attnframe.errors import ConfigurationError
from attnframe.positions import Rotary


def draw(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.double).to(dtype)


def half_split(x: Tensor) -> Tensor:
    """Features in Llama's order: the first of every pair, then the second."""
    return x.unflatten(-1, (-1, 2)).transpose(-1, -2).flatten(-2)


@pytest.mark.parametrize("base", [10000.0, 500000.0])
@pytest.mark.parametrize("positions", [torch.arange(9)[None], torch.tensor([[4, 0, 7, 1000, 2, 2, 31, 5, 6]])])
def test_equals_llama_up_to_the_order_of_features(base: float, positions: Tensor) -> None:
    config = LlamaConfig(
        hidden_size=32, num_attention_heads=2, rope_parameters={"rope_type": "default", "rope_theta": base}
    )
    query, key = draw(2, 2, 9, 16), draw(2, 1, 9, 16) + 1
    cos, sin = LlamaRotaryEmbedding(config)(query, positions)
    expected = apply_rotary_pos_emb(half_split(query), half_split(key), cos, sin)
    rotary = Rotary(16, base)
    for found, wanted in zip((rotary.rotate(query, positions), rotary.rotate(key, positions)), expected, strict=True):
        torch.testing.assert_close(half_split(found), wanted, rtol=1e-5, atol=1e-5)


def test_products_depend_on_the_distance_alone() -> None:
    rotary, query, key = Rotary(8), draw(1, 1, 1, 8, dtype=torch.double), draw(1, 1, 1, 8, dtype=torch.double) + 1

    def product(at_query: int, at_key: int) -> Tensor:
        turned = rotary.rotate(query, torch.tensor([[at_query]])), rotary.rotate(key, torch.tensor([[at_key]]))
        return (turned[0] * turned[1]).sum()

    for shift in (1, 7, 500):
        torch.testing.assert_close(product(5 + shift, 2 + shift), product(5, 2))
    assert abs(product(5, 2) - product(5, 3)) > 1e-3


def test_norms_are_kept_and_position_zero_turns_nothing() -> None:
    rotary, x = Rotary(8), draw(2, 3, 4, 8)
    positions = torch.tensor([[0, 3, 8, 1000], [0, 1, 2, 3]])
    turned = rotary.rotate(x, positions)
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1))
    assert torch.equal(turned[:, :, 0], x[:, :, 0])


def test_turning_back_restores() -> None:
    rotary, x, positions = Rotary(8), draw(2, 3, 4, 8, dtype=torch.double), torch.tensor([[0, 3, 8, 1000]])
    torch.testing.assert_close(rotary.rotate(rotary.rotate(x, positions), -positions), x)


def test_positions_of_each_batch_row_and_real_ones() -> None:
    rotary, x = Rotary(8), draw(2, 3, 4, 8)
    positions = torch.tensor([[0.0, 0.5, 1.0, 1.5], [3.0, 2.0, 1.0, 0.0]])
    turned = rotary.rotate(x, positions)
    for row in range(2):
        torch.testing.assert_close(turned[row : row + 1], rotary.rotate(x[row : row + 1], positions[row : row + 1]))
    torch.testing.assert_close(rotary.rotate(x[1:], positions[1:].long()), turned[1:])


def test_one_position_at_a_time_equals_all_at_once() -> None:
    rotary, x = Rotary(8), draw(2, 3, 6, 8)
    whole = rotary.rotate(x, torch.arange(6)[None])
    for step in range(6):
        one = rotary.rotate(x[:, :, step : step + 1], torch.tensor([[step]]))
        torch.testing.assert_close(one, whole[:, :, step : step + 1])


def test_kept_angles_never_serve_other_positions() -> None:
    rotary, x = Rotary(8), draw(1, 1, 3, 8)
    positions = torch.tensor([[0, 1, 2]])
    first = rotary.rotate(x, positions)
    positions += 4  # in place, as a decoding loop does
    assert torch.equal(rotary.rotate(x, positions), Rotary(8).rotate(x, torch.tensor([[4, 5, 6]])))
    assert torch.equal(rotary.rotate(x, torch.tensor([[0, 1, 2]])), first)
    torch.testing.assert_close(rotary.rotate(x.double(), positions), Rotary(8).rotate(x.double(), positions))


@pytest.mark.parametrize("positions", [torch.tensor([[1, 2]]), torch.tensor([[1.0, 2.0]])])
def test_angles_kept_in_inference_mode_do_not_break_training(positions: Tensor) -> None:
    rotary, x = Rotary(4), draw(1, 1, 2, 4).requires_grad_()
    with torch.inference_mode():
        rotary.rotate(x, positions)
    rotary.rotate(x, positions).sum().backward()
    assert x.grad is not None
    with torch.inference_mode():
        assert rotary.rotate(x, positions).shape == x.shape


def test_gradients_reach_features_and_real_positions() -> None:
    x = draw(1, 2, 3, 4, dtype=torch.double).requires_grad_()
    positions = torch.tensor([[0.5, 1.0, 4.0]], dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(Rotary(4).rotate, (x, positions))
    rotary = Rotary(4)
    for _ in range(2):  # nothing kept from the first pass may be in the way of the second
        rotary.rotate(x, positions).sum().backward()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_turns_in_float32(dtype: torch.dtype) -> None:
    rotary, x, positions = Rotary(8).to(dtype), draw(1, 2, 4, 8, dtype=dtype), torch.tensor([[0, 5, 900, 30000]])
    assert torch.equal(rotary.rotate(x, positions), Rotary(8).rotate(x.float(), positions).to(dtype))


def test_any_layout_of_the_input() -> None:
    rotary, positions, wide = Rotary(8), torch.arange(4)[None], draw(2, 4, 3, 9)
    for x in (wide[..., 1:].transpose(1, 2), wide[..., :8].transpose(1, 2), draw(2, 3, 8, 4).transpose(2, 3)):
        torch.testing.assert_close(
            rotary.rotate(x, positions), rotary.rotate(x.clone(memory_format=torch.contiguous_format), positions)
        )


def test_the_written_out_form_of_compilers_is_the_same() -> None:
    rotary, x, positions = Rotary(8), draw(2, 3, 4, 8), torch.arange(4)[None] + 3
    compiled = torch.compile(rotary.rotate, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x, positions), rotary.rotate(x, positions))


def test_works_without_values() -> None:
    x = torch.zeros(2, 3, 4, 8, device="meta")
    assert Rotary(8).rotate(x, torch.zeros(1, 4, dtype=torch.long, device="meta")).shape == x.shape


def test_copies_and_pickles_and_has_no_state() -> None:
    rotary, x, positions = Rotary(8), draw(1, 1, 3, 8), torch.arange(3)[None]
    expected = rotary.rotate(x, positions)
    for twin in (copy.deepcopy(rotary), pickle.loads(pickle.dumps(rotary))):
        assert torch.equal(twin.rotate(x, positions), expected)
    assert not rotary.state_dict()


def test_refuses_an_odd_width() -> None:
    with pytest.raises(
        ConfigurationError, match=r"Rotary\.head_dim must be even, since features turn in pairs\. Got 5\."
    ):
        Rotary(5)


@pytest.mark.parametrize("width", [2, 6])
def test_refuses_features_of_another_width(width: int) -> None:
    """An angle for one pair would turn all pairs."""
    with pytest.raises(ConfigurationError, match=rf"must turn the features that a head has, 8\. Got {width}\. Use"):
        Rotary(width).rotate(torch.ones(1, 1, 3, 8), torch.arange(3)[None])
