"""The sequences."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

from attnframe.plugin.data import DataModule
from attnframe_toy.plugin import SymbolRecipe, WaveRecipe


class Sequences:
    """A split: sequences (N, T) of symbols."""

    def __init__(self, symbols: Tensor) -> None:
        self.symbols = symbols

    def __len__(self) -> int:
        return len(self.symbols)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        return {"symbols": self.symbols[indices]}


class SymbolData(DataModule):
    """Random or repeating sequences, split in order."""

    def __init__(self, recipe: SymbolRecipe) -> None:
        self.recipe = recipe

    def setup(self) -> None:
        recipe = self.recipe
        generator = torch.Generator().manual_seed(0)
        if isinstance(recipe, WaveRecipe):
            start = torch.randint(3, (recipe.examples, 1), generator=generator)
            symbols = (start + torch.arange(recipe.length) % recipe.period) % 3
        else:
            symbols = torch.randint(3, (recipe.examples, recipe.length), generator=generator)
        first, second = int(0.8 * len(symbols)), int(0.9 * len(symbols))
        self.train, self.val = Sequences(symbols[:first]), Sequences(symbols[first:second])
        self.test = Sequences(symbols[second:])
        self.facts = recipe.nominal_facts()
        self.digest = hashlib.sha256(symbols.numpy().tobytes()).hexdigest()
