"""The encoder against its definition, for every registered variant."""

from __future__ import annotations

import pytest
import torch

from attnframe import masks
from attnframe.blocks import Activation, Norm, checkpoint_activations
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.models import Encoder
from attnframe.positions import Alibi, Rotary, Sinusoidal
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.window import WindowAttention

DIM, HEADS = 16, 4
MHA = MultiHeadAttention(num_heads=HEADS)


def test_equals_its_blocks_one_after_another(variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    position = Sinusoidal(DIM)
    encoder = Encoder(DIM, 3, variant, position)
    x = torch.randn(2, 7, DIM)
    valid = torch.tensor([[True] * 7, [True] * 4 + [False] * 3])
    mask = masks.Padding(valid)
    expected = position.add(x, torch.arange(7).unsqueeze(0))
    for block in encoder.blocks:
        expected = expected + block.self_attention(block.self_norm(expected), mask=mask)
        expected = expected + block.feed_forward(block.feed_forward_norm(expected))
    assert encoder.norm is not None
    torch.testing.assert_close(encoder(x, mask=mask), encoder.norm(expected))


def test_padding_changes_no_valid_output(variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    encoder = Encoder(DIM, 2, variant, Sinusoidal(DIM)).eval()
    x = torch.randn(1, 5, DIM)
    padded = torch.cat([x, torch.full((1, 3, DIM), 1e3)], 1)
    mask = masks.Padding(torch.arange(8).unsqueeze(0) < 5)
    torch.testing.assert_close(encoder(padded, mask=mask)[:, :5], encoder(x), atol=1e-5, rtol=1e-5)


def test_trains(variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    encoder = Encoder(DIM, 2, variant, Sinusoidal(DIM), dropout=0.1)
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=1e-2)
    x, target = torch.randn(4, 6, DIM), torch.randn(4, 6, DIM)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = (encoder(x) - target).square().mean()
        loss.backward()
        assert all(p.grad is not None and p.grad.isfinite().all() for p in encoder.parameters())
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("position", [Rotary(DIM // HEADS), Alibi(HEADS)], ids=["rope", "alibi"])
def test_a_position_inside_attention_reaches_every_layer(position: Rotary | Alibi) -> None:
    encoder = Encoder(DIM, 3, MHA, position)
    assert [block.self_attention.position for block in encoder.blocks] == [position] * 3
    assert encoder.position is None
    torch.manual_seed(0)
    x = torch.randn(1, 6, DIM)
    assert not torch.allclose(encoder(x), encoder(x, positions=torch.arange(6).unsqueeze(0) * 5))
    shifted = encoder(x, positions=torch.arange(6).unsqueeze(0) + 9)
    torch.testing.assert_close(encoder(x), shifted, atol=1e-5, rtol=1e-5)


def test_an_input_position_enters_once_at_the_input() -> None:
    encoder = Encoder(DIM, 3, MHA, Sinusoidal(DIM))
    assert isinstance(encoder.position, Sinusoidal)
    assert all(block.self_attention.position is None for block in encoder.blocks)


def test_without_a_position_order_means_nothing() -> None:
    torch.manual_seed(0)
    encoder = Encoder(DIM, 2, MHA).eval()
    x, order = torch.randn(2, 6, DIM), torch.randperm(6)
    torch.testing.assert_close(encoder(x[:, order]), encoder(x)[:, order], atol=1e-5, rtol=1e-5)


def test_a_graph_is_one_sequence_with_an_edge_mask() -> None:
    torch.manual_seed(0)
    encoder = Encoder(DIM, 2, MHA)
    nodes = torch.randn(1, 5, DIM)
    edge_index = torch.tensor([[0, 1, 2, 3, 0], [1, 2, 0, 3, 2]])
    adjacency = torch.zeros(5, 5, dtype=torch.bool)
    adjacency[edge_index[1], edge_index[0]] = True
    sparse = encoder(nodes, mask=masks.Edges(edge_index, num_queries=5, num_keys=5))
    dense = encoder(nodes, mask=masks.Dense(adjacency, axes="TS"))
    torch.testing.assert_close(sparse, dense, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(sparse, encoder(nodes))


def test_causal_encoder_does_not_see_the_future() -> None:
    torch.manual_seed(0)
    encoder = Encoder(DIM, 2, MHA, causal=True)
    x = torch.randn(1, 6, DIM)
    changed = x.clone()
    changed[:, 4:] += 1
    assert torch.equal(encoder(changed)[:, :4], encoder(x)[:, :4])


@pytest.mark.parametrize("activation", ["gelu", "relu", "silu", "squared_relu", "swiglu"])
@pytest.mark.parametrize("norm", ["layer", "rms"])
def test_state_dict_round_trip(activation: Activation, norm: Norm) -> None:
    torch.manual_seed(0)
    first, second = (Encoder(DIM, 2, MHA, Rotary(DIM // HEADS), activation=activation, norm=norm) for _ in range(2))
    x = torch.randn(2, 4, DIM)
    assert not torch.equal(first(x), second(x))
    second.load_state_dict(first.state_dict())
    assert torch.equal(first(x), second(x))


def test_activation_checkpointing_changes_no_gradient(variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    encoder = Encoder(DIM, 2, variant, Sinusoidal(DIM), dropout=0.3)
    x = torch.randn(2, 6, DIM)
    gradients = []
    for enabled in (False, True):
        checkpoint_activations(encoder, enabled)
        encoder.zero_grad()
        torch.manual_seed(1)
        encoder(x).square().sum().backward()
        gradients.append([p.grad.clone() for p in encoder.parameters() if p.grad is not None])
    assert len(gradients[0]) == len(list(encoder.parameters()))
    for plain, checkpointed in zip(*gradients, strict=True):
        torch.testing.assert_close(plain, checkpointed)


def test_final_norm_is_optional() -> None:
    torch.manual_seed(0)
    with_norm, without = Encoder(DIM, 1, MHA), Encoder(DIM, 1, MHA, final_norm=False)
    without.load_state_dict(with_norm.state_dict(), strict=False)
    x = torch.randn(1, 3, DIM)
    assert with_norm.norm is not None
    torch.testing.assert_close(with_norm(x), with_norm.norm(without(x)))


def test_builds_on_the_meta_device(variant: AttentionVariant) -> None:
    with torch.device("meta"):
        encoder = Encoder(DIM, 2, variant, Sinusoidal(DIM))
        assert encoder(torch.empty(2, 6, DIM)).shape == (2, 6, DIM)


def test_all_sizes_out_of_range_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Encoder(18, 0, MHA, mlp_ratio=0, dropout=1.5)
    text = str(caught.value)
    for part in ("depth must be at least 1", "mlp_ratio must be above 0", "dropout must be from 0 to 1", "dim=18"):
        assert part in text


def test_a_cache_needs_causal_blocks() -> None:
    with pytest.raises(UnsupportedError, match=r"Encoder\.new_caches needs causal blocks.*Use a Decoder"):
        Encoder(DIM, 1, MHA).new_caches(1)


def test_a_variant_that_cannot_is_refused_by_name() -> None:
    class CausalOnly(WindowAttention):
        capabilities = MHA.capabilities.__class__(noncausal=False)

    with pytest.raises(UnsupportedError, match=r"attention=window .*must be capable of non-causal attention"):
        Encoder(DIM, 1, CausalOnly())
