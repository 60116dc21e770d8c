"""The module of the task `keyword_spotting`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch
from attnframe_speech.data.batches import padded
from attnframe_speech.explaining import SpottedKeyword
from attnframe_speech.frontends.base import Frames, frontend_of
from attnframe_speech.inputs import read_recordings
from attnframe_speech.networks.frames import FrameEncoder, example_features
from attnframe_speech.recipes.keyword_models import KeywordModel


class KeywordSpotter(Classifier):
    """Encoded positions of a recording, their mean, and a linear head.

    A batch is ``{"features": (B, T, F) float32, "frames": (B,) int64, "labels": (B,) int64}``.

    Args:
        parts: attention, position and model recipes, the last a `KeywordModel`.
        facts: of `KeywordModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        model = parts.model
        if not isinstance(model, KeywordModel):
            raise ConfigurationError(Fault("model", "must be a KeywordModel", type(model).__name__))
        super().__init__(facts, model.label_smoothing)
        self.encoder = FrameEncoder(model, parts, facts)
        self.head = nn.Linear(model.dim, len(facts["classes"]))

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, classes)."""
        positions, present, lengths = self.encoder(batch["features"], batch["frames"])
        mean = (positions * present.unsqueeze(2)).sum(1) / lengths.unsqueeze(1)
        logits: Tensor = self.head(mean)
        return logits

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        labels = torch.zeros(batch_size, dtype=torch.int64, device=device)
        return {**example_features(self.facts, batch_size, device), "labels": labels}

    def example_input(self, folder: Path) -> str:
        """A small file of the kind that the model was trained on."""
        return str(frontend_of(self.facts).write_example(folder))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Frames]]:
        """Path and frames of a recording, or of every recording below a folder.

        Raises:
            DataError: when there is none, or with every file that cannot be read.
        """
        return read_recordings(source, frontend_of(self.facts), options)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, ``label``, ``probability`` and ``probabilities`` (class to probability) of each recording."""
        self.eval()
        device = self.head.weight.device
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            batch = {name: part.to(device) for name, part in padded([frames for _, frames in some]).items()}
            for (name, _), shares in zip(some, self(batch).float().softmax(1).tolist(), strict=True):
                yield self.record(name, shares)

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each recording with its label."""
        for name, frames in inputs:
            yield name, partial(SpottedKeyword, name, self, frames)
