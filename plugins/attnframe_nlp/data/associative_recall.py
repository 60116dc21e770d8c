"""Multi-query associative recall: generated sequences, of which only the recalled values are asked for."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import SPLIT_SEED
from attnframe_nlp.data.windows import IGNORED, TextBatch
from attnframe_nlp.recipes.associative_recall import AssociativeRecall


class RecallSplit:
    """One part of the sequences.

    Args:
        sequences: (N, T + 1) int64 tokens.
        asked: (T,) at which places the token that follows is asked for.
    """

    def __init__(self, sequences: Tensor, asked: Tensor) -> None:
        self.sequences, self.asked = sequences, asked

    def __len__(self) -> int:
        return len(self.sequences)

    def batch(self, indices: Tensor) -> TextBatch:
        """``tokens`` (B, T) and ``targets`` (B, T), the token after each where it is asked for."""
        rows = self.sequences[indices]
        return {"tokens": rows[:, :-1], "targets": rows[:, 1:].masked_fill(~self.asked, IGNORED)}


class RecallModule(DataModule):
    """Sequences of keys and values. `facts`: as those of `TextModule`, and ``asked``, that only some tokens count.

    Args:
        recipe: the data's settings.
    """

    train: RecallSplit
    val: RecallSplit
    test: RecallSplit

    def __init__(self, recipe: AssociativeRecall) -> None:
        self.recipe = recipe

    def setup(self) -> None:
        recipe = self.recipe
        self.facts = recipe.nominal_facts()
        if self.known_facts is not None and self.known_facts != self.facts:
            must = "must be the keys, values and pairs that the checkpoint was trained with"
            raise DataError(Fault("data=associative_recall", must))
        sequences = recall_sequences(recipe.examples, recipe.pairs, recipe.keys, recipe.values)
        self.digest = hashlib.sha256(sequences.tobytes()).hexdigest()
        asked = torch.arange(recipe.context) >= 2 * recipe.pairs
        asked &= torch.arange(recipe.context) % 2 == 0
        self.protocol = {"asked for": f"{recipe.pairs} values of each sequence", "unit": "an asked token"}
        counts = [round(share * recipe.examples) for share in recipe.split[1:]]
        parts = torch.split(torch.from_numpy(sequences), [recipe.examples - sum(counts), *counts])
        self.train, self.val, self.test = (RecallSplit(part, asked) for part in parts)

    def floor(self) -> dict[str, Any]:
        """Any of the values that were shown, all alike; it knows what a value is and nothing of keys."""
        rows = self.test.sequences
        shown, answers = rows[:, 1 : 2 * self.recipe.pairs : 2], rows[:, 2 * self.recipe.pairs + 1 :: 2]
        shares = (answers[:, :, None] == shown[:, None]).float().mean(2)
        nats = -shares.log().mean().item()
        return {
            "name": "any value that was shown",
            "test/loss": nats,
            "test/perplexity": math.exp(nats),
            "test/nats_per_character": nats,
            "test/recalled": (shares > 0.5).float().mean().item(),
        }


def recall_sequences(examples: int, pairs: int, keys: int, values: int) -> npt.NDArray[np.int64]:
    """(examples, 4 pairs) tokens: pairs of key and value, then the same pairs in another order.

    Keys are 0 to keys - 1 and values the numbers after them. Each key occurs once in each half.
    """
    generator = np.random.default_rng(SPLIT_SEED)
    shape = (examples, pairs)
    chosen = generator.random((examples, keys)).argsort(1)[:, :pairs]
    held = keys + generator.integers(values, size=shape)
    order = generator.random(shape).argsort(1)
    halves = [np.stack((chosen, held), 2), np.stack([np.take_along_axis(x, order, 1) for x in (chosen, held)], 2)]
    return np.concatenate(halves, 1).reshape(examples, 4 * pairs).astype(np.int64)
