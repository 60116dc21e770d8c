"""Which layers are looked at."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.errors import ConfigurationError
from attnframe.interpretation import attention_layers, watch


def three() -> nn.Sequential:
    return nn.Sequential(*(Attention(8, 2) for _ in range(3)))


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        (None, ["0", "1", "2"]),
        (["1"], ["1"]),
        ([0, -1], ["0", "2"]),
        ([-1, "0", 0], ["0", "2"]),
    ],
)
def test_layers_are_named_or_numbered_and_come_in_order(layers: list[str | int] | None, names: list[str]) -> None:
    assert list(attention_layers(three(), layers)) == names


def test_every_wrong_layer_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        attention_layers(three(), [3, "encoder", -4])
    assert [fault.got for fault in error.value.faults] == ["3", "'encoder'", "-4"]
    assert "must be from -3 to 2, the model having 3" in str(error.value)
    assert "Known: 0, 1, 2." in str(error.value)


def test_no_layer_at_all_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"must name a layer at least\. Use None for every layer"):
        attention_layers(three(), [])
    with pytest.raises(ConfigurationError, match=r"must hold an Attention layer. Got Linear"):
        attention_layers(nn.Linear(2, 2))


def test_layers_that_share_a_mixer_cannot_be_told_apart() -> None:
    mixer = SoftmaxMixer()
    model = nn.Sequential(Attention(8, 2, mixer=mixer), Attention(8, 2), Attention(8, 2, mixer=mixer))
    expected = r"2 \(interpretation\) must have mixer of its own, and shares with 0"
    with pytest.raises(ConfigurationError, match=expected), watch(model, ["2"], lambda *_: None):
        pass
    with watch(model, [1], lambda *_: None) as chosen:
        assert list(chosen) == ["1"]


def test_what_is_looked_at_is_what_the_mixer_had_and_gave() -> None:
    layer, seen = Attention(8, 2), []

    def look(name: str, mixer: Mixer, query: Tensor, key: Tensor, call: Call) -> None:
        seen.append((name, mixer is layer.mixer, query.shape, key.shape, call.extent.keys))

    with watch(layer, None, look):
        layer(torch.randn(3, 5, 8))
    layer(torch.randn(3, 5, 8))
    assert seen == [("", True, (3, 2, 5, 4), (3, 2, 5, 4), 5)]
