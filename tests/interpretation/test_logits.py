"""Sizes of attention logits."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention, masks, positions
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers import LinearMixer, SoftmaxMixer, WindowMixer
from attnframe.errors import UnsupportedError
from attnframe.interpretation import LogitSize, chunks, logit_size, logits, scoring_mixers, watch
from attnframe.masks import Mask

D, H, T = 8, 2, 6


def looked_at(layer: Attention, x: Tensor, mask: Mask | None = None) -> LogitSize:
    found: list[LogitSize] = []

    def look(name: str, mixer: Mixer, query: Tensor, key: Tensor, call: Call) -> None:
        found.append(logit_size(mixer, query, key, call))

    with watch(layer, None, look):
        layer(x, mask=mask)
    return found[0]


def test_logits_are_the_scores_of_visible_keys_with_their_bias() -> None:
    torch.manual_seed(0)
    layer, x = Attention(D, H, causal=True, position=positions.Alibi(H)), torch.randn(2, T, D)
    query, key, _ = (layer.projections.input_proj(x)).view(2, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
    at = torch.arange(T).unsqueeze(0)
    scores = query @ key.transpose(-1, -2) / (D // H) ** 0.5 + positions.Alibi(H).bias(at, at)
    scores = scores.masked_fill(torch.ones(T, T).triu(1).bool(), -math.inf)
    found = looked_at(layer, x)
    assert found.largest == pytest.approx(scores.max().item(), rel=1e-5)
    assert found.log_sum_exp == pytest.approx(scores.logsumexp(-1).mean().item(), rel=1e-5)


def test_queries_that_see_nothing_do_not_count() -> None:
    layer, x = Attention(D, H), torch.zeros(2, 4, D)
    valid = torch.tensor([[True, True, True, False], [False] * 4])
    assert looked_at(layer, x, masks.Padding(valid)) == LogitSize(0.0, pytest.approx(math.log(3)))
    nothing = looked_at(layer, x, masks.Padding(torch.zeros(2, 4, dtype=torch.bool)))
    assert nothing.largest == -math.inf
    assert math.isnan(nothing.log_sum_exp)


def test_chunks_change_nothing_and_a_sample_stays_near(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    layer, x = Attention(D, H), torch.randn(2, 64, D)
    whole = looked_at(layer, x)
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 2 * H * 64 * 4 * 3)
    parts = looked_at(layer, x)
    assert parts.largest == pytest.approx(whole.largest)
    assert parts.log_sum_exp == pytest.approx(whole.log_sum_exp)
    monkeypatch.setattr(logits, "MOST_SCORES", 2 * H * 64 * 16)
    sample = looked_at(layer, x)
    assert sample.largest <= whole.largest
    assert sample.log_sum_exp == pytest.approx(whole.log_sum_exp, abs=0.1)


def test_mixers_with_scores_are_found_inside_of_others() -> None:
    both = _Both()
    model = nn.ModuleDict({"a": Attention(D, H, mixer=WindowMixer(SoftmaxMixer(), 1, 1)), "b": Attention(D, H)})
    model["c"], model["d"] = Attention(D, H, mixer=LinearMixer()), Attention(D, H, mixer=both)
    found = scoring_mixers(model)
    assert list(found) == ["a", "b", "d.first", "d.second"]
    assert found["d.first"] is both.first


def test_a_mixer_without_scores_says_so() -> None:
    with pytest.raises(UnsupportedError, match=r"attention \(LinearMixer\) has no scores to show. Try attention=mha"):
        looked_at(Attention(D, H, mixer=LinearMixer()), torch.randn(1, 3, D))


class _Both(Mixer):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = SoftmaxMixer(), SoftmaxMixer()

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        out: Tensor = self.first(query, key, value, call) - self.second(query, key, value, call)
        return out
