"""The module of the task `image_classification`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch
from attnframe_vision.contact_sheet import save_sheet
from attnframe_vision.data.adapting import flatten, to_array, to_plain
from attnframe_vision.exhibits.mistakes import Mistakes
from attnframe_vision.explaining import LabelledPicture
from attnframe_vision.inputs import read_pictures, write_ramp
from attnframe_vision.networks.standardisation import Standardisation
from attnframe_vision.recipes.model import PictureModel
from attnframe_vision.recipes.predict import PicturePredict


class ImageClassifier(Classifier):
    """A network from a picture to one vector, and a linear head.

    A batch is ``{"pictures": (B, C, H, W) in 0 to 255, "labels": (B,) int64}``; labels of mixed pictures are (B,
    classes) shares.

    Args:
        parts: attention, position and model recipes, the last a `PictureModel`.
        facts: of `PictureModule`.

    Raises:
        ConfigurationError: when the model does not fit the pictures' size.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        model = parts.model
        if not isinstance(model, PictureModel):
            raise ConfigurationError(Fault("model", "must be a PictureModel", type(model).__name__))
        super().__init__(facts, model.label_smoothing)
        height, width = facts["size"]
        if faults := [*model.size_faults(height, width)]:
            raise ConfigurationError(faults)
        self.standardise = Standardisation(facts["mean"], facts["std"])
        self.network = model.build(parts, facts["channels"], height, width)
        self.head = nn.Linear(model.dim, len(facts["classes"]))

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, classes)."""
        logits: Tensor = self.head(self.network(self.standardise(batch["pictures"])))
        return logits

    def exhibits(self) -> list[Exhibit]:
        """Those of every classification, and the pictures of the surest mistakes."""
        return [*super().exhibits(), Mistakes(self.facts["classes"])]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        size = (batch_size, self.facts["channels"], *self.facts["size"])
        return {
            "pictures": torch.zeros(size, dtype=torch.uint8, device=device),
            "labels": torch.zeros(batch_size, dtype=torch.int64, device=device),
        }

    def example_input(self, folder: Path) -> str:
        """A picture file with a grey ramp."""
        return write_ramp(folder, *self.facts["size"])

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Image.Image]]:
        """Path and picture of a picture file, or of every picture below a folder.

        Raises:
            DataError: when there is none, or with every file that cannot be read.
        """
        return read_pictures(source)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, ``label``, ``probability`` and ``probabilities`` (class to probability) of each picture, of any
        size and mode."""
        self.eval()
        adapt = _adapts(options)
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            arrays = np.stack([self._prepared(picture, adapt) for _, picture in some])
            pictures = torch.from_numpy(arrays).to(self.standardise.scale.device)
            for (name, _), shares in zip(some, self({"pictures": pictures}).float().softmax(1).tolist(), strict=True):
                yield self.record(name, shares)

    def _prepared(self, picture: Image.Image, adapt: bool) -> np.ndarray[Any, np.dtype[np.uint8]]:
        facts = self.facts
        if adapt and facts["background"] is not None:
            picture = to_plain(flatten(picture, 1), facts["background"], facts["fill"])
        height, width = facts["size"]
        return to_array(picture, height, width, facts["channels"], facts["fit"])

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each picture with its label."""
        for name, picture in inputs:
            yield name, partial(LabelledPicture, name, self, self._prepared(picture, _adapts(options)))

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """Contact sheets: each picture with its label and probability below."""
        return save_sheet(records, folder)


def _adapts(options: PredictRecipe) -> bool:
    return isinstance(options, PicturePredict) and options.adapt == "auto"
