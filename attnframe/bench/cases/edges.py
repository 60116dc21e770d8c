"""One layer over the edges of a random graph, forward and backward."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.bench.cases.base import Built, Case, Contest, Measure, count
from attnframe.bench.peers.base import EdgePeer
from attnframe.bench.settings import graph_size
from attnframe.masks import Edges


class EdgesCase(Case):
    """A forward and backward pass over edges, which are drawn once and sorted before the time is taken."""

    name = "edges"
    unit = "edges"
    cost = Measure("milliseconds", "forward and backward (ms)")
    room = Measure("peak_memory_bytes", "peak memory (MiB)", 2**20)

    def what(self) -> str:
        return (
            f"forward and backward of one layer over the edges of a random graph, width {self.chosen.width}, "
            f"{self.settings.dtype}"
        )

    def amount(self, size: str) -> int:
        return graph_size(size)[1]

    def contest(self, name: str, size: str) -> Contest:
        request = self.request(name, size)
        nodes, number = graph_size(size)

        def ours() -> Built:
            layer = self.place(lambda: request.recipe.build(request.dim))
            mask = Edges(self._edges(nodes, number), nodes)
            return Built(self.training_step(layer, self.random(1, nodes, request.dim), mask=mask), count(layer))

        def theirs(peer: EdgePeer) -> Built:
            layer = self.place(lambda: peer.build(request))
            step = self.training_step(layer, self.random(nodes, request.dim), self._edges(nodes, number))
            return Built(step, count(layer))

        return self._gather(EdgePeer, request, ours, theirs)

    def _edges(self, nodes: int, number: int) -> Tensor:
        """Different random pairs (2, N)."""
        source = torch.Generator().manual_seed(self.settings.seed)
        drawn = torch.empty(0, dtype=torch.long)
        while len(drawn) < number:  # Repeated pairs are drawn anew; at most half of all pairs are wanted.
            more = torch.randint(nodes * nodes, (2 * (number - len(drawn)),), generator=source)
            drawn = torch.unique(torch.cat([drawn, more]))
        kept = drawn[torch.randperm(len(drawn), generator=source)[:number]]
        return torch.stack([kept // nodes, kept % nodes]).to(self.device)
