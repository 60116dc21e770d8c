"""The kernels of flash-linear-attention, https://github.com/fla-org/flash-linear-attention."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import torch
from torch import Tensor

from attnframe.attention.recurrence.tokens import Tokens
from attnframe.masks import Documents, Mask, terms

WIDEST: Final = 256
"""Features of a head that the kernels are made for."""


@dataclass(frozen=True)
class Kernel:
    """A chunked form written in Triton.

    Args:
        module: where it is defined. function: its name there.
    """

    module: str
    function: str

    def why_not(self, device: torch.device, dtype: torch.dtype, head_dim: int, mask: Mask) -> list[str]:
        """Why it does not serve queries of width `head_dim` under a mask; empty when it does."""
        if torch.compiler.is_compiling():
            return ["it is not traced by torch.compile and torch.export"]
        found = []
        if not _installed():
            found.append("flash-linear-attention is not installed")
        if device.type != "cuda":
            found.append(f"its kernels run on CUDA, and the tensors are on {device.type}")
        if dtype not in (torch.bfloat16, torch.float16):
            found.append(f"its kernels take half precision, not {str(dtype).removeprefix('torch.')}")
        if head_dim > WIDEST:
            found.append(f"its kernels take heads of at most {WIDEST} features, not {head_dim}")
        if any(isinstance(term, Documents) for term in terms(mask)):
            found.append("a mask of documents is not handed over as lengths")
        return found

    def __call__(self, tokens: Tokens, state: Tensor | None, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Outputs (B, H, T, V) and the state (B, H, E, V) after the last token.

        Args:
            tokens: what is read. state: before the first; None for 0. dtype: that products are taken in.
        """
        parts: dict[str, Any] = {"q": tokens.query, "k": tokens.key, "v": tokens.value}
        parts = {name: part.transpose(1, 2).to(dtype) for name, part in parts.items()}
        if tokens.decay is not None:
            batch, _, length, _ = tokens.query.shape
            decay = tokens.decay.expand(batch, -1, length, -1).transpose(1, 2)
            parts["g"] = decay if decay.shape[3] > 1 else decay.squeeze(3)
        if tokens.rate is not None:
            parts["beta"] = tokens.rate.squeeze(3).transpose(1, 2).to(dtype)
        function = getattr(importlib.import_module(self.module), self.function)
        out, after = function(**parts, scale=1.0, initial_state=state, output_final_state=True)
        return out.transpose(1, 2), after


@cache
def _installed() -> bool:
    return importlib.util.find_spec("fla") is not None
