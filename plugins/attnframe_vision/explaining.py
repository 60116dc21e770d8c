"""Explanations of the labels of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe.explanation.classes import class_answer, log_share
from attnframe.explanation.read_out import pooling_weights
from attnframe.explanation.subjects.grid import GridSubject
from attnframe.plugin.subject import Maps
from attnframe_vision.networks.pooling import Pooling

if TYPE_CHECKING:
    from attnframe_vision.classifier import ImageClassifier


class LabelledPicture(GridSubject):
    """A picture and its label. Cells that are deleted get the background of the data where they have a plain one, else
    their mean colour.

    Args:
        name: of the picture. classifier: in evaluation mode.
        pixels: (C, H, W) uint8, as the classifier takes them.
    """

    read_out = "where the network pools"

    def __init__(self, name: str, classifier: ImageClassifier, pixels: npt.NDArray[np.uint8]) -> None:
        network, facts = classifier.network, classifier.facts
        self.classifier = classifier
        self.given = torch.tensor(pixels).to(classifier.standardise.scale.device)
        with torch.no_grad(), pooling_weights(classifier) as bridged, pooling_weights(classifier, (Pooling,)) as own:
            shares = classifier({"pictures": self.given.unsqueeze(0)}).float().softmax(1)[0].tolist()
        self.pooled: Mapping[str, Tensor] = {**bridged, **own}
        self.record = classifier.record(name, shares)
        self.label = facts["classes"].index(self.record["label"])
        shown = pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0)
        super().__init__(name, class_answer(self.record), classifier, shown, network.grid)
        plain = facts["background"] is not None
        colours = [facts["background"]] if plain else facts["mean"]
        self.neutral = 255 * torch.tensor(colours, device=self.given.device).view(-1, 1, 1)
        self.deletion = "painted over with the plain background" if plain else "painted over with the mean colour"
        self.score = f"log-probability of {self.record['label']}"

    def scores(self, kept: Tensor) -> Tensor:
        height, width = self.given.shape[1:]
        pictures = torch.where(self.cells(kept.to(self.given.device), (height, width)), self.given, self.neutral)
        return log_share(self.classifier({"pictures": pictures}), self.label)

    def relevance(self, maps: Maps) -> Tensor:
        return self.classifier.network.parts(maps, self.pooled, "network.").flatten()

    def plain(self) -> Mapping[str, Any]:
        return {"label": self.record["label"], "probability": self.record["probability"]}
