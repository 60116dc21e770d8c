"""Bahdanau's decoder against torch's cells in an explicit loop over the target, sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.scores import Additive
from attnframe.bridges import Bahdanau
from attnframe.masks import Padding

D, C, S = 6, 10, 7
LENGTHS = (7, 4)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_equals_torch_cells_and_an_explicit_loop(cell: Any, agree: Callable[..., None]) -> None:
    """float64, 1e-8: the order of operations differs. The oracle knows no padding: it gets the real tokens only."""
    torch.manual_seed(0)
    attention = Attention(D, 1, context_dim=C, mixer=SoftmaxMixer(Additive(1, D)))
    ours = Bahdanau(attention, cell=cell).double()
    own: Any = ours.recurrence.forwards
    step = (nn.GRUCell if cell == "gru" else nn.LSTMCell)(2 * D, D).double()
    for name, parameter in step.named_parameters():
        parameter.data.copy_(getattr(own, f"{name}_l0").data)
    maps: Any = attention.projections
    key_weight, value_weight = maps.input_proj.weight.chunk(2)
    score: Any = attention.mixer.score
    context = torch.randn(2, S, C, dtype=torch.float64)
    valid = torch.arange(S) < torch.tensor(LENGTHS)[:, None]

    def attend(state: Tensor, source: Tensor) -> Tensor:
        """c = sum_j softmax_j(v^T tanh(W s + U h_j)) h_j, behind the layer's projections."""
        query = score.query_weight[0].T @ (maps.query_proj.weight @ state)
        energies = [score.vector[0] @ torch.tanh(query + score.key_weight[0].T @ (key_weight @ h)) for h in source]
        weights = torch.stack(energies).softmax(0)
        mixed = sum(weight * (value_weight @ h) for weight, h in zip(weights, source, strict=True))
        out: Tensor = maps.output_proj.weight @ mixed
        return out

    def theirs(x: Tensor) -> Tensor:
        sentences = []
        for target, source, length in zip(x, context, LENGTHS, strict=True):
            hidden = torch.tanh(ours.start(source[0]))
            carried = (hidden, torch.zeros_like(hidden))
            outputs = []
            for token in target:
                attended = attend(carried[0], source[:length])
                given = torch.cat([token, attended])
                carried = (step(given, carried[0]), carried[1]) if cell == "gru" else step(given, carried)
                pieces = ours.deep_output(torch.cat([carried[0], token, attended]))
                outputs.append(torch.maximum(pieces[0::2], pieces[1::2]))
            sentences.append(torch.stack(outputs))
        return torch.stack(sentences)

    pairs = [(getattr(own, f"{name}_l0"), parameter) for name, parameter in step.named_parameters()]
    rest = [maps.query_proj.weight, maps.input_proj.weight, maps.output_proj.weight, *score.parameters()]
    rest += [*ours.start.parameters(), *ours.deep_output.parameters()]
    agree(
        lambda x: ours(x, context, context_mask=Padding(valid)),
        theirs,
        torch.randn(2, 5, D, dtype=torch.float64),
        tolerance=1e-8,
        pairs=[*pairs, *((parameter, parameter) for parameter in rest)],
    )
