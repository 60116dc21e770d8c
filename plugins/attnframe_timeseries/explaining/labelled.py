"""Explanations of the labels of series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe.explanation.classes import class_answer, log_share
from attnframe.explanation.read_out import pooling_weights, read
from attnframe.pictures import Line, heatmap, lines
from attnframe.plugin.subject import Maps, Subject, Values
from attnframe_timeseries.data.series_module import standardised

if TYPE_CHECKING:
    from attnframe_timeseries.series_classifier import SeriesClassifier

MOST_LINES: Final = 6
"""Channels that are drawn, the first ones."""


class LabelledSeries(Subject):
    """A series and its label; its units are the stretches of steps that tokens begin at. Steps that are deleted become
    0, the mean over the training part.

    Args:
        name: of the series. classifier: in evaluation mode. series: (T, C) in the data's unit.
    """

    unit, many = "stretch of steps", "stretches of steps"
    deletion = "replaced by the mean of the training series"
    read_out = "where the network pools"

    def __init__(self, name: str, classifier: SeriesClassifier, series: npt.NDArray[np.float32]) -> None:
        self.classifier, self.shown = classifier, series
        device = classifier.head.weight.device
        (own,) = standardised((series,), classifier.facts)
        self.given = torch.from_numpy(own).to(device).unsqueeze(0)
        self.stride = classifier.network.stride
        starts = range(0, len(series), self.stride)
        with torch.no_grad(), pooling_weights(classifier) as pooled:
            logits = classifier(self._batch(torch.ones(1, len(starts), dtype=torch.bool)))
        self.pooled = pooled
        self.record = classifier.record(name, logits.float().softmax(1)[0].tolist())
        self.label = classifier.facts["classes"].index(self.record["label"])
        self.score = f"log-probability of {self.record['label']}"
        units = [f"step {start}" if self.stride == 1 else f"steps from {start}" for start in starts]
        super().__init__(name, class_answer(self.record), classifier, units)

    def _batch(self, kept: Tensor) -> dict[str, Tensor]:
        steps = kept.to(self.given.device).repeat_interleave(self.stride, 1)[:, : self.given.shape[1]]
        series = self.given * steps.unsqueeze(2)
        return {"series": series, "valid": torch.ones(series.shape[:2], dtype=torch.bool, device=series.device)}

    def scores(self, kept: Tensor) -> Tensor:
        return log_share(self.classifier(self._batch(kept)), self.label)

    def relevance(self, maps: Maps) -> Tensor:
        return read(maps.through("network.encoder."), self.pooled["network.pooling"])[0]

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        if small:
            return heatmap(values[None], [], [], title)
        steps = list(range(len(self.shown)))
        series = [
            Line(f"channel {channel + 1}", steps, self.shown[:, channel].tolist())
            for channel in range(min(MOST_LINES, self.shown.shape[1]))
        ]
        return lines(series, title, "step", "value", shades=values.tolist())

    def plain(self) -> Mapping[str, Any]:
        return {"label": self.record["label"], "probability": self.record["probability"]}
