"""A split of sequences of different lengths, held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

NOTHING: Mapping[str, Tensor] = MappingProxyType({})


class PaddedSplit:
    """Sequences with what belongs to each of them. A batch is a dict of the same names, in which sequences are filled
    up with 0 to the longest one of the batch: let 0 stand for nothing else. It is a `MeasuredSplit`: training puts
    sequences of about the same length together.

    Args:
        sequences: by name, N tensors (T_i, ...) each; the lengths are those of the first name.
        columns: by name, a tensor (N, ...) each.
    """

    def __init__(self, sequences: Mapping[str, Sequence[Tensor]], columns: Mapping[str, Tensor] = NOTHING) -> None:
        self.sequences, self.columns = sequences, columns
        self.lengths = torch.tensor([len(one) for one in next(iter(sequences.values()))], dtype=torch.int64)

    def __len__(self) -> int:
        return len(self.lengths)

    def part(self, rows: Sequence[int]) -> PaddedSplit:
        """The examples at some rows, as a split of their own."""
        chosen = torch.as_tensor(rows, dtype=torch.int64)
        sequences = {name: [one[row] for row in chosen.tolist()] for name, one in self.sequences.items()}
        return PaddedSplit(sequences, {name: column[chosen] for name, column in self.columns.items()})

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The examples at `indices` (n,): sequences (n, T, ...), columns (n, ...)."""
        at = indices.tolist()
        padded = {name: pad_sequence([one[i] for i in at], batch_first=True) for name, one in self.sequences.items()}
        return padded | {name: column[indices] for name, column in self.columns.items()}
