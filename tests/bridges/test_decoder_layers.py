"""Bahdanau's and Luong's decoders: steps, padding, gradients, one projection of the context; a reversal is
learnt.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from attnframe import Attention
from attnframe.attention.mixer import Mixer
from attnframe.attention.mixers import SoftmaxMixer, UniformMixer
from attnframe.attention.scores import Additive, Bilinear
from attnframe.bridges import Bahdanau, Luong, Recurrence, RecurrentDecoderLayer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Padding, Window

Make = Callable[[Attention], RecurrentDecoderLayer]
LAYERS: dict[str, Make] = {
    "bahdanau": Bahdanau,
    "bahdanau, lstm, two layers": lambda attention: Bahdanau(attention, cell="lstm", layers=2),
    "luong": Luong,
    "luong, gru, two layers": lambda attention: Luong(attention, cell="gru", layers=2),
    "luong, fed": lambda attention: Luong(attention, input_feeding=True),
    "luong, fed, gru": lambda attention: Luong(attention, input_feeding=True, cell="gru"),
    "luong, local": lambda attention: Luong(attention, window=1),
    "luong, local, fed": lambda attention: Luong(attention, window=1, input_feeding=True),
}


@pytest.fixture(params=LAYERS)
def layer(request: pytest.FixtureRequest) -> RecurrentDecoderLayer:
    torch.manual_seed(0)
    return LAYERS[request.param](Attention(8, 2, context_dim=12))


def test_steps_equal_the_whole_and_project_the_context_once(layer: RecurrentDecoderLayer) -> None:
    x, context = torch.randn(2, 6, 8), torch.randn(2, 5, 12)
    mask = Padding(torch.arange(5) < torch.tensor([[5], [3]]))
    cache = layer.new_cache(2)
    with torch.no_grad():
        first = layer(x[:, :2], context, context_mask=mask, cache=cache)
        held = {name: tensor.data_ptr() for name, tensor in cache.attention.state.items()}
        rest = [layer(part, None, context_mask=mask, cache=cache) for part in x[:, 2:].split([1, 2, 1], dim=1)]
    full = layer(x, context, context_mask=mask)
    torch.testing.assert_close(torch.cat([first, *rest], 1), full, atol=1e-6, rtol=1e-5)
    assert {name: tensor.data_ptr() for name, tensor in cache.attention.state.items()} == held
    assert cache.length == 6


def test_beams_and_a_fresh_start(layer: RecurrentDecoderLayer) -> None:
    x, context, order = torch.randn(2, 5, 8), torch.randn(2, 4, 12), torch.tensor([1, 0, 1])
    cache = layer.new_cache(2)
    with torch.no_grad():
        layer(x[:, :3], context, cache=cache)
        cache.reorder(order)
        rest = layer(x[order, 3:], context[order], cache=cache)
        torch.testing.assert_close(rest, layer(x, context)[order, 3:])
        cache.crop(0)
        assert cache.attention.length == 4, "the context stays"
        torch.testing.assert_close(layer(x[order], context[order], cache=cache), layer(x[order], context[order]))


def test_padding_of_the_context_changes_nothing(layer: RecurrentDecoderLayer) -> None:
    x, context = torch.randn(1, 4, 8), torch.randn(1, 5, 12)
    padded = torch.cat([context, torch.full((1, 2, 12), 1e3)], 1)
    mask = Padding(torch.arange(7).unsqueeze(0) < 5)
    torch.testing.assert_close(layer(x, padded, context_mask=mask), layer(x, context), atol=1e-6, rtol=1e-5)


def test_the_future_is_not_seen_and_gradients_reach_everything(layer: RecurrentDecoderLayer) -> None:
    x, context = torch.randn(2, 5, 8), torch.randn(2, 5, 12, requires_grad=True)
    changed = x.clone()
    changed[:, 3:] += 1
    torch.testing.assert_close(layer(changed, context)[:, :3], layer(x, context)[:, :3])
    layer(x, context).square().sum().backward()
    assert context.grad is not None
    assert context.grad.abs().sum(-1).gt(0).all()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in layer.parameters())


def test_what_cannot_be_is_refused() -> None:
    attention = Attention(8, 2, context_dim=12)
    with pytest.raises(ConfigurationError, match=r"attention \(Luong\) must be cross attention, made with context_dim"):
        Luong(Attention(8, 2))
    with pytest.raises(ConfigurationError, match=r"window \(Luong\) must be at least 0, or None for all. Got -1"):
        Luong(attention, window=-1)
    x, context = torch.randn(2, 3, 8), torch.randn(2, 4, 12)
    with pytest.raises(ConfigurationError, match=r"context \(Bahdanau\) must be given before the first token"):
        Bahdanau(attention)(x, None)
    with pytest.raises(UnsupportedError, match=r"mask \(Luong\) must say no more than which tokens are padding"):
        Luong(attention)(x, context, context_mask=Window(1, 1))


SCORES: dict[str, Callable[[], Mixer]] = {
    "bahdanau": lambda: SoftmaxMixer(Additive(1, 24)),
    "luong": lambda: SoftmaxMixer(Bilinear(1, 24)),
}


@pytest.mark.parametrize("name", SCORES)
def test_a_reversal_is_learnt_by_attending(name: str) -> None:
    """Six symbols of twelve, in 180 steps; uniform weights are the control."""
    losses = {}
    for attends in (True, False):
        torch.manual_seed(0)
        mixer = SCORES[name]() if attends else UniformMixer()
        decoder = LAYERS[name](Attention(24, 1, context_dim=24, mixer=mixer))
        encoder = Recurrence(24, 24, "gru", bidirectional=True)
        embedding, head = nn.Embedding(13, 24), nn.Linear(24, 12)
        optimiser = torch.optim.Adam(nn.ModuleList([encoder, decoder, embedding, head]).parameters(), lr=2e-2)
        for _ in range(180):
            source = torch.randint(12, (48, 6))
            target = source.flip(1)
            before = torch.cat([torch.full((48, 1), 12), target[:, :-1]], 1)
            out = head(decoder(embedding(before), encoder(embedding(source))))
            loss = nn.functional.cross_entropy(out.flatten(0, 1), target.flatten())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        losses[attends] = loss.item()
    assert losses[True] < 0.5 * losses[False], losses
