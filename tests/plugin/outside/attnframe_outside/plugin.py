"""The declaration of the plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Plugin, Task, TransformerRecipe
from attnframe.recipe import Above, AtLeast, frozen
from attnframe.recipes.capabilities import Needs

if TYPE_CHECKING:
    from attnframe_outside.data import SymbolData
    from attnframe_outside.modules import Bag, Majority, NextSymbol


@frozen
class TripleRecipe(DataRecipe):
    """Random sequences of symbols.

    Args:
        length: symbols in a sequence.
        examples: number of sequences.
    """

    name: ClassVar[str] = "triples"
    summary: ClassVar[str] = "random sequences of three symbols (made here, no licence)"

    length: Annotated[int, AtLeast(2)] = 9
    examples: Annotated[int, AtLeast(10)] = 240

    def nominal_facts(self) -> Facts:
        return {"symbols": 3, "length": self.length}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SymbolData:
        from attnframe_outside.data import SymbolData

        return SymbolData(self)


@frozen
class WaveRecipe(TripleRecipe):
    """Sequences that repeat one symbol after another.

    Args:
        period: symbols until the sequence repeats.
    """

    name: ClassVar[str] = "waves"
    summary: ClassVar[str] = "repeating sequences of three symbols (made here, no licence)"

    period: Annotated[int, AtLeast(1)] = 3


@frozen
class MajorityModel(TransformerRecipe):
    """Model settings of the majority task.

    Args:
        classes: number of classes.
    """

    dim: Annotated[int, AtLeast(1)] = 16
    depth: Annotated[int, AtLeast(1)] = 1
    classes: Annotated[int, AtLeast(2)] = 3


@frozen
class BagModel(ModelRecipe):
    """The control of the majority task: the mean of the symbols' vectors, in which nothing attends.

    Args:
        classes: number of classes.
        spread: deviation of the first vectors.
    """

    name: ClassVar[str] = "bag"
    summary: ClassVar[str] = "the mean of the symbols' vectors"

    dim: Annotated[int, AtLeast(1)] = 8
    classes: Annotated[int, AtLeast(2)] = 3
    spread: Annotated[float, Above(0)] = 1.0


@frozen
class NextModel(TransformerRecipe):
    """Model settings of the next-symbol task.

    Args:
        horizon: how many symbols ahead.
    """

    dim: Annotated[int, AtLeast(1)] = 16
    depth: Annotated[int, AtLeast(1)] = 1
    horizon: Annotated[int, AtLeast(1)] = 1


class MajorityTask(Task):
    """Which symbol is the most frequent of a sequence."""

    name: ClassVar[str] = "majority"
    summary: ClassVar[str] = "the most frequent symbol"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = {"transformer": MajorityModel, "bag": BagModel}
    refuses: ClassVar[Mapping[str, str]] = {"oracle": "it knows the answer"}
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = {"triples": TripleRecipe, "waves": WaveRecipe}

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=not isinstance(model, BagModel))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        return ()

    def build(self, parts: Parts, facts: Facts) -> Majority | Bag:
        from attnframe_outside.modules import Bag, Majority

        return Bag(parts, facts) if isinstance(parts.model, BagModel) else Majority(parts, facts)


class NextTask(Task):
    """Which symbol comes next."""

    name: ClassVar[str] = "next_symbol"
    summary: ClassVar[str] = "the next symbol"
    monitor: ClassVar[Monitor] = Monitor("loss", "min")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = {"transformer": NextModel}
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = {"waves": WaveRecipe}

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(causal=True)

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        assert isinstance(parts.model, NextModel)
        assert isinstance(data, TripleRecipe)
        if parts.model.horizon >= data.length:
            yield parts.model.fault("horizon", f"must be below data.length={data.length}", "Try model.horizon=1.")

    def build(self, parts: Parts, facts: Facts) -> NextSymbol:
        from attnframe_outside.modules import NextSymbol

        return NextSymbol(parts, facts)


class OutsidePlugin(Plugin):
    """Symbols."""

    name: ClassVar[str] = "outside"
    api_version: ClassVar[int] = 1
    tasks: ClassVar[Mapping[str, Task]] = {"majority": MajorityTask(), "next_symbol": NextTask()}
