"""Weights as a side computation."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from attnframe import Attention, capture
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers import LinearMixer, SoftmaxMixer, WindowMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.interpretation import chunks as module
from attnframe.masks import Edges, Padding

D, H = 8, 2


class _Two(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Attention(D, H, causal=True), Attention(D, H, mixer=LinearMixer())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.second(self.first(x))


def test_weights_come_by_the_name_of_the_layer() -> None:
    model, x = _Two(), torch.randn(3, 5, D)
    with capture(model) as captured:
        model(x)
    assert set(captured) == {"first", "second"}
    assert captured["first"].shape == (3, H, 5, 5)
    assert not captured["first"].triu(1).any()


def test_weights_are_the_softmax_of_the_scores() -> None:
    layer, x = Attention(D, H), torch.randn(2, 5, D)
    with capture(layer) as captured:
        layer(x)
    query, key, _ = (x @ layer.projections.input_proj.weight.T).view(2, 5, 3, H, D // H).permute(2, 0, 3, 1, 4)
    expected = torch.softmax(query @ key.transpose(-1, -2) / (D // H) ** 0.5, dim=-1)
    torch.testing.assert_close(captured[""], expected)


def test_chunks_of_the_side_computation_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, x = Attention(D, H, mixer=WindowMixer(SoftmaxMixer(), 2, 1)), torch.randn(2, 9, D)
    mask = Padding(torch.arange(9).expand(2, -1) < 7)
    results = []
    for size in (2**24, 1):
        monkeypatch.setattr(module, "CHUNK_BYTES", size)
        with capture(layer) as captured:
            layer(x, mask=mask)
        results.append(captured[""])
    torch.testing.assert_close(results[0], results[1], rtol=0, atol=1e-7)


def test_chosen_layers_alone_are_captured() -> None:
    model, x = _Two(), torch.randn(3, 5, D)
    with capture(model) as every, capture(model, layers=["second"]) as second, capture(model, layers=[0]) as first:
        model(x)
    assert [*first, *second] == ["first", "second"]
    assert torch.equal(first["first"], every["first"])
    assert torch.equal(second["second"], every["second"])


def test_a_measure_must_keep_the_rows() -> None:
    layer = Attention(D, H)
    expected = r"measure=<lambda> \(capture\) must give .*, here t=3. Got shape \(1, 2\)"
    with pytest.raises(ConfigurationError, match=expected), capture(layer, measure=lambda w: w.sum((-1, -2))):
        layer(torch.randn(1, 3, D))


def test_weights_over_edges_are_dense() -> None:
    layer = Attention(D, H)
    with capture(layer) as captured:
        layer(torch.randn(1, 4, D), mask=Edges(torch.tensor([[0, 1, 3], [2, 2, 1]]), 4))
    assert captured[""][0, 0].gt(0).nonzero().tolist() == [[1, 3], [2, 0], [2, 1]]


def test_nothing_is_watched_any_more_after_an_error() -> None:
    layer = Attention(D, H)

    def fail() -> None:
        with capture(layer):
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    assert not layer.mixer._forward_hooks


def test_a_model_without_attention_is_refused() -> None:
    with (
        pytest.raises(ConfigurationError, match=r"model \(interpretation\) must hold an Attention layer. Got Linear"),
        capture(nn.Linear(2, 2)),
    ):
        pass


class _Opaque(Mixer):
    def forward(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, call: Call) -> torch.Tensor:
        return query


def test_a_mixer_without_weights_says_so() -> None:
    layer = Attention(D, H, mixer=_Opaque())
    with capture(layer), pytest.raises(UnsupportedError, match=r"attention \(_Opaque\) has no weights to show"):
        layer(torch.randn(1, 3, D))


def test_a_recurrent_state_has_no_weights_to_show() -> None:
    layer = Attention(D, H, causal=True, mixer=LinearMixer())
    with capture(layer), pytest.raises(UnsupportedError, match="holds no past keys to show weights of"):
        layer(torch.randn(1, 3, D), cache=layer.new_cache(1))
