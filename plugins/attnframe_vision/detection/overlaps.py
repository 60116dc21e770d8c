"""How far boxes are apart."""

from __future__ import annotations

import torch
from torch import Tensor

TINY = 1e-7
"""Keeps quotients of empty boxes finite."""


def overlaps(boxes: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    r"""Intersection over union of boxes, pair by pair, and its generalised form (Rezatofighi et al. 2019,
    https://arxiv.org/abs/1902.09630), which also tells how far apart boxes are:

    .. math:: \mathrm{GIoU} = \mathrm{IoU} - \frac{|\mathrm{hull}| - |\mathrm{union}|}{|\mathrm{hull}|}

    Args:
        boxes: (..., 4) left, top, right, bottom. others: likewise.

    Returns:
        (...) in [0, 1] and (...) in [-1, 1].
    """
    first, last = boxes[..., :2], boxes[..., 2:]
    other_first, other_last = others[..., :2], others[..., 2:]
    shared = (torch.minimum(last, other_last) - torch.maximum(first, other_first)).clamp(min=0).prod(-1)
    hull = (torch.maximum(last, other_last) - torch.minimum(first, other_first)).prod(-1)
    union = (last - first).prod(-1) + (other_last - other_first).prod(-1) - shared
    overlap = shared / (union + TINY)
    return overlap, overlap - (hull - union) / (hull + TINY)
