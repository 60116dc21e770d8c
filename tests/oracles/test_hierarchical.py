"""The hierarchical attention network against torch's GRU over packed sequences and the paper's pooling, document by
document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from attnframe.bridges import Recurrence
from attnframe.models import Hierarchical

D = 6
WORDS = ((4, 2, 3), (5, 1))
"""Words of each sentence of each document."""


def gru_of(recurrence: Recurrence) -> nn.GRU:
    """Torch's GRU both ways with the weights of ours."""
    gru = nn.GRU(D, D // 2, batch_first=True, bidirectional=True).double()
    state = {
        f"{name}{ending}": tensor
        for ending, own in (("", recurrence.forwards), ("_reverse", recurrence.backwards))
        for name, tensor in own.state_dict().items()
    }
    gru.load_state_dict(state)
    return gru


def pooled(level: Any, states: Tensor) -> Tensor:
    """sum_t softmax_t(u^T tanh(W h_t + b)) h_t of states (T, D)."""
    pooling = level.pooling
    hidden = torch.tanh(states @ pooling.hidden.weight.T + pooling.hidden.bias)
    return (hidden @ pooling.context).softmax(0) @ states


def test_equals_torch_gru_and_explicit_pooling(agree: Callable[..., None]) -> None:
    """float64, 1e-8: the order of operations differs. Ours is padded, the oracle is not."""
    torch.manual_seed(0)
    words, sentences = (Recurrence(D, D, "gru", bidirectional=True) for _ in range(2))
    ours = Hierarchical(words, sentences, D).double()
    grus = gru_of(words), gru_of(sentences)
    valid = torch.zeros(2, 3, 5, dtype=torch.bool)
    for row, document in enumerate(WORDS):
        for number, length in enumerate(document):
            valid[row, number, :length] = True

    def theirs(x: Tensor) -> Tensor:
        documents = []
        for row, document in enumerate(WORDS):
            packed = pack_padded_sequence(
                x[row, : len(document)], torch.tensor(document), batch_first=True, enforce_sorted=False
            )
            states, _ = pad_packed_sequence(grus[0](packed)[0], batch_first=True)
            vectors = [pooled(ours.items, own[:length]) for own, length in zip(states, document, strict=True)]
            documents.append(pooled(ours.parts, grus[1](torch.stack(vectors))[0]))
        return torch.stack(documents)

    pairs = []
    for recurrence, gru in zip((words, sentences), grus, strict=True):
        for ending, own in (("", recurrence.forwards), ("_reverse", recurrence.backwards)):
            pairs += [(p, getattr(gru, f"{name}{ending}")) for name, p in own.named_parameters()]
    pools = [p for level in (ours.items, ours.parts) for p in level.pooling.parameters()]
    agree(
        lambda x: ours(x, valid=valid),
        theirs,
        torch.randn(2, 3, 5, D, dtype=torch.float64),
        tolerance=1e-8,
        pairs=[*pairs, *((parameter, parameter) for parameter in pools)],
    )
