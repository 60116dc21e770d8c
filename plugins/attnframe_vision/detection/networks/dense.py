"""`model=dense_prediction`: every place of the map tells a class and a box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import batched_nms

from attnframe.plugin.contract import Facts, Parts
from attnframe.plugin.subject import Maps
from attnframe_vision.detection.assignment import assign
from attnframe_vision.detection.metrics import MOST_BOXES, Found
from attnframe_vision.detection.networks.backbone import channels_last
from attnframe_vision.detection.networks.base import DetectionNetwork, Targets
from attnframe_vision.detection.networks.encoded_map import EncodedMap
from attnframe_vision.detection.overlaps import overlaps
from attnframe_vision.detection.recipes.dense_prediction import DensePrediction

PRIOR: Final = 0.01
"""Score of every class at every place before training, as most places show nothing (Lin et al. 2017)."""
CANDIDATES: Final = 300
"""Boxes of a picture among which those that overlap are left out."""
LEAST_SCORE: Final = 0.01
"""Boxes with a lower score cannot change a precision that counts, and are left out."""
BOX_WEIGHT, EDGE_WEIGHT = 2.0, 0.5
"""Weights of overlap and of edges beside the classes in the loss."""
LONGEST: Final = 4.0
"""Logarithm of the largest distance from a place to an edge, over half the median side."""


class DenseNetwork(DetectionNetwork):
    r"""Convolutions, encoder, and at each place logits of the classes and distances to the four edges (FCOS, Tian et
    al. 2019, https://arxiv.org/abs/1904.01355).

    .. math:: (l, t, r, b) = (x, y, x, y) + \tfrac{s}{2} (-e^{d_1}, -e^{d_2}, e^{d_3}, e^{d_4})

    with the place's centre (x, y) and the median side s of the training boxes. A place learns the object that `assign`
    gives it; its score learns, by cross entropy, the overlap of its box with that object (YOLOX, Ge et al. 2021,
    https://arxiv.org/abs/2107.08430), so that the best boxes have the highest scores.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        facts: of `SceneModule`.
    """

    centres: Tensor

    def __init__(self, model: DensePrediction, parts: Parts, facts: Facts) -> None:
        height, width = facts["size"]
        super().__init__(len(facts["classes"]), (height, width))
        self.stride, self.radius, self.suppression = model.stride, model.radius, model.suppression
        self.half_side = facts["side"] / 2
        self.map = EncodedMap(model, parts, height, width)
        self.tower = nn.Conv2d(model.dim, model.dim, 3, padding=1)
        channels_last(self.tower)
        self.head = nn.Linear(model.dim, self.classes + 4)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)
        nn.init.constant_(self.head.bias[: self.classes], -math.log(1 / PRIOR - 1))
        rows, columns = self.map.grid
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        centres = (torch.stack([x, y], -1).reshape(-1, 2) + 0.5) * self.stride
        self.register_buffer("centres", centres, persistent=False)

    def row_names(self, classes: Sequence[str]) -> dict[str, Sequence[str]]:
        rows = [*(f"class {name}" for name in classes), "left", "top", "right", "bottom"]
        return {"head.weight": rows, "head.bias": rows}

    def forward(self, pictures: Tensor) -> Tensor:
        tokens = self.map(pictures)
        features = self.tower(tokens.transpose(1, 2).unflatten(2, self.map.grid))
        raw = self.head(F.relu(features).flatten(2).transpose(1, 2))
        away = raw[..., self.classes :].clamp(max=LONGEST).exp() * self.half_side
        boxes = torch.cat([self.centres - away[..., :2], self.centres + away[..., 2:]], -1)
        return torch.cat([raw[..., : self.classes], boxes], -1)

    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        logits, boxes = outputs[..., : self.classes], outputs[..., self.classes :]
        chosen, positive, counted = assign(self.centres, targets, self.stride, self.radius)
        wanted = targets.boxes.gather(1, chosen.unsqueeze(-1).expand(-1, -1, 4))
        overlap, generalised = overlaps(boxes, wanted)
        label = targets.classes.gather(1, chosen)
        quality = (overlap.detach().clamp(0, 1) * positive).unsqueeze(-1) * F.one_hot(label, self.classes)
        class_loss = F.binary_cross_entropy_with_logits(logits, quality, reduction="none").sum(-1) * counted
        edge_loss = (boxes - wanted).abs().mean(-1) / (2 * self.half_side)
        box_loss = (BOX_WEIGHT * (1 - generalised) + EDGE_WEIGHT * edge_loss) * positive
        loss: Tensor = (class_loss + box_loss).sum() / positive.sum().clamp(min=1)
        return loss

    def found(self, outputs: Tensor) -> list[Found]:
        kept = []
        for one in self.best(outputs, CANDIDATES, LEAST_SCORE):
            keep = batched_nms(one.boxes, one.scores, one.labels, self.suppression)[:MOST_BOXES]
            kept.append(Found(one.boxes[keep], one.scores[keep], one.labels[keep]))
        return kept

    @property
    def grid(self) -> tuple[int, int]:
        return self.map.grid

    def parts(self, maps: Maps, box: int, prefix: str) -> Tensor:
        return maps.through(f"{prefix}map.encoder.")[0, box]
