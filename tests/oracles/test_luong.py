"""Luong's decoder against torch's LSTM and explicit attention: dot, general and concat scores, global and local."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.scores import Additive, Bilinear, Dot, Score
from attnframe.bridges import Luong

D, S, T = 6, 7, 5
Compare = Callable[[Tensor, Tensor], Tensor]


def dot(score: Any) -> Compare:
    return lambda query, key: query @ key


def general(score: Any) -> Compare:
    return lambda query, key: query @ score.weight[0] @ key


def concat(score: Any) -> Compare:
    """v^T tanh(W [q, k]) with W of two blocks side by side."""
    joined = torch.cat([score.query_weight[0], score.key_weight[0]])
    return lambda query, key: torch.tanh(torch.cat([query, key]) @ joined) @ score.vector[0]


SCORES: dict[str, tuple[Callable[[], Score], Callable[[Any], Compare]]] = {
    "dot": (Dot, dot),
    "general": (lambda: Bilinear(1, D), general),
    "concat": (lambda: Additive(1, D), concat),
}


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("input_feeding", [False, True])
@pytest.mark.parametrize("window", [None, 1])
def test_equals_torch_lstm_and_explicit_attention(
    name: str, input_feeding: bool, window: int | None, agree: Callable[..., None]
) -> None:
    """float64, 1e-8: the order of operations differs."""
    torch.manual_seed(0)
    make, formula = SCORES[name]
    attention = Attention(D, 1, context_dim=D, mixer=SoftmaxMixer(make()))
    ours = Luong(attention, input_feeding=input_feeding, window=window).double()
    own: Any = ours.recurrence.forwards
    lstm = nn.LSTM(own.input_size, D, batch_first=True).double()
    lstm.load_state_dict(own.state_dict())
    maps: Any = attention.projections
    key_weight, value_weight = maps.input_proj.weight.chunk(2)
    score: Any = attention.mixer.score
    context = torch.randn(2, S, D, dtype=torch.float64)

    def attend(state: Tensor, source: Tensor, place: int) -> Tensor:
        compare, query = formula(score), maps.query_proj.weight @ state
        near = [j for j in range(S) if window is None or abs(j - place) <= window]
        weights = torch.stack([compare(query, key_weight @ source[j]) for j in near]).softmax(0)
        mixed = sum(weight * (value_weight @ source[j]) for weight, j in zip(weights, near, strict=True))
        out: Tensor = maps.output_proj.weight @ mixed
        return out

    def theirs(x: Tensor) -> Tensor:
        hidden = torch.tanh(ours.start(context[:, 0]))[None]
        carried = (hidden, torch.zeros_like(hidden))
        said, outputs = torch.zeros_like(x[:, 0]), []
        for place in range(T):
            token = torch.cat([x[:, place], said], -1) if input_feeding else x[:, place]
            state, carried = lstm(token[:, None], carried)
            attended = torch.stack([attend(s[0], c, place) for s, c in zip(state, context, strict=True)])
            said = torch.tanh(torch.cat([attended, state[:, 0]], -1) @ ours.state.combine.weight.T)
            outputs.append(said)
        return torch.stack(outputs, 1)

    pairs = [(getattr(own, key), parameter) for key, parameter in lstm.named_parameters()]
    rest = [maps.query_proj.weight, maps.input_proj.weight, maps.output_proj.weight, *score.parameters()]
    rest += [*ours.start.parameters(), ours.state.combine.weight]
    agree(
        lambda x: ours(x, context),
        theirs,
        torch.randn(2, T, D, dtype=torch.float64),
        tolerance=1e-8,
        pairs=[*pairs, *((parameter, parameter) for parameter in rest)],
    )
