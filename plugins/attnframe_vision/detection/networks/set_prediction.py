"""`model=set_prediction`: learned queries, matched one to one with the objects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import sigmoid_focal_loss

from attnframe.models import Decoder
from attnframe.plugin.contract import Facts, Parts
from attnframe.plugin.subject import Maps
from attnframe_vision.detection.assignment import match
from attnframe_vision.detection.metrics import MOST_BOXES, Found
from attnframe_vision.detection.networks.base import DetectionNetwork, Targets
from attnframe_vision.detection.networks.dense import LEAST_SCORE, PRIOR
from attnframe_vision.detection.networks.encoded_map import EncodedMap
from attnframe_vision.detection.overlaps import overlaps
from attnframe_vision.detection.recipes.set_prediction import SetPrediction

OVERLAP_WEIGHT, EDGE_WEIGHT, CLASS_WEIGHT = 2.0, 5.0, 2.0
"""Weights in loss and matching, those of Zhu et al. 2021 (https://arxiv.org/abs/2010.04159)."""
SPARE: Final = 2
"""Queries for each object of the fullest picture."""


class SetNetwork(DetectionNetwork):
    r"""Convolutions, encoder, and a decoder whose queries see one another and the encoded map (DETR, Carion et al.
    2020, https://arxiv.org/abs/2005.12872).

    Query q tells logits of the classes and a box near a learned one (Zhu et al. 2021, https://arxiv.org/abs/2010.04159):

    .. math:: (x, y, w, h) = \sigma(r_q + d_q)

    centre, width and height as shares of the picture, with r learned and d of the decoded query. Each place of the
    encoded map gets a learned vector of its row and one of its column, so that queries find places.

    Args:
        model: its recipe.
        parts: attention and position recipes; queries have no positions.
        facts: of `SceneModule`.
    """

    def __init__(self, model: SetPrediction, parts: Parts, facts: Facts) -> None:
        height, width = facts["size"]
        super().__init__(len(facts["classes"]), (height, width))
        dim, queries = model.dim, model.queries or SPARE * facts["objects"]
        self.map = EncodedMap(model, parts, height, width)
        rows, columns = self.map.grid
        self.rows = nn.Parameter(torch.randn(rows, 1, dim) * 0.5)
        self.columns = nn.Parameter(torch.randn(columns, dim) * 0.5)
        self.queries = nn.Parameter(torch.randn(queries, dim))
        self.decoder = Decoder(
            dim,
            model.decoder_depth or model.depth,
            parts.attention,
            context_dim=dim,
            causal=False,
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        self.class_head = nn.Linear(dim, self.classes)
        edges = nn.Linear(dim, 4)
        self.box_head = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), edges)
        nn.init.constant_(self.class_head.bias, -math.log(1 / PRIOR - 1))
        nn.init.normal_(edges.weight, std=0.01)
        nn.init.zeros_(edges.bias)
        share = torch.tensor([facts["side"] / width, facts["side"] / height]).clamp(0.02, 0.9).logit()
        self.references = nn.Parameter(
            torch.cat([torch.rand(queries, 2).clamp(0.05, 0.95).logit(), share.expand(queries, 2)], 1)
        )

    def row_names(self, classes: Sequence[str]) -> dict[str, Sequence[str]]:
        rows = [f"class {name}" for name in classes]
        return {"class_head.weight": rows, "class_head.bias": rows}

    def forward(self, pictures: Tensor) -> Tensor:
        context = self.map(pictures) + (self.rows + self.columns).flatten(0, 1)
        decoded = self.decoder(self.queries.expand(len(pictures), -1, -1), context)
        centre, size = (self.references + self.box_head(decoded)).sigmoid().chunk(2, -1)
        boxes = torch.cat([centre - size / 2, centre + size / 2], -1) * self.sides
        return torch.cat([self.class_head(decoded), boxes], -1)

    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        logits, boxes = outputs[..., : self.classes], outputs[..., self.classes :]
        query, matched = match(self._costs(logits, boxes, targets), targets.learned)
        wanted = targets.boxes
        own = boxes.gather(1, query.unsqueeze(-1).expand(-1, -1, 4))  # (B, M, 4)
        _, generalised = overlaps(own, wanted)
        away = ((own - wanted).abs() / self.sides).sum(-1)
        box_loss = ((OVERLAP_WEIGHT * (1 - generalised) + EDGE_WEIGHT * away) * matched).sum()
        label = F.one_hot(targets.classes, self.classes) * matched.unsqueeze(-1)
        answer = torch.zeros_like(logits).scatter_add(1, query.unsqueeze(-1).expand_as(label), label.to(logits.dtype))
        class_loss = CLASS_WEIGHT * sigmoid_focal_loss(logits, answer, alpha=-1, gamma=2, reduction="sum")
        loss: Tensor = (class_loss + box_loss) / matched.sum().clamp(min=1)
        return loss

    @torch.no_grad()
    def _costs(self, logits: Tensor, boxes: Tensor, targets: Targets) -> Tensor:
        """What it would cost to match each query with each object: (B, Q, M)."""
        _, generalised = overlaps(boxes.unsqueeze(2), targets.boxes.unsqueeze(1))
        away = ((boxes.unsqueeze(2) - targets.boxes.unsqueeze(1)).abs() / self.sides).sum(-1)
        score = logits.sigmoid().gather(2, targets.classes.unsqueeze(1).expand(-1, logits.shape[1], -1))
        return OVERLAP_WEIGHT * (1 - generalised) + EDGE_WEIGHT * away - CLASS_WEIGHT * score

    def found(self, outputs: Tensor) -> list[Found]:
        return self.best(outputs, MOST_BOXES, LEAST_SCORE)

    @property
    def grid(self) -> tuple[int, int]:
        return self.map.grid

    def parts(self, maps: Maps, box: int, prefix: str) -> Tensor:
        layers = [f"{prefix}decoder.blocks.{number}.cross_attention" for number in range(len(self.decoder.blocks))]
        return maps.across(*layers)[0, box] @ maps.through(f"{prefix}map.encoder.")[0]
