"""Requests made by hand, for devices that need not be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.backends.base import Pattern, Request
from attnframe.masks import Extent, Full, Mask


@pytest.fixture
def ask() -> Callable[..., Request]:
    """`ask(mask, ...)` gives the request of causal-size self attention in bfloat16 on CUDA, 4,096 tokens and 8 heads of
    width 64; keyword arguments change it.
    """

    def request(mask: Mask | None = None, *, start: int | None = None, **changed: Any) -> Request:
        sizes = {"batch": 2, "heads": 8, "queries": 4096, "keys": 4096}
        sizes |= {name: changed.pop(name) for name in sizes if name in changed}
        extent = Extent(**sizes, query_start=start)
        given: dict[str, Any] = {
            **sizes,
            "kv_heads": 8,
            "head_dim": 64,
            "start": extent.start,
            "contiguous": True,
            "dtype": torch.bfloat16,
            "device": "cuda",
            "dropout": False,
            "dot": True,
            "softmax": True,
            "score": "ScaledDot",
            "normaliser": "Softmax",
            "bias": False,
            "pattern": Pattern.of(mask or Full(), extent),
            "grad": True,
        }
        return Request(**(given | changed))

    return request
