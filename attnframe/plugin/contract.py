"""The plugin contract, as declarations. Torch-free: what needs torch is imported inside `build`.

A plugin is a package with an entry point in the group ``attnframe.plugins`` that names a `Plugin` or a subclass of it,
and a ``conf/`` folder beside it. Built-in and outside plugins take the same path.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, Between, Recipe, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes

if TYPE_CHECKING:
    from attnframe.plugin.data import DataModule
    from attnframe.plugin.task_module import TaskModule
    from attnframe.positions.base import Position

API_VERSION = 1
"""Version of this contract; docs/stability.md says when it changes."""

DEFAULT_MODEL = "transformer"
"""The model of a task whose option files choose no other."""

Facts = dict[str, Any]
"""What a model must know of its data (class names, vocabulary, shapes): plain values only, saved in the checkpoint."""


@frozen
class ModelRecipe(Recipe):
    """Settings that every model has; a subclass names one of a task's models and adds its fields.

    Args:
        dim: model width D.
        depth: number of blocks.
        dropout: probability of dropping a residual branch's activation in training, in [0, 1].
    """

    where: ClassVar[str] = "model"
    name: ClassVar[str]
    """The name that ``model=NAME`` selects."""
    summary: ClassVar[str]
    """One line: what it is, with paper and year."""

    dim: Annotated[int, AtLeast(1)] = 128
    depth: Annotated[int, AtLeast(1)] = 4
    dropout: Annotated[float, Between(0, 1)] = 0.0


@frozen
class TransformerRecipe(ModelRecipe):
    """Blocks of attention and feed-forward layers; a task's own subclass adds fields.

    Args:
        dim: model width D.
        depth: number of blocks.
        dropout: probability of dropping a residual branch's activation in training, in [0, 1].
        mlp_ratio: width of the feed-forward layer over `dim`.
    """

    name: ClassVar[str] = DEFAULT_MODEL
    summary: ClassVar[str] = "blocks of attention and feed-forward layers (Vaswani et al. 2017)"

    mlp_ratio: Annotated[float, AtLeast(0.1)] = 4.0


@frozen
class DataRecipe(Recipe, ABC):
    """Data settings of one dataset; a dataset's own subclass adds fields.

    Args:
        path: file or folder of a user's own data; None for datasets that need none.
        batch_size: examples per step.
        num_workers: worker processes that load batches; 0 loads in the main process.
        split: fractions of train, val and test, where the data brings no split of its own.
        fold: which of the dataset's folds is the test part, where it has folds; null for its usual split.
    """

    where: ClassVar[str] = "data"
    name: ClassVar[str]
    """The name that ``data=NAME`` selects."""
    summary: ClassVar[str]
    """One line: what it is, size, and licence where it is a public set."""

    folds: ClassVar[int] = 0
    """How many folds the dataset has; 0 when `fold` makes no sense for it."""

    path: str | None = None
    batch_size: Annotated[int, AtLeast(1)] = 64
    num_workers: Annotated[int, AtLeast(0)] = 0
    split: tuple[float, float, float] = (0.8, 0.1, 0.1)
    fold: int | None = None

    def faults(self) -> Iterable[Fault]:
        if abs(sum(self.split) - 1) > 1e-6 or min(self.split) < 0:
            yield self.fault("split", "must be three fractions of at least 0 that sum to 1", "Try [0.8,0.1,0.1].")
        if self.fold is not None and not 0 <= self.fold < self.folds:
            have = f"must be null: data={self.name} has no folds" if not self.folds else "must be one of the folds"
            yield self.fault("fold", have, f"Possible: 0 to {self.folds - 1}." if self.folds else "Leave it out.")

    @abstractmethod
    def nominal_facts(self) -> Facts:
        """Facts as far as they are known (or guessed) without reading data; for the check on the meta device."""

    @abstractmethod
    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> DataModule:
        """Make the data module; nothing is read before its `setup`.

        Args:
            data_dir: root of the datasets, possibly read-only.
            cache_dir: where derived files may be written.
            seed: seed of shuffling; splits use seed 0 so that every run sees the same.
        """

    def download(self, data_dir: Path) -> None:
        """Fetch the files of a public dataset into `data_dir`, checksums verified; does nothing when they are there."""


@frozen
class PredictRecipe(Recipe):
    """Settings of `attnframe predict` for a task; a task's own subclass adds fields."""

    where: ClassVar[str] = "predict"

    batch_size: Annotated[int, AtLeast(1)] = 64


@dataclass(frozen=True)
class Monitor:
    """The main metric of a task: shown by the progress bar, and what `best.ckpt` is the best of on validation data."""

    metric: str
    mode: Literal["max", "min"]


@dataclass(frozen=True)
class Parts:
    """The parts that a model is built from, as recipes."""

    attention: AttentionVariant
    position: PositionScheme
    model: ModelRecipe

    def build_position(self, *, max_length: int, causal: bool = False, grid: tuple[int, int] | None = None) -> Position:
        """Make the position module that fits attention and model.

        Args:
            max_length: longest sequence that the model will take, in positions.
            causal: whether queries see only what came before.
            grid: how many rows and columns coordinates count, from 0; needed where the task provides a grid.
        """
        dim = self.model.dim
        return self.position.build(
            Sizes(
                dim=dim,
                num_heads=self.attention.num_heads,
                head_dim=self.attention.rotary_width(dim),
                max_length=max_length,
                causal=causal,
                grid=grid,
            )
        )


class Task(ABC):
    """Declaration of one task: what it needs, what configures it and how its module is built."""

    name: ClassVar[str]
    """Globally unique; ``task=NAME`` implies the plugin."""
    summary: ClassVar[str]
    monitor: ClassVar[Monitor]
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType({DEFAULT_MODEL: TransformerRecipe})
    """What ``model=NAME`` may choose, by name."""
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Models of other tasks that make no sense here, by name: why, as the end of a sentence."""
    datasets: ClassVar[Mapping[str, type[DataRecipe]]]
    provides: ClassVar[frozenset[PositionKind]] = frozenset({"order"})
    """Kinds of positions that the module hands to its model when the scheme reads them; order needs no handing."""
    predict: ClassVar[type[PredictRecipe]] = PredictRecipe

    def provides_with(self, data: DataRecipe) -> frozenset[PositionKind]:
        """The kinds of `provides` that there are with some data; all by default."""
        return self.provides

    @abstractmethod
    def needs(self, model: ModelRecipe) -> Needs:
        """What the attention variant must be capable of."""

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        """What is wrong with parts and data taken together (each is right by itself); nothing by default. Reads no
        data.
        """
        return ()

    @abstractmethod
    def build(self, parts: Parts, facts: Facts) -> TaskModule:
        """Make the module: input adapter, model, head, loss and metrics."""


class Plugin(ABC):
    """Declaration of one plugin (a domain)."""

    name: ClassVar[str]
    api_version: ClassVar[int]
    """The `API_VERSION` that it was written for, as a number; another one is refused in one line."""
    tasks: ClassVar[Mapping[str, Task]]
