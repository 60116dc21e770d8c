"""Time and memory of attention over edges beside torch-geometric: forward and backward of one layer, CPU, float32.

    python benchmarks/graph_attention.py [CASE ...] [--seconds 10] [--threads 1]

Cases: a layer (gat, gatv2, graph_transformer, graph_transformer_skip) at a size, as in gat_cora. Sizes: cora (2,708
nodes with 1,433 features, 10,556 edges and self-loops, to 8 heads x 8; the graph transformer, which keeps its width,
has 64 features) and million (100,000 nodes with 64 features, 1,000,000 edges and self-loops, to 4 heads x 16); all when
none is named. At the second the peak memory is taken too, in a fresh process for each side, above what it held before
the step. Bars: gat 1.2 times as fast at cora; 2.5 times in half the memory at million; the others 0.98. Records:
benchmarks/results/speed-graph_CASE.json.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from interleaved import Step, ratios, rounds, write
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixers import SkipMixer, SoftmaxMixer
from attnframe.attention.projections import TiedProjections
from attnframe.attention.scores import DynamicGraphAttentionScore, GraphAttentionScore
from attnframe.masks import Edges


@dataclass(frozen=True)
class Size:
    """A random graph and the widths of a layer on it."""

    nodes: int
    edges: int
    features: int
    heads: int
    width: int

    def draw(self) -> tuple[Tensor, Tensor]:
        """Features, and distinct edges (2, N) without self-loops."""
        torch.manual_seed(0)
        edges = torch.randint(self.nodes, (2, self.edges)).unique(dim=1)
        return torch.rand(self.nodes, self.features), edges[:, edges[0] != edges[1]]


SIZES = {"cora": Size(2708, 10_556, 1433, 8, 8), "million": Size(100_000, 1_000_000, 64, 4, 16)}
BARS = {"gat_cora": 1.2, "gat_million": 2.5}
MEMORY_BAR = 0.5


def gat(size: Size) -> Attention:
    maps = TiedProjections(size.features, size.heads, size.width, output_bias=True)
    mixer = SoftmaxMixer(GraphAttentionScore(size.heads, size.width))
    return Attention(size.features, size.heads, projections=maps, mixer=mixer)


def gatv2(size: Size) -> Attention:
    widths = size.features, size.heads, size.width
    maps = TiedProjections(*widths, own_query=True, bias=True, output_bias=True)
    mixer = SoftmaxMixer(DynamicGraphAttentionScore(size.heads, size.width))
    return Attention(size.features, size.heads, projections=maps, mixer=mixer)


def graph_transformer(size: Size) -> Attention:
    return Attention(size.features, size.heads, head_dim=size.width, bias=True)


def graph_transformer_skip(size: Size) -> Attention:
    mixer = SkipMixer(SoftmaxMixer(), size.heads, size.width)
    return Attention(size.features, size.heads, head_dim=size.width, bias=True, mixer=mixer)


OURS: dict[str, Callable[[Size], Attention]] = {
    "gat": gat,
    "gatv2": gatv2,
    "graph_transformer": graph_transformer,
    "graph_transformer_skip": graph_transformer_skip,
}


def theirs(layer: str, size: Size) -> nn.Module:
    with warnings.catch_warnings():  # importing it compiles parts by the deprecated torch.jit
        warnings.simplefilter("ignore")
        from torch_geometric.nn import GATConv, GATv2Conv, TransformerConv

    makers: dict[str, Callable[..., Any]] = {
        "gat": GATConv,
        "gatv2": GATv2Conv,
        "graph_transformer": TransformerConv,
        "graph_transformer_skip": lambda *widths, heads: TransformerConv(*widths, heads=heads, beta=True),
    }
    made: nn.Module = makers[layer](size.features, size.width, heads=size.heads)
    return made


def steps(layer: str, size: Size) -> dict[str, Callable[[], Step]]:
    """How to make the step of each side. The GAT layers of torch-geometric add self-loops themselves."""
    x, edges = size.draw()
    loops = torch.cat([edges, torch.arange(size.nodes).expand(2, -1)], dim=1)

    def make_ours() -> Step:
        made, inputs, mask = OURS[layer](size), x[None], Edges(loops, size.nodes)
        return lambda: made(inputs, mask=mask).sum().backward()

    def make_theirs() -> Step:
        made, given = theirs(layer, size), edges if layer.startswith("gat") else loops
        return lambda: made(x, given).sum().backward()

    return {"ours": make_ours, "torch-geometric": make_theirs}


def peak() -> int:
    """Bytes that this process held at most."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def measure(layer: str, size: str, side: str) -> None:
    """Print the bytes that a step takes at its peak, above those held before it."""
    torch.set_num_threads(1)
    steps(layer, Size(16, 32, 64, 4, 16))[side]()()  # What the first use of any operator loads
    step = steps(layer, SIZES[size])[side]()
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # The peak starts anew.
    before = peak()
    step()
    print(peak() - before)


def memory(layer: str, size: str) -> dict[str, int]:
    def taken(side: str) -> int:
        command = [sys.executable, __file__, "--measure", layer, size, side]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    return {side: taken(side) for side in ("ours", "torch-geometric")}


def run(case: str, seconds: float) -> None:
    layer, name = case.rsplit("_", 1)
    size = SIZES[name]
    if layer.startswith("graph_transformer"):
        size = replace(size, features=size.heads * size.width)
    times = rounds({side: make() for side, make in steps(layer, size).items()}, seconds, least=3)
    bar = BARS.get(case, 0.98)
    print(f"{case}: {ratios(times, 'ours')['torch-geometric']:.3f} times as fast (bar {bar})")
    more: dict[str, Any] = {"bar": bar, "torch_geometric": version("torch-geometric")}
    if name == "million":
        found = memory(layer, name)
        share = found["ours"] / found["torch-geometric"]
        print(f"{case}: {share:.3f} of the peak memory (bar {MEMORY_BAR} for gat), {found['ours'] / 2**20:.0f} MiB")
        more |= {"peak_bytes": found, "memory_ratio": share}
    what = (
        f"forward and backward of the {layer} layer on edges, {size.nodes:,} nodes, {size.edges:,} edges and "
        f"self-loops, {size.features} features to {size.heads} heads x {size.width}"
    )
    write(f"graph_{case}", what, times, "ours", **more)


def main() -> None:
    cases = [f"{layer}_{size}" for size in SIZES for layer in OURS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[[], *cases], help="all when none is named")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each side of a case")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(*given.measure)
        return
    torch.set_num_threads(given.threads)
    for case in given.cases or cases:
        run(case, given.seconds)


if __name__ == "__main__":
    main()
