"""What a benchmark is asked to do. Torch-free."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import Above, AtLeast, Recipe, frozen

FAMILIES = (
    "pytorch",
    "x_transformers",
    "transformers",
    "timm",
    "local_attention",
    "performer_pytorch",
    "linformer",
    "nystrom_attention",
    "flash_linear_attention",
    "torch_geometric",
)
"""Where peers come from: the modules of `attnframe.bench.peers`, each about one package."""
LENGTHS = {"layer": (512, 1024, 2048), "decoding": (1024, 4096)}
"""Default lengths of the cases that have lengths."""
DIMS = {"layer": 512, "decoding": 512, "edges": 64}
"""Default model width of each case."""
GRAPHS = ("2708x10556", "100000x1000000")
"""Default graphs of case=edges: of Cora's size, and larger."""


@frozen
class BenchSettings(Recipe):
    """What to measure, and how.

    Args:
        case: ``layer`` is a forward and backward pass of one layer, ``decoding`` one token after another with a cache,
            ``edges`` a forward and backward pass over the edges of a random graph.
        lengths: tokens of a sequence; with case=decoding, tokens in the cache. Empty for the default of the case.
        graphs: of case=edges, each NODESxEDGES. Empty for a graph of Cora's size and a larger one.
        batch: sequences at once.
        mode: whether a token sees only itself and what came before; case=decoding is always causal.
        seconds: time to spend on each contender of a comparison, above 0.
        patience: seconds that a step may take, above 0: a layer whose step took longer is left out of larger sizes.
        dtype: of weights and inputs.
        device: cpu, cuda, cuda:1, …
        peers: families of peers to compare with; empty for none.
        memory: whether to measure peak memory, in a fresh process for each contender.
        threads: of CPU work; null for torch's default.
        seed: of weights and inputs.
    """

    where: ClassVar[str] = ""

    case: Literal["layer", "decoding", "edges"] = "layer"
    lengths: tuple[Annotated[int, AtLeast(1)], ...] = ()
    graphs: tuple[str, ...] = ()
    batch: Annotated[int, AtLeast(1)] = 1
    mode: Literal["causal", "noncausal"] = "causal"
    seconds: Annotated[float, Above(0)] = 0.5
    patience: Annotated[float, Above(0)] = 4.0
    dtype: Literal["float32", "float64", "bfloat16", "float16"] = "float32"
    device: str = "cpu"
    peers: tuple[str, ...] = FAMILIES
    memory: bool = True
    threads: Annotated[int | None, AtLeast(1)] = None
    seed: Annotated[int, AtLeast(0)] = 0

    def faults(self) -> Iterable[Fault]:
        unknown = [family for family in self.peers if family not in FAMILIES]
        if unknown:
            known = f"Known: true, false, {', '.join(sorted(FAMILIES))}."
            yield Fault("peers", "must name families of peers, or be true or false", ", ".join(unknown), known)
        if not re.fullmatch(r"cpu|mps|cuda(:\d+)?", self.device):
            yield Fault("device", "must be cpu, cuda, cuda:NUMBER or mps", repr(self.device))
        if self.case == "edges":
            if self.lengths:
                yield Fault("lengths", "has no meaning with case=edges", "", "Use graphs=NODESxEDGES.")
            if self.batch != 1:
                yield Fault("batch", "must be 1 with case=edges: graphs are batched as one", str(self.batch))
        elif self.graphs:
            yield Fault("graphs", f"has no meaning with case={self.case}", "", "Use case=edges, or lengths=512,1024.")
        for graph in self.graphs:
            yield from _graph_faults(graph)
        if self.case == "decoding" and self.mode != "causal":
            yield Fault("mode", "must be causal with case=decoding", self.mode, "Leave it out.")

    @property
    def causal(self) -> bool:
        """Whether a token sees only itself and what came before; graphs have no order."""
        return self.mode == "causal" and self.case != "edges"

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes to measure at, as texts, ascending: lengths, or graphs."""
        if self.case == "edges":
            return tuple(dict.fromkeys(self.graphs or GRAPHS))
        return tuple(str(length) for length in sorted(set(self.lengths or LENGTHS[self.case])))


def graph_size(text: str) -> tuple[int, int]:
    """Nodes and edges of a graph written NODESxEDGES."""
    nodes, _, edges = text.partition("x")
    return int(nodes), int(edges)


def _graph_faults(graph: str) -> Iterable[Fault]:
    if not re.fullmatch(r"[1-9]\d{0,9}x[1-9]\d{0,9}", graph):
        yield Fault("graphs", "must each be NODESxEDGES", repr(graph), "Example: graphs=2708x10556.")
        return
    nodes, edges = graph_size(graph)
    if edges > nodes * nodes // 2:
        must = f"must have at most {nodes * nodes // 2} edges among {nodes} nodes, half of all pairs"
        yield Fault("graphs", must, graph)
