"""The module contract of a task: a `torch.nn.Module` with loss, metrics and prediction, driven by one loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor, nn
from torchmetrics import Metric

from attnframe.errors import Fault, UnsupportedError
from attnframe.plugin.contract import Facts, PredictRecipe
from attnframe.plugin.data import Split
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject

Batch = Any
"""A tensor, or a dict or tuple of tensors, whose leading axis is the batch."""


class TaskModule(nn.Module, ABC):
    """Input adapter, model, head, loss and metrics of one task.

    Args:
        facts: what the model knows of its data; kept as `facts` and saved in the checkpoint.

    Attributes:
        final: whether what is scored now is the test part, where a search may take its time; set by the loop.
    """

    final = False

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts

    def initialise(self, train: Split) -> None:
        """Set first weights by the training examples (a bias to the base rate, a linear map to its closed form); called
        once, before the first step. By default weights stay as they were drawn.
        """

    def row_names(self) -> dict[str, Sequence[str]]:
        """What the rows (along the first axis) of a parameter stand for, by the parameter's name: tokens, classes,
        items, each with its kind before it (``class cat``). A run that begins with the weights of another takes rows by
        these names; where a parameter is not among them, as by default, it is taken whole or not at all.
        """
        return {}

    @abstractmethod
    def forward(self, batch: Batch) -> Tensor:
        """Outputs (logits) for a batch."""

    @abstractmethod
    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scalar loss of a batch, and the outputs that `update_metrics` takes."""

    @abstractmethod
    def metrics(self) -> dict[str, Metric]:
        """Fresh metrics of one evaluation, by public name without stage, e.g. ``accuracy``; ``loss`` is added."""

    @abstractmethod
    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        """Count one batch."""

    def final_metrics(self) -> dict[str, float]:
        """What is measured of the module as a whole once the test batches are counted, by public name without stage:
        the return of roll-outs, say, which no batch holds. Nothing by default.

        Called at the end of a run and by `evaluate`, in evaluation mode and without gradients. Whatever it draws comes
        from seeds of its own, so that both give the same numbers.
        """
        return {}

    def exhibits(self) -> list[Exhibit]:
        """Fresh lookers-on of one test pass, who say what a report draws of it; nobody by default."""
        return []

    @abstractmethod
    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        """A batch of the right shapes and types made without data; also on the meta device."""

    @abstractmethod
    def example_input(self, folder: Path) -> str:
        """A small input as a user would give it, so that prediction is tested: a text, or a file written into
        `folder`."""

    @abstractmethod
    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Any]]:
        """Name and content of each input that a user gave: a file, a folder, or text itself.

        Raises:
            DataError: with every input that cannot be read.
        """

    @abstractmethod
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """One plain record an input (``input`` first), with probabilities where there are classes.

        Runs without gradients, in eval mode.
        """

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """Draw predictions where a picture is apt; nothing by default."""
        return []

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterable[tuple[str, Callable[[], Subject]]]:
        """What `explain` can take apart: the name of each answer, as `predict` gives it, and what makes its subject,
        which is called for those that are explained only.

        Args:
            inputs: of `read_inputs`. options: likewise.

        Raises:
            UnsupportedError: by default: the task draws no explanations.
        """
        works = "Its module explains answers when it has a method `subjects`; see attnframe/plugin/subject.py."
        raise UnsupportedError(Fault(type(self).__name__, "does not explain its answers", "", works))
