"""The declaration. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, Monitor, Parts, Plugin, Task
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.capabilities import Needs

if TYPE_CHECKING:
    from attnframe_toy.data import SymbolData
    from attnframe_toy.module import SymbolModule

SYMBOLS = ("a", "b", "c", "d")


@frozen
class SymbolRecipe(DataRecipe):
    """Random sequences.

    Args:
        size: sequences in all.
        slow: seconds that fetching a batch waits, to make a run last.
        hoard: whether augmentation asks for more memory than there is.
        poison: index of a training example that makes the loss NaN; null for none.
    """

    name = "symbols"
    summary = "Random sequences, made on the spot."

    size: Annotated[int, AtLeast(10)] = 400
    slow: float = 0.0
    hoard: bool = False
    poison: int | None = None

    def nominal_facts(self) -> Facts:
        return {"symbols": list(SYMBOLS), "length": 12}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SymbolData:
        from attnframe_toy.data import SymbolData

        return SymbolData(self)


class SymbolCounting(Task):
    """The most frequent symbol."""

    name = "symbol_counting"
    summary = "The most frequent symbol of a sequence."
    monitor = Monitor("accuracy", "max")
    datasets: ClassVar = {"symbols": SymbolRecipe}

    def needs(self, model: object) -> Needs:
        return Needs(noncausal=True)

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        return ()

    def build(self, parts: Parts, facts: Facts) -> SymbolModule:
        from attnframe_toy.module import SymbolModule

        return SymbolModule(parts, facts)


class ToyPlugin(Plugin):
    """One task on one dataset."""

    name = "toy"
    api_version = 1
    tasks: ClassVar = {"symbol_counting": SymbolCounting()}


plugin = ToyPlugin()
