"""A part as whole batches, cut from sentences that lie end to end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, PAD

PairBatch = dict[str, Any]
"""``source`` (B, S): the sentence and its end; ``target`` (B, T + 1): begin, the translation, its end; int64, padded
behind. Parts that are scored have ``references`` too, the B translations as they were written."""


class Padded:
    """Token ids of sentences, cut out as padded rows.

    Args:
        sentences: token ids of each.
    """

    def __init__(self, sentences: Sequence[Sequence[int]]) -> None:
        self.lengths = torch.tensor([len(sentence) for sentence in sentences])
        self._starts = self.lengths.cumsum(0) - self.lengths
        self._tokens = torch.tensor([token for sentence in sentences for token in sentence] + [PAD])

    def rows(self, indices: Tensor) -> Tensor:
        """(n, most tokens of one) token ids of the sentences at `indices` (n,)."""
        lengths = self.lengths[indices].unsqueeze(1)
        places = torch.arange(int(lengths.max()))
        inside = places < lengths
        return self._tokens[(self._starts[indices].unsqueeze(1) + places).where(inside, torch.tensor(-1))]


class PairSplit:
    """The pairs of a part.

    Args:
        source: token ids of each sentence. target: those of its translation.
        references: the translations as they were written; None for a part that is not scored.
    """

    def __init__(
        self, source: Sequence[Sequence[int]], target: Sequence[Sequence[int]], references: Sequence[str] | None = None
    ) -> None:
        self.source = Padded([[*tokens, END] for tokens in source])
        self.target = Padded([[BEGIN, *tokens, END] for tokens in target])
        self.references = references

    def __len__(self) -> int:
        return len(self.source.lengths)

    @property
    def lengths(self) -> Tensor:
        """(N,) by which pairs share batches: tokens of the longer of both, then of the translation, then of the
        sentence."""
        source, target = self.source.lengths, self.target.lengths
        longer = torch.maximum(source, target)
        base = 1 + int(longer.max())
        return (longer * base + target) * base + source

    def batch(self, indices: Tensor) -> PairBatch:
        """The pairs at `indices` (B,)."""
        batch: PairBatch = {"source": self.source.rows(indices), "target": self.target.rows(indices)}
        if self.references is not None:
            batch["references"] = [self.references[index] for index in indices.tolist()]
        return batch
