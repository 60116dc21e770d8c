"""The sequences."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule
from attnframe_outside.plugin import TripleRecipe, WaveRecipe


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

    def __init__(self, recipe: TripleRecipe) -> None:
        self.recipe = recipe

    def setup(self) -> None:
        recipe = self.recipe
        generator = torch.Generator().manual_seed(0)
        if recipe.path is not None:
            symbols = _read(Path(recipe.path), recipe.length)
        elif isinstance(recipe, WaveRecipe):
            start = torch.randint(3, (recipe.examples, 1), generator=generator)
            symbols = (start + torch.arange(recipe.length) % recipe.period) % 3
        else:
            symbols = torch.randint(3, (recipe.examples, recipe.length), generator=generator)
        first, second = int(0.8 * len(symbols)), int(0.9 * len(symbols))
        self.train, self.val = Sequences(symbols[:first]), Sequences(symbols[first:second])
        self.test = Sequences(symbols[second:])
        self.facts = recipe.nominal_facts()
        self.digest = hashlib.sha256(symbols.numpy().tobytes()).hexdigest()


def _read(path: Path, length: int) -> Tensor:
    """Sequences from a text file, one a line."""
    if not path.is_file():
        raise DataError(Fault("data.path", "must be a text file", str(path)))
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = [n for n, line in enumerate(lines, 1) if len(line) != length or set(line) - set("012")]
    if wrong:
        raise DataError(Fault("data.path", f"must hold lines of {length} symbols", f"lines {wrong[:5]} of {path}"))
    return torch.tensor([[int(symbol) for symbol in line] for line in lines])
