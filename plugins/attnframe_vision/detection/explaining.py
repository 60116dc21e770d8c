"""Explanations of the objects that are found in pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe.explanation.subjects.grid import GridSubject
from attnframe.pictures import Box
from attnframe.plugin.subject import Drawing, Maps

if TYPE_CHECKING:
    from attnframe_vision.detection.detector import Detector

MOST_BOXES: Final = 4
"""Boxes that are drawn with what each was read from, the best ones."""


class FoundObjects(GridSubject):
    """A picture and the best box that was found in it; the next ones are drawn beside. Cells that are deleted get the
    mean colour of the data.

    Args:
        name: of the picture. detector: in evaluation mode.
        pixels: (3, H, W) uint8, as the detector takes them.
    """

    deletion = "painted over with the mean colour"
    read_out = "at the best box"

    def __init__(self, name: str, detector: Detector, pixels: npt.NDArray[np.uint8]) -> None:
        self.detector, facts = detector, detector.facts
        device = detector.standardise.scale.device
        self.given = torch.tensor(pixels, device=device)
        self.neutral = 255 * torch.tensor(facts["mean"], device=device).view(-1, 1, 1)
        with torch.no_grad():
            outputs = detector({"pictures": self.given.unsqueeze(0)}).float()
            found = detector.network.found(outputs)[0]
        classes = len(facts["classes"])
        scores = outputs[0, :, :classes].sigmoid()
        self.found = [
            # The place, or query, that tells it: the one with just this score of the class.
            (int((scores[:, label] - score).abs().argmin()), label, score, box)
            for box, score, label in zip(
                found.boxes[:MOST_BOXES].tolist(),
                found.scores[:MOST_BOXES].tolist(),
                found.labels[:MOST_BOXES].tolist(),
                strict=True,
            )
        ]
        if not self.found:  # Nothing is sure enough: the likeliest is explained all the same.
            best = int(scores.argmax())
            query, label = divmod(best, classes)
            self.found = [(query, label, float(scores[query, label]), outputs[0, query, classes:].tolist())]
        told = ", ".join(f"{facts['classes'][label]} ({score:.0%})" for _, label, score, _ in self.found)
        self.query, self.label, _, _ = self.found[0]
        self.score = f"log-score of the best box, {facts['classes'][self.label]}"
        shown = pixels.transpose(1, 2, 0)
        super().__init__(name, f"The model finds {told}, best first.", detector, shown, detector.network.grid)

    def scores(self, kept: Tensor) -> Tensor:
        height, width = self.given.shape[1:]
        pictures = torch.where(self.cells(kept.to(self.given.device), (height, width)), self.given, self.neutral)
        return F.logsigmoid(self.detector({"pictures": pictures})[:, self.query, self.label].float())

    def relevance(self, maps: Maps) -> Tensor:
        return self.detector.network.parts(maps, self.query, "network.")

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        drawn = []
        for number, (query, label, score, box) in enumerate(self.found, start=1):
            name = self.detector.facts["classes"][label]
            values = self.detector.network.parts(maps, query, "network.").cpu().double().numpy()
            left, top, right, bottom = box
            shown = Box(left, top, right, bottom, f"{name} {score:.0%}", number - 1)
            title = f"Box {number}, {name}, and where it was read"
            drawn.append(Drawing(f"box-{number}", title, self.overlaid(values, title, [shown])))
        return drawn

    def plain(self) -> Mapping[str, Any]:
        classes = self.detector.facts["classes"]
        return {
            "boxes": [[round(edge, 1) for edge in box] for *_, box in self.found],
            "labels": [classes[label] for _, label, _, _ in self.found],
            "scores": [score for _, _, score, _ in self.found],
        }
