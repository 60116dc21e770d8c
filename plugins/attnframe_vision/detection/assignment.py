"""Which object each place of a map learns, and which object each query does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from attnframe_vision.detection.networks.base import Targets


def assign(centres: Tensor, targets: Targets, stride: int, radius: float) -> tuple[Tensor, Tensor, Tensor]:
    """The object that each place learns: one whose centre is near and whose box holds the place's centre, or whose
    centre lies in the place itself; the smallest where there are several (FCOS, Tian et al. 2019,
    https://arxiv.org/abs/1904.01355, with centre sampling).

    Args:
        centres: (Q, 2) x and y of the places' centres in pixels.
        targets: the objects of B pictures, up to M in each.
        stride: pixels of a place's side.
        radius: largest distance of a place from an object's centre, along each side, in places.

    Returns:
        (B, Q) index of the object, 0 without one; (B, Q) bool, whether there is one; (B, Q) bool, whether the place
        counts in learning classes: those within an object that is ignored do not.
    """
    first, last = targets.boxes[..., :2], targets.boxes[..., 2:]  # (B, M, xy)
    place = centres[None, :, None]  # (1, Q, 1, xy)
    away = (place - ((first + last) / 2)[:, None]).abs().amax(-1)  # (B, Q, M)
    inside = ((place > first[:, None]) & (place < last[:, None])).all(-1)
    candidate = ((inside & (away < radius * stride)) | (away <= stride / 2)) & targets.learned[:, None]
    area = (last - first).prod(-1)[:, None].expand_as(candidate)
    least, chosen = area.masked_fill(~candidate, torch.inf).min(-1)
    positive = least.isfinite()
    counted = positive | ~(inside & targets.ignored[:, None]).any(-1)
    return chosen.masked_fill(~positive, 0), positive, counted


def match(costs: Tensor, learned: Tensor) -> tuple[Tensor, Tensor]:
    """The query of each object, so that no two objects have one and the costs are the least (Kuhn 1955).

    Where there are more objects than queries, those that cost most have none.

    Args:
        costs: (B, Q, M) of each query for each object.
        learned: (B, M) bool, objects that take part.

    Returns:
        (B, M) index of the query, 0 without one, and (B, M) bool, whether there is one.
    """
    from scipy.optimize import linear_sum_assignment

    batch, _, objects = costs.shape
    query = torch.zeros(batch, objects, dtype=torch.int64)
    matched = torch.zeros(batch, objects, dtype=torch.bool)
    if not costs.is_meta:
        for number, (cost, take) in enumerate(zip(costs.cpu(), learned.cpu(), strict=True)):
            taken = take.nonzero().squeeze(1)
            rows, columns = linear_sum_assignment(cost[:, taken].numpy())
            query[number, taken[columns]] = torch.from_numpy(rows)
            matched[number, taken[columns]] = True
    return query.to(costs.device), matched.to(costs.device)
