"""How a part is held against somebody else's: output and every gradient."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

Map = Callable[[Tensor], Tensor]


@pytest.fixture
def agree() -> Callable[..., None]:
    return _agree


@pytest.fixture
def plain() -> Callable[[str], Any]:
    """`plain(name)` is the module of plain functions of an operator of flash-linear-attention.

    It is loaded from its file: the package itself imports Triton kernels, and warns on a CPU.
    """

    def load(name: str) -> Any:
        package = importlib.util.find_spec("fla")
        assert package is not None
        assert package.submodule_search_locations is not None
        path = Path(package.submodule_search_locations[0]) / "ops" / name / "naive.py"
        spec = importlib.util.spec_from_file_location(f"fla_plain_{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def _agree(
    ours: Map, theirs: Map, x: Tensor, tolerance: float = 1e-5, pairs: Sequence[tuple[nn.Parameter, Tensor]] = ()
) -> None:
    """Outputs, and the gradients of a random direction of them in the input and in parameters, differ by at most
    `tolerance` times the largest value of each.

    Args:
        ours: what is tested. theirs: the oracle, of the same function.
        x: the input of both.
        tolerance: 1e-5 is meant for float32.
        pairs: parameters of ours beside those of theirs that hold the same weights in the same layout.
    """
    results = []
    for function, parameters in ((ours, [one for one, _ in pairs]), (theirs, [other for _, other in pairs])):
        leaf = x.detach().clone().requires_grad_()
        out = function(leaf)
        direction = torch.randn(out.shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
        slopes = torch.autograd.grad((out * direction.to(out.dtype)).sum(), (leaf, *parameters))
        results.append((out, *slopes))
    for number, (one, other) in enumerate(zip(*results, strict=True)):
        largest = other.abs().max().item()
        assert largest > 0, "the oracle gives nothing to compare"
        difference = (one - other).abs().max().item()
        what = (
            "output" if number == 0 else "gradient of the input" if number == 1 else f"gradient {number - 2} of pairs"
        )
        assert difference <= tolerance * largest, f"{what}: differs by {difference:.2e} of {largest:.2e}"
