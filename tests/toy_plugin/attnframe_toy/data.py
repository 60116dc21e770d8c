"""Random sequences, shuffled as augmentation."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule

if TYPE_CHECKING:
    from attnframe_toy.plugin import SymbolRecipe


POISON = 4
"""A symbol whose embedding is NaN."""


class Sequences:
    """Sequences (N, 12) and labels (N,), each batch waiting `slow` seconds."""

    def __init__(self, tokens: Tensor, labels: Tensor, slow: float) -> None:
        self.tokens, self.labels, self.slow = tokens, labels, slow

    def __len__(self) -> int:
        return len(self.tokens)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        time.sleep(self.slow)
        return {"tokens": self.tokens[indices], "labels": self.labels[indices]}


class SymbolData(DataModule):
    def __init__(self, recipe: SymbolRecipe) -> None:
        self.recipe = recipe

    def setup(self) -> None:
        if self.recipe.path is not None:
            raise DataError(
                Fault(f"data.path ({self.recipe.path})", "must not be given: the sequences are made on the spot")
            )
        generator = torch.Generator().manual_seed(0)
        tokens = torch.randint(4, (self.recipe.size, 12), generator=generator)
        counts = torch.nn.functional.one_hot(tokens, 4).sum(1)
        labels = (counts * 4 + torch.arange(3, -1, -1)).argmax(1)
        cuts = [round(share * len(tokens)) for share in self.recipe.split[:2]]
        borders = [cuts[0], sum(cuts)]
        if self.recipe.poison is not None:
            tokens[self.recipe.poison] = POISON
        parts = zip(tokens.tensor_split(borders), labels.tensor_split(borders), strict=True)
        self.train, self.val, self.test = (Sequences(*part, self.recipe.slow) for part in parts)
        self.facts = self.recipe.nominal_facts()
        if self.known_facts is not None and self.known_facts != self.facts:
            raise DataError(Fault("data", "must have the symbols of the checkpoint", str(self.facts["symbols"])))
        self.digest = hashlib.sha256(tokens.numpy().tobytes()).hexdigest()

    def augment(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Shuffle each sequence, which leaves its label right."""
        if self.recipe.hoard:
            torch.empty(2**56)
        tokens = batch["tokens"]
        order = torch.rand(tokens.shape).argsort(1)
        return {**batch, "tokens": tokens.gather(1, order)}

    def floor(self) -> dict[str, Any]:
        commonest = self.train.labels.mode().values
        return {"name": "commonest symbol", "test/accuracy": (self.test.labels == commonest).float().mean().item()}
