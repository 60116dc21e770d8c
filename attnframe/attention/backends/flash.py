"""Flash attention over sequences put end to end, by torch's own kernel or by the package flash-attn."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Backend, Request, Weighting
from attnframe.attention.mixer import Call
from attnframe.attention.scores import SoftCap
from attnframe.masks import Causal, Documents, Padding
from attnframe.masks.sequences import Sequences, sequences

FEWEST_QUERIES = 128
"""Queries for which putting keys end to end pays."""
WIDEST = 256
"""Head width that its kernels take at most."""
OLDEST = 8
"""Compute capability of the oldest devices that have its kernels."""
_HALVES = (torch.bfloat16, torch.float16)

Kernel: TypeAlias = Callable[[Tensor, Tensor, Tensor, Sequences, float, float | None, float], Tensor]
"""(query (N, H, E), key (M, K, E), value (M, K, E), their sequences, factor of the dot products, soft cap, dropout) to
(N, H, E), 0 for a query whose window has no key in a sequence that has some."""


class Flash(Backend):
    """FlashAttention-2 (Dao 2023, https://arxiv.org/abs/2307.08691) in half precision on CUDA, for masks that are
    sequences with one window: Causal, Window, Padding and Documents, and those of their conjunctions that keep the
    order of keys.

    What no sequence and window expresses is refused with the reason. Torch's kernel (`torch.nn.attention.varlen`)
    serves what it can; dropout and soft caps need the package flash-attn.

    Args:
        package: whether flash-attn is installed; None to look for it.
        kernel: what computes; None for the two above.
    """

    name = "flash"

    def __init__(self, package: bool | None = None, kernel: Kernel | None = None) -> None:
        self.package = find_spec("flash_attn") is not None if package is None else package
        self.kernel = kernel

    def why_not(self, request: Request) -> list[str]:
        if request.device != "cuda":
            return [f"it runs on cuda, not on {request.device}"]
        reasons = [*_of_device(), *request.pattern.no_sequences]
        if request.traced and any(term in (Padding, Documents) for term in request.pattern.terms):
            reasons.append("lengths of sequences cannot be read from a mask while a graph is traced")
        if request.dtype not in _HALVES:
            reasons.append(f"it takes bfloat16 and float16, not {str(request.dtype).removeprefix('torch.')}")
        if request.head_dim > WIDEST:
            reasons.append(f"it takes a head width of at most {WIDEST}, not {request.head_dim}")
        if not request.dot and not request.capped:
            reasons.append(f"the {request.score} score is no dot product of mapped queries and keys, nor a cap of one")
        if not request.softmax:
            reasons.append(f"its normaliser is softmax, not {request.normaliser}")
        if request.sink:
            reasons.append("a sink is learned from the log-sum-exp, of which it has no gradient")
        if request.capped and request.normaliser != "Softmax":
            reasons.append("it has no temperature after a soft cap")
        if request.bias:
            reasons.append(f"it adds no position bias such as {request.position}")
        wanted = [name for name, asked in (("dropout", request.dropout), ("a soft cap", request.capped)) if asked]
        if wanted and not self.package:
            reasons.append(f"{' and '.join(wanted)} need flash-attn, which is not installed (pip install flash-attn)")
        return reasons

    def why_slow(self, request: Request) -> list[str]:
        reasons = []
        if request.queries < FEWEST_QUERIES:
            reasons.append(f"{request.queries} queries do not repay putting keys end to end")
        square = request.queries == request.keys and request.contiguous and request.start == 0
        terms = request.pattern.terms
        if not request.capped and (not terms or (terms == (Causal,) and square)):
            reasons.append("torch's own kernel has a form for this mask")
        return reasons

    def notes(self, request: Request) -> list[str]:
        return [f"by {'flash-attn' if request.dropout or request.capped else 'torch.nn.attention.varlen'}"]

    def memory(self, request: Request) -> int:
        rows = request.batch * request.heads * request.queries
        ends = rows + 2 * request.batch * request.keys * request.kv_heads
        return 2 * ends * request.head_dim * request.dtype.itemsize + 4 * rows

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        score, form = weighting.score, weighting.normaliser.fused()
        assert form is not None
        cap = score.cap if isinstance(score, SoftCap) else None
        query, key = score.map_query(query), score.map_key(key)
        batch, heads, rows, _ = query.shape
        width = value.shape[3]
        parts = sequences(call.mask, call.extent)
        wide = -(-max(query.shape[3], width) // 8) * 8  # Its kernels take one width for all, in steps of 8.
        query = _end_to_end(query, parts.queries, wide)
        key, value = (_end_to_end(x, parts.keys, wide) for x in (key, value))
        kernel = self.kernel or (_torch if cap is None and not weighting.dropout else _package)
        out = kernel(query, key, value, parts, score.scale / form.temperature, cap, weighting.dropout)
        if parts.blind is not None:
            out = out.masked_fill(parts.blind.view(-1, 1, 1), 0.0)
        out = out if parts.queries is None else out[parts.queries.argsort()]
        return out[..., :width].view(batch, rows, heads, width).transpose(1, 2)


def _end_to_end(x: Tensor, order: Tensor | None, width: int) -> Tensor:
    """x (B, heads, T, E) as (N, heads, width), zeros in the added features."""
    whole = F.pad(x.transpose(1, 2).flatten(0, 1), (0, width - x.shape[3]))
    return whole if order is None else whole.index_select(0, order)


@cache
def _of_device() -> tuple[str, ...]:
    """Why the device of this process cannot serve it."""
    if not torch.cuda.is_available() or torch.cuda.get_device_capability()[0] >= OLDEST:
        return ()
    return (f"it needs a device of compute capability {OLDEST} or more",)


def _torch(
    query: Tensor, key: Tensor, value: Tensor, parts: Sequences, scale: float, cap: float | None, dropout: float
) -> Tensor:
    from torch.nn.attention.varlen import varlen_attn

    assert cap is None
    assert not dropout
    out = varlen_attn(
        query,
        key,
        value,
        parts.query_ends,
        parts.key_ends,
        parts.most_queries,
        parts.most_keys,
        scale=scale,
        window_size=(parts.left, parts.right),
        enable_gqa=query.shape[1] != key.shape[1],
    )
    assert isinstance(out, Tensor)
    return out


def _package(
    query: Tensor, key: Tensor, value: Tensor, parts: Sequences, scale: float, cap: float | None, dropout: float
) -> Tensor:
    from flash_attn import flash_attn_varlen_func

    out: Tensor = flash_attn_varlen_func(
        query,
        key,
        value,
        parts.query_ends,
        parts.key_ends,
        parts.most_queries,
        parts.most_keys,
        dropout_p=dropout,
        softmax_scale=scale,
        causal=parts.right == 0,
        window_size=(parts.left, parts.right),
        softcap=cap or 0.0,
    )
    return out
