"""What looking costs: a forward pass of 12 blocks while one of them is captured, beside the same pass without.

    python benchmarks/capture.py [--rounds 15] [--threads 2]

Blocks of width 512 with 8 heads at T = 1024, causal, batch 1, float32 on CPU, fused attention; weights, entropy and
sink mass of block 5. Writes benchmarks/results/capture.json. Bars: at most 1.10 times the time, and the same bits.
"""

from __future__ import annotations

import argparse
import statistics
from functools import partial
from importlib.metadata import version

import records
import torch
from interleaved import rounds
from torch import Tensor, nn

from attnframe.interpretation import Measure, capture, entropy, sink_mass
from attnframe.models import Encoder
from attnframe.recipes.attention.mha import MultiHeadAttention

DIM, DEPTH, HEADS, LENGTH, LAYER, BAR = 512, 12, 8, 1024, 5, 1.10
MEASURES: dict[str, Measure | None] = {"weights": None, "entropy": entropy, "sink mass": sink_mass}


@torch.no_grad()
def plain(model: nn.Module, x: Tensor) -> Tensor:
    out: Tensor = model(x)
    return out


@torch.no_grad()
def watched(model: nn.Module, x: Tensor, measure: Measure | None) -> Tensor:
    with capture(model, layers=[LAYER], measure=measure):
        out: Tensor = model(x)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    model = Encoder(DIM, DEPTH, MultiHeadAttention(num_heads=HEADS), causal=True).eval()
    x = torch.randn(1, LENGTH, DIM)
    expected = plain(model, x)
    changed = {name: int((watched(model, x, one) != expected).sum()) for name, one in MEASURES.items()}
    steps = {"plain": partial(plain, model, x)}
    steps |= {name: partial(watched, model, x, one) for name, one in MEASURES.items()}
    times = rounds(steps, 0.0, given.rounds)
    base = times["plain"]
    record = {
        "command": f"python benchmarks/capture.py --rounds {given.rounds} --threads {given.threads}",
        "what": f"forward of {DEPTH} blocks, {DIM} x {HEADS} heads, T = {LENGTH}, causal, one block captured",
        "ratios": {name: statistics.median(t / p for t, p in zip(times[name], base, strict=True)) for name in MEASURES},
        "bar": BAR,
        "changed_outputs": changed,
        "milliseconds": {name: statistics.median(taken) * 1e3 for name, taken in times.items()},
        "rounds": given.rounds,
        "threads": given.threads,
        "torch": version("torch"),
    }
    records.write("capture", record)
    for name, ratio in record["ratios"].items():
        print(f"{name}: {ratio:.3f} times the plain forward (bar {BAR}), {changed[name]} outputs changed")


if __name__ == "__main__":
    main()
