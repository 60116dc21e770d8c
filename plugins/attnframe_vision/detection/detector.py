"""The module of the task `object_detection`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torchmetrics import Metric

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch, TaskModule
from attnframe_vision.detection.data.fitting import fit_picture, fit_scale
from attnframe_vision.detection.drawing import save_drawings
from attnframe_vision.detection.explaining import FoundObjects
from attnframe_vision.detection.metrics import NAMES, AlsoComputed, AveragePrecision, Found, Objects
from attnframe_vision.detection.networks.base import Targets
from attnframe_vision.detection.recipes.model import DetectionModel
from attnframe_vision.detection.recipes.predict import DetectionPredict
from attnframe_vision.exhibits.boxes import Boxes
from attnframe_vision.inputs import read_pictures, write_ramp
from attnframe_vision.networks.standardisation import Standardisation


class Detector(TaskModule):
    """A network from a picture to boxes with classes.

    A batch is ``{"pictures": (B, 3, H, W) in 0 to 255, "boxes": (B, M, 4) in pixels, "labels": (B, M) int64, "ignored":
    (B, M) bool}``, as in `Scenes`.

    Args:
        parts: attention, position and model recipes, the last a `DetectionModel`.
        facts: of `SceneModule`.

    Raises:
        ConfigurationError: when the model does not fit the pictures' size.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = parts.model
        if not isinstance(model, DetectionModel):
            raise ConfigurationError(Fault("model", "must be a DetectionModel", type(model).__name__))
        if faults := [*model.size_faults(*facts["size"])]:
            raise ConfigurationError(faults)
        self.standardise = Standardisation(facts["mean"], facts["std"])
        self.network = model.build(parts, facts)

    def row_names(self) -> dict[str, Sequence[str]]:
        rows = self.network.row_names(self.facts["classes"])
        return {f"network.{name}": names for name, names in rows.items()}

    def forward(self, batch: Batch) -> Tensor:
        """(B, Q, classes + 4): logits, and left, top, right and bottom in pixels, of Q boxes."""
        outputs: Tensor = self.network(self.standardise(batch["pictures"]))
        return outputs

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Loss of classes and boxes, in float32 whatever the precision, and the outputs (B, Q, classes + 4)."""
        outputs = self(batch).float()
        targets = Targets(batch["boxes"], batch["labels"], batch["ignored"])
        return self.network.loss(outputs, targets), outputs

    def metrics(self) -> dict[str, Metric]:
        """Mean average precision in COCO's definition, at an overlap of 0.5 (``map50``) and over 0.5 to 0.95."""
        source = AveragePrecision()
        others = {name: AlsoComputed(source, name) for name in NAMES if name != "map50"}
        return {"map50": source, **others}

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        metrics["map50"].update(self.network.found(outputs), Objects.of(batch))
        for name, metric in metrics.items():
            if name != "map50":
                metric.update()

    def exhibits(self) -> list[Exhibit]:
        """The first pictures with their boxes."""
        return [Boxes(self.facts["classes"], self.network.found)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        """Grey pictures with one object each."""
        height, width = self.facts["size"]
        box = torch.tensor([width / 4, height / 4, width / 2, height / 2], device=device)
        return {
            "pictures": torch.zeros(batch_size, 3, height, width, dtype=torch.uint8, device=device),
            "boxes": box.expand(batch_size, 1, 4),
            "labels": torch.zeros(batch_size, 1, dtype=torch.int64, device=device),
            "ignored": torch.zeros(batch_size, 1, dtype=torch.bool, device=device),
        }

    def example_input(self, folder: Path) -> str:
        """A picture file with a grey ramp, twice as large as the data's."""
        height, width = self.facts["size"]
        return write_ramp(folder, 2 * height, 2 * width)

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Image.Image]]:
        """Path and picture of a picture file, or of every picture below a folder.

        Raises:
            DataError: when there is none, or with every file that cannot be read.
        """
        return read_pictures(source)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, and of each object that was found, best first, ``boxes`` (left, top, right, bottom in pixels of
        the picture as it was given), ``labels`` and ``scores`` (the probability of the label)."""
        self.eval()
        least = options.least_score if isinstance(options, DetectionPredict) else 0.0
        height, width = self.facts["size"]
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            fitted = [fit_picture(picture, height, width) for _, picture in some]
            pictures = torch.from_numpy(np.stack([array for array, _ in fitted])).to(self.standardise.scale.device)
            found = self.network.found(self({"pictures": pictures}).float())
            for (name, _), (_, shape), one in zip(some, fitted, found, strict=True):
                yield self._record(name, one, shape, least)

    def _record(self, name: str, found: Found, shape: tuple[int, int], least: float) -> dict[str, Any]:
        """The record of a picture whose height and width are `shape`."""
        height, width = self.facts["size"]
        keep = found.scores >= least
        boxes = found.boxes[keep] / fit_scale(*shape, height, width)
        edges = boxes.new_tensor([shape[1], shape[0]] * 2)
        return {
            "input": name,
            "boxes": [[round(edge, 1) for edge in box] for box in boxes.minimum(edges).tolist()],
            "labels": [self.facts["classes"][label] for label in found.labels[keep].tolist()],
            "scores": found.scores[keep].tolist(),
        }

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each picture with its best box."""
        height, width = self.facts["size"]
        for name, picture in inputs:
            yield name, partial(FoundObjects, name, self, fit_picture(picture, height, width)[0])

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """Each picture with its boxes drawn."""
        return save_drawings(records, self.facts["classes"], folder)
