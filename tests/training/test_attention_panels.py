"""The attention part of a report."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers.differential import DifferentialMixer
from attnframe.pictures import draw
from attnframe.training.attention_panels import MOST_HEADS, MOST_PLACES, attention_panels


class Reader(nn.Module):
    """Some layers on (B, T, 16); its loss is only their output."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(layers)

    def loss(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        x = batch
        for layer in self.blocks:
            x = layer(x)
        return x.sum(), x


class Opaque(Mixer):
    """Has no weights."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        return value


def shown(module: Any, length: int = 6, scale: float = 1.0) -> list[dict[str, Any]]:
    """The panels of a random input, or with scale 0 of one whose keys are all alike."""
    torch.manual_seed(0)
    panels = [panel.plain() for panel in attention_panels(module.eval(), scale * torch.randn(1, length, 16))]
    assert all(draw(panel) for panel in panels)
    return [panel["arguments"] | {"picture": panel["picture"]} for panel in panels]


def test_uniform_weights_have_spread_one_and_equal_shares() -> None:
    spread, sink, first, *_ = shown(Reader(Attention(16, 2)), length=5, scale=0)
    assert spread["matrix"] == [[1.0, 1.0]]
    assert sink["matrix"] == [[0.2, 0.2]]
    assert first["matrix"] == [[0.2] * 5] * 5


def test_hidden_keys_do_not_count_as_spread() -> None:
    spread, sink, *_ = shown(Reader(Attention(16, 2, causal=True)), length=4, scale=0)
    assert spread["matrix"] == [[1.0, 1.0]]  # of the queries that see two keys or more
    assert sink["matrix"][0] == pytest.approx([(1 + 1 / 2 + 1 / 3 + 1 / 4) / 4] * 2, abs=1e-3)


def test_layers_are_named_by_what_tells_them_apart() -> None:
    spread, *_ = shown(Reader(Attention(16, 2), Attention(16, 4)))
    assert spread["rows"] == ["layer 0", "layer 1"]
    assert [row.count(None) for row in spread["matrix"]] == [2, 0]


def test_long_inputs_and_many_heads_are_cut_down() -> None:
    panels = shown(Reader(Attention(16, 16)), length=200)
    maps = [panel for panel in panels if panel["picture"] == "heatmap" and "head" in panel["title"]]
    assert all(len(panel["matrix"]) <= MOST_PLACES for panel in panels if "matrix" in panel)
    assert panels[-1]["text"].startswith(f"{MOST_HEADS} of 16 heads of the last layer are shown")
    assert len(maps) == MOST_HEADS


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (Reader(nn.Linear(16, 16)), "must hold an Attention layer"),
        (Reader(Attention(16, 2, mixer=Opaque())), "has no weights to show"),
    ],
)
def test_the_reason_is_said_where_there_are_no_weights(module: Reader, reason: str) -> None:
    (only,) = shown(module)
    assert only["picture"] == "remark"
    assert reason in only["text"]


def test_weights_below_zero_are_drawn_without_measures() -> None:
    *maps, about, why = shown(Reader(Attention(16, 2, mixer=DifferentialMixer(8))))
    assert [panel["title"] for panel in maps] == ["layer, head 0", "layer, head 1"]
    assert maps[0]["limits"][0] < 0
    assert about["text"].startswith("2 of 2 heads")
    assert "must be at least 0" in why["text"]
