"""Answers that are one of several classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor


def log_share(logits: Tensor, label: int) -> Tensor:
    """The log-probability (n,) in nats of a class, of logits (n, classes)."""
    return logits.float().log_softmax(1)[:, label]


def class_answer(record: Mapping[str, Any]) -> str:
    """What a prediction says, with the class that comes next.

    Args:
        record: with ``label`` and ``probabilities`` (by class).
    """
    label, chances = record["label"], record["probabilities"]
    others = sorted((name for name in chances if name != label), key=chances.__getitem__, reverse=True)
    told = f"The model says {label} ({chances[label]:.1%})"
    return f"{told}, then {others[0]} ({chances[others[0]]:.1%})." if others else f"{told}."
