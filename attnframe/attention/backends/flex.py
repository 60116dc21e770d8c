"""Torch's flex attention: a kernel that is compiled for the mask and for what is done to the scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor

from attnframe.attention.backends.base import Backend, Request, Weighting
from attnframe.attention.backends.score_mod import score_mod
from attnframe.attention.mixer import Call
from attnframe.masks import Causal, Dense, Padding
from attnframe.masks.mask_mod import BLOCK, block_mask

FEWEST_QUERIES = 1024
"""Queries for which compiling a kernel pays."""
NARROWEST = 16
"""Head width that its kernels can take at least."""
GRAPHS = 64
"""Kernels for masks and scores of different kinds that one process may compile."""
_KERNEL_TYPES = (torch.float32, torch.bfloat16, torch.float16)


class Flex(Backend):
    """FlexAttention (Dong et al. 2024, https://arxiv.org/abs/2412.05496), for softmax over dot products under any mask
    that is an elementwise function of indices.

    Blocks of 128 queries and 128 keys in which the mask shows nothing are skipped, so time grows with the pairs that it
    shows. Soft caps, ALiBi and T5's table are functions of one score; a sink is taken from the log-sum-exp, out *
    sigmoid(lse - sink). On CUDA it is compiled; on a CPU it runs as plain operations over all pairs and without
    gradients, which torch has none of there.

    Args:
        compiles: whether kernels can be compiled for CUDA; None to look for Triton.
    """

    name = "flex"

    def __init__(self, compiles: bool | None = None) -> None:
        self.compiles = find_spec("triton") is not None if compiles is None else compiles

    def why_not(self, request: Request) -> list[str]:
        reasons = [*_of_device(request, self.compiles), *request.pattern.no_mask_mod]
        if not request.dot and not request.capped:
            reasons.append(f"the {request.score} score is no dot product of mapped queries and keys, nor a cap of one")
        if not request.softmax:
            reasons.append(f"its normaliser is softmax, not {request.normaliser}")
        if request.bias and not request.score_mod:
            reasons.append(f"{request.position} is no elementwise function of one query and one key")
        if request.dropout:
            reasons.append("it drops no weights")
        return reasons

    def why_slow(self, request: Request) -> list[str]:
        if request.device != "cuda":
            return [f"on {request.device} it is no fused kernel, and makes every score"]
        reasons = []
        if request.queries < FEWEST_QUERIES:
            reasons.append(f"{request.queries} queries do not repay compiling a kernel")
        if request.dtype not in (torch.bfloat16, torch.float16):
            reasons.append("its kernels are made for half precision")
        if request.head_dim & (request.head_dim - 1):
            reasons.append(f"its kernels fill the head width {request.head_dim} up to a power of two")
        if _is_plain(request):
            reasons.append("torch's own kernel has a form for this mask")
        return reasons

    def notes(self, request: Request) -> list[str]:
        notes = []
        if request.bias:
            notes.append(f"{request.position} is a function of each score")
        if request.sink:
            notes.append("the sink is taken from the log-sum-exp")
        return notes

    def memory(self, request: Request) -> int:
        rows = request.batch * request.heads * request.queries
        if request.device != "cuda":
            return 4 * rows * request.keys * max(4, request.dtype.itemsize)
        tables = 16 * request.batch * request.heads * -(-request.queries // BLOCK) * -(-request.keys // BLOCK)
        return 8 * rows + tables

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        score, form = weighting.score, weighting.normaliser.fused()
        assert form is not None
        query, key = score.map_query(query), score.map_key(key)
        scale, change = score_mod(call, weighting, query.dtype)
        # Blocks are given without a mask too: torch 2.12's compiled kernel for a CPU goes wrong where there are none.
        found = _attend(
            query,
            key,
            value,
            score_mod=change,
            block_mask=block_mask(call.mask, call.extent),
            scale=scale,
            enable_gqa=query.shape[1] != key.shape[1],
            lse=form.sink is not None,
        )
        if form.sink is None:
            return found[0]
        sink = form.sink.view(-1, 1) if isinstance(form.sink, Tensor) else form.sink
        return found[0] * torch.sigmoid(found[1] - sink).unsqueeze(-1).to(found[0].dtype)


def _of_device(request: Request, compiles: bool) -> list[str]:
    """Why the device of a request cannot serve it."""
    if request.device == "cpu":
        return ["torch has no gradients of it on cpu"] if request.grad else []
    if request.device != "cuda":
        return [f"it runs on cuda and cpu, not on {request.device}"]
    reasons = [] if compiles else ["Triton, which compiles its kernels, is not installed (pip install triton)"]
    if request.dtype not in _KERNEL_TYPES:
        reasons.append(f"its kernels take no {str(request.dtype).removeprefix('torch.')}")
    if request.head_dim < NARROWEST:
        reasons.append(f"its kernels take a head width of at least {NARROWEST}, not {request.head_dim}")
    return reasons


def _is_plain(request: Request) -> bool:
    """Whether torch's `scaled_dot_product_attention` has a kernel for the mask, and nothing is done to the scores."""
    if request.capped or (request.bias and not request.ramp):
        return False
    square = request.queries == request.keys and request.contiguous and request.start == 0
    if all(term in (Dense, Padding) for term in request.pattern.terms):
        return True
    return request.pattern.terms == (Causal,) and square


def _attend(query: Tensor, key: Tensor, value: Tensor, *, lse: bool, **options: Any) -> tuple[Tensor, Tensor]:
    """Output and log-sum-exp, which is made only when asked for."""
    from torch.nn.attention.flex_attention import AuxRequest, flex_attention

    options["return_aux"] = AuxRequest(lse=lse)
    if torch.compiler.is_compiling():
        out, more = flex_attention(query, key, value, **options)
    elif query.device.type == "cpu":
        with _as_plain_operations():
            out, more = flex_attention(query, key, value, **options)
    else:
        with torch._dynamo.config.patch(recompile_limit=GRAPHS):
            out, more = _compiled()(query, key, value, **options)
    return out, more.lse


@contextmanager
def _as_plain_operations() -> Iterator[None]:
    """Without compilation torch traces each call, and warns; this is its own switch to do neither."""
    import torch.nn.attention.flex_attention as module

    before = module._FLEX_ATTENTION_DISABLE_COMPILE_DEBUG
    module._FLEX_ATTENTION_DISABLE_COMPILE_DEBUG = True
    try:
        yield
    finally:
        module._FLEX_ATTENTION_DISABLE_COMPILE_DEBUG = before


@cache
def _compiled() -> Callable[..., Any]:
    from torch.nn.attention.flex_attention import flex_attention

    return torch.compile(flex_attention, fullgraph=True)
