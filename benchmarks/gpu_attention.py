"""The engine on a GPU: the same laws in bfloat16, which backend auto takes, and its time beside bare kernels.

    python benchmarks/gpu_attention.py [--seconds 5]

Every case is held, forward and gradient, against the eager backend in float32 on the same bfloat16 inputs; errors are
shown in parts of the largest value and may be 0.03 at most. Queries without a visible key must give exactly 0. Then 4k
and 16k causal tokens, 8 heads x 64, forward and backward in bfloat16: the mixer with backend=auto against torch's bare
SDPA and bare compiled flex attention (bar: as fast as the fastest, 0.98). Records: benchmarks/results/
speed-gpu-LENGTH.json. Exit code 0 when all holds, 1 when something does not, 2 without CUDA.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from interleaved import Step, ratios, rounds, write
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Sinks
from attnframe.attention.scores import ScaledDot, SoftCap
from attnframe.masks import (
    Causal,
    Documents,
    Extent,
    Full,
    Global,
    Mask,
    Padding,
    Prefix,
    RandomBlocks,
    Window,
    settle,
)
from attnframe.positions import Alibi, BiasPosition, T5Bias

BATCH, HEADS, KV_HEADS, WIDTH, LENGTH = 2, 8, 2, 64, 2048
BOUND, BAR, REPEATS = 0.03, 0.98, 10


@dataclass(frozen=True)
class Case:
    """One kind of attention, and the backend that auto should take for it on a GPU."""

    name: str
    mask: Mask
    backend: str
    position: BiasPosition | None = None
    options: dict[str, Any] = field(default_factory=dict)
    queries: int = LENGTH


def cases() -> Iterator[Case]:
    """Every way that auto knows on a GPU."""
    valid = torch.arange(LENGTH) < torch.tensor([[LENGTH - 300], [0]])  # The second row sees nothing.
    ids = (torch.arange(LENGTH) // 500).expand(BATCH, -1)
    yield Case("full", Full(), "sdpa")
    yield Case("causal", Causal(), "sdpa")
    yield Case("causal, last 1024 queries", Causal(), "flash", queries=1024)
    yield Case("padding", Padding(valid), "flash")
    yield Case("window", Window(128, 64), "flash")
    yield Case("causal window", Causal() & Window(256, None), "flash")
    yield Case("packed documents, causal", Causal() & Documents(ids), "flash")
    yield Case("documents in pieces, causal", Causal() & Documents(torch.arange(LENGTH)[None] % 3), "flash")
    yield Case("padding, causal", Causal() & Padding(valid), "flex")
    yield Case("documents, window", Documents(ids) & Window(128, 0), "flex")
    yield Case("prefix", Causal() | Prefix(torch.tensor([100, 0])), "flex")
    yield Case("window, global and random blocks", Window(64, 64) | Global(2) | RandomBlocks(64, 2), "flex")
    yield Case("the future only", ~Causal(), "flex")
    yield Case("soft cap", Causal(), "flex", options={"score": SoftCap(ScaledDot(WIDTH), 20.0)})
    yield Case("ALiBi", Full(), "flex", position=Alibi(HEADS))
    yield Case("T5 table", Causal(), "flex", position=T5Bias(HEADS, causal=True))
    yield Case("sinks under a prefix", Causal() | Prefix(64), "flex", options={"normaliser": Sinks(HEADS)})


def hold(case: Case, device: str) -> tuple[str, float, float, bool]:
    """Backend taken, errors of the output and the worst gradient, and whether what sees nothing gives exactly 0."""
    torch.manual_seed(0)
    shapes = ((HEADS, case.queries), (KV_HEADS, LENGTH), (KV_HEADS, LENGTH))
    inputs = [torch.randn(BATCH, *shape, WIDTH, device=device).bfloat16() for shape in shapes]
    extent = Extent(BATCH, HEADS, case.queries, LENGTH, device=torch.device(device))
    bias = None
    if case.position is not None:
        places = torch.arange(LENGTH, device=device).unsqueeze(0)
        bias = PositionBias(case.position.to(device), places[:, LENGTH - case.queries :], places)
    call = Call(settle(case.mask.to(device), extent), extent, bias)
    direction = torch.randn(BATCH, HEADS, case.queries, WIDTH, device=device)
    found = []
    for backend, dtype in (("auto", torch.bfloat16), ("eager", torch.float32)):
        mixer = SoftmaxMixer(**case.options, backend=backend).to(device)
        leaves = [x.to(dtype).requires_grad_() for x in inputs]
        learned = [*mixer.parameters(), *(case.position.parameters() if case.position is not None else [])]
        out = mixer(*leaves, call)
        grads = torch.autograd.grad((out * direction.to(dtype)).sum(), [*leaves, *learned])
        found.append((mixer.plan(*leaves, call).chosen, out, grads))
    (taken, out, grads), (_, expected, slopes) = found
    sees_nothing = ~call.visible().any(-1).expand(BATCH, HEADS, case.queries)
    errors = [_error(one, other) for one, other in zip(grads, slopes, strict=True)]
    return taken, _error(out, expected), max(errors), not out[sees_nothing].any()


def _error(ours: Tensor, theirs: Tensor) -> float:
    return float((ours.detach().float() - theirs.detach()).abs().max() / theirs.detach().abs().max())


def steps(length: int) -> dict[str, Step]:
    """`REPEATS` forward and backward passes of causal attention over `length` tokens, by name; ours is auto."""
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    made = torch.randn(1, length, 3, HEADS, WIDTH, device="cuda", dtype=torch.bfloat16, requires_grad=True)
    inputs = made.permute(2, 0, 3, 1, 4).unbind(0)
    direction = torch.randn(1, HEADS, length, WIDTH, device="cuda", dtype=torch.bfloat16)
    call = Call(Causal(), Extent(1, HEADS, length, length, device=torch.device("cuda")))
    blocks = create_block_mask(lambda b, h, q, k: q >= k, None, None, length, length, device="cuda")
    flex, mixer = torch.compile(flex_attention), SoftmaxMixer()
    ways: dict[str, Callable[[], Tensor]] = {
        "auto": lambda: mixer(*inputs, call),
        "sdpa": lambda: F.scaled_dot_product_attention(*inputs, is_causal=True),
        "flex": lambda: flex(*inputs, block_mask=blocks),
    }

    def whole(forward: Callable[[], Tensor]) -> None:
        for _ in range(REPEATS):
            torch.autograd.grad(forward(), inputs, direction)
        torch.cuda.synchronize()

    return {name: lambda way=way: whole(way) for name, way in ways.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds for each way and length")
    seconds = parser.parse_args().seconds
    if not torch.cuda.is_available():
        print("benchmarks/gpu_attention.py needs a CUDA device, and torch sees none.", file=sys.stderr)
        return 2
    held = True
    print(f"{'case':34}{'auto':8}{'output':>10}{'gradient':>10}")
    for case in cases():
        taken, output, gradient, empty = hold(case, "cuda")
        wrong = [f"should take {case.backend}"] if taken != case.backend else []
        wrong += [f"is off by more than {BOUND}"] if not max(output, gradient) < BOUND else []
        wrong += [] if empty else ["what sees nothing is not 0"]
        held = held and not wrong
        print(f"{case.name:34}{taken:8}{output:10.4f}{gradient:10.4f}  {'; '.join(wrong)}")
    device = torch.cuda.get_device_name()
    for length in (4096, 16384):
        times = rounds(steps(length), seconds)
        what = f"causal, {length} tokens, {HEADS} heads x {WIDTH}, bfloat16, forward and backward"
        write(f"gpu-{length}", what, times, "auto", bar=BAR, device=device)
        found = ratios(times, "auto")
        held = held and min(found.values()) >= BAR
        print(what, *(f"{peer}/auto {ratio:.2f}" for peer, ratio in found.items()), sep="; ")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
