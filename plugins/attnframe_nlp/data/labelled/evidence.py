"""What each token, and each pair of neighbours, says about the class of a text, counted in the training part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe_nlp.data.sequences.vocabulary import SPECIAL

FOLDS: Final = 10
"""Parts of the training texts: what is told of a text's tokens is counted in the nine parts that it is not in."""
Rows = Sequence[npt.NDArray[np.int64]]


def log_count_ratios(rows: Rows, labels: npt.NDArray[np.int64], size: int, classes: int) -> npt.NDArray[np.float32]:
    r"""Log-count ratios (V, C) of features, those of naive Bayes (Wang and Manning 2012,
    https://aclanthology.org/P12-2018): above 0 where a feature speaks for a class, 0 where no text holds it.

    .. math:: r_{wc} = \ln \frac{n_{wc} + 1}{\sum_v (n_{vc} + 1)} - \ln \frac{\bar n_{wc} + 1}{\sum_v (\bar n_{vc} + 1)}

    n counts the texts of class c that hold the feature, and :math:`\bar n` those of other classes.

    Args:
        rows: features of each text. labels: (N,) class of each. size: number of features V. classes: C.
    """
    counts = np.zeros((size, classes))
    for row, label in zip(rows, labels, strict=True):
        counts[np.unique(row), label] += 1
    inside, outside = counts + 1, counts.sum(1, keepdims=True) - counts + 1
    ratios: npt.NDArray[np.float64] = np.log(inside / inside.sum(0)) - np.log(outside / outside.sum(0))
    ratios[counts.sum(1) == 0] = 0
    return ratios.astype(np.float32)


def fold_of(count: int) -> npt.NDArray[np.int64]:
    """The fold of each of `count` training texts, the same in every run."""
    return np.random.default_rng(0).permutation(count) % FOLDS


class Evidence:
    """The ratios of tokens and of pairs of neighbours, in one table for all texts or in one a fold.

    Args:
        keys: (P,) the pairs that training holds, first * V + second, ascending.
        tokens: (F, V, C) ratios of tokens; padding and unknown tokens say nothing.
        pairs: (F, P, C) ratios of pairs.
    """

    def __init__(self, keys: Tensor, tokens: Tensor, pairs: Tensor) -> None:
        self.keys, self.tokens, self.pairs = keys, tokens, pairs

    @classmethod
    def count(cls, rows: Rows, labels: npt.NDArray[np.int64], size: int, classes: int, folds: bool) -> Evidence:
        """Count training texts.

        Args:
            rows: ids of each text. labels: (N,) class of each. size: vocabulary V. classes: C.
            folds: whether each fold has a table of its own, in which its texts do not count: what a text itself says
                about its tokens would give its class away.
        """
        pairs = [row[:-1] * size + row[1:] for row in rows]
        # Two paddings are a pair too, so that there is one; no text holds it.
        keys = np.unique(np.concatenate([np.zeros(1, np.int64), *pairs]))
        numbers = [np.searchsorted(keys, row) for row in pairs]
        member = fold_of(len(rows))
        chosen = [np.flatnonzero(member != fold) for fold in range(FOLDS)] if folds else [np.arange(len(rows))]
        tables = [
            [
                log_count_ratios([features[int(row)] for row in kept], labels[kept], total, classes)
                for features, total in ((rows, size), (numbers, len(keys)))
            ]
            for kept in chosen
        ]
        tokens, of_pairs = (torch.from_numpy(np.stack(table)) for table in zip(*tables, strict=True))
        tokens[:, :SPECIAL] = 0
        return cls(torch.from_numpy(keys), tokens, of_pairs)

    @classmethod
    def of(cls, values: Mapping[str, Any], size: int) -> Evidence:
        """Rebuild evidence from `values`; without any, it says nothing of 0 classes.

        Args:
            values: of `values`. size: vocabulary V.
        """
        if not values:
            return cls(torch.zeros(1, dtype=torch.int64), torch.zeros(1, size, 0), torch.zeros(1, 1, 0))
        return cls(torch.tensor(values["keys"]), torch.tensor([values["tokens"]]), torch.tensor([values["pairs"]]))

    def values(self) -> dict[str, Any]:
        """Plain values of the first table, in thousandths."""
        tokens, pairs = (table[0].numpy().astype(np.float64).round(3).tolist() for table in (self.tokens, self.pairs))
        return {"keys": self.keys.tolist(), "tokens": tokens, "pairs": pairs}

    def look_up(self, tokens: Tensor, folds: Tensor | None = None) -> Tensor:
        """What each token says, and the pair that it makes with the one before: (B, T, C), the sum of both.

        Args:
            tokens: (B, T) ids. folds: (B,) the table of each text; None for the first.
        """
        table = tokens.new_zeros(len(tokens), 1) if folds is None else folds.unsqueeze(1)
        found = self.tokens[table, tokens]
        wanted = tokens[:, :-1] * self.tokens.shape[1] + tokens[:, 1:]
        number = torch.searchsorted(self.keys, wanted).clamp(max=len(self.keys) - 1)
        known = (self.keys[number] == wanted).unsqueeze(2)
        found[:, 1:] += torch.where(known, self.pairs[table, number], 0.0)
        return found
