"""The module of the task `series_classification`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from attnframe.attention.dropout import dropout
from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch
from attnframe_timeseries.data.cases import padded
from attnframe_timeseries.data.series_module import standardised
from attnframe_timeseries.explaining.labelled import LabelledSeries
from attnframe_timeseries.recipes.series_model import SeriesTransformer
from attnframe_timeseries.series_inputs import read_series, write_example
from attnframe_timeseries.series_plot import save_plots


class SeriesClassifier(Classifier):
    """A network from a series to one vector, and a linear head.

    A batch is ``{"series": (B, T, C), "valid": (B, T) bool, "labels": (B,) int64}``, standardised, 0 where padded.

    Args:
        parts: attention, position and model recipes, the last a `SeriesTransformer`.
        facts: of `SeriesModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        model = parts.model
        if not isinstance(model, SeriesTransformer):
            raise ConfigurationError(Fault("model", "must be a SeriesTransformer", type(model).__name__))
        super().__init__(facts, model.label_smoothing)
        self.network = model.build(parts, len(facts["mean"]), facts["length"])
        self.head_dropout = model.head_dropout
        self.head = nn.Linear(model.dim, len(facts["classes"]))

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, classes)."""
        vectors = self.network(batch["series"], batch["valid"])
        if self.head_dropout:
            vectors = dropout(vectors, self.head_dropout, self.training)
        logits: Tensor = self.head(vectors)
        return logits

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        length = self.facts["length"]
        return {
            "series": torch.zeros(batch_size, length, len(self.facts["mean"]), device=device),
            "valid": torch.ones(batch_size, length, dtype=torch.bool, device=device),
            "labels": torch.zeros(batch_size, dtype=torch.int64, device=device),
        }

    def example_input(self, folder: Path) -> str:
        """A file of two waves."""
        return str(write_example(folder / "waves.ts", len(self.facts["mean"]), self.facts["length"]))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Any]]:
        """Name and series (T, C) of each case of a ``.ts`` file; labels are not looked at.

        Raises:
            DataError: with everything that is wrong with the file, other channels or more steps than those of training
                included.
        """
        return read_series(source, self.facts)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, ``label``, ``probability`` and ``probabilities`` (by class) of each series."""
        self.eval()
        device = self.head.weight.device
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            series = standardised(tuple(one for _, one in some), self.facts)
            whole, valid = (torch.from_numpy(part).to(device) for part in padded(series, self.facts["length"]))
            shares = self({"series": whole, "valid": valid}).float().softmax(1).tolist()
            for (name, _), row in zip(some, shares, strict=True):
                yield self.record(name, row)

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each series with its label."""
        for name, series in inputs:
            yield name, partial(LabelledSeries, name, self, series)

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """Sheets of plots: each series with its label and probability."""
        return save_plots(records, folder)
