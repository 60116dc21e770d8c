"""One layer, forward and backward, by length."""

from __future__ import annotations

from torch import nn

from attnframe.bench.cases.base import Built, Case, Contender, Contest, Measure, count
from attnframe.bench.peers.base import LayerPeer
from attnframe.bench.peers.pytorch import Fused, FusedLayer

REFERENCE = "torch SDPA, full attention"
"""The fused kernel with as many heads for every variant, whatever its function."""


class LayerCase(Case):
    """A forward and backward pass of one layer."""

    name = "layer"
    unit = "tokens"
    cost = Measure("milliseconds", "forward and backward (ms)")
    room = Measure("peak_memory_bytes", "peak memory (MiB)", 2**20)

    def what(self) -> str:
        given, width = self.settings, self.chosen.width
        mode = given.mode.replace("noncausal", "non-causal")
        return f"forward and backward of one {mode} layer, width {width}, {given.batch} sequence(s), {given.dtype}"

    def contest(self, name: str, size: str) -> Contest:
        request = self.request(name, size)
        shape = (request.batch, request.length, request.dim)

        def built(layer: nn.Module) -> Built:
            return Built(self.training_step(layer, self.random(*shape)), count(layer))

        def ours() -> Built:
            return built(self.place(lambda: request.recipe.build(request.dim, causal=request.causal)))

        def theirs(peer: LayerPeer) -> Built:
            return built(self.place(lambda: peer.build(request)))

        def full() -> Built:
            heads = request.num_heads
            return built(self.place(lambda: FusedLayer(request.dim, heads, heads, request.causal)))

        contest = self._gather(LayerPeer, request, ours, theirs)
        if request.recipe.name == "mha" and any(one.name == Fused.name for one in contest.contenders):
            return Contest(contest.contenders, contest.left_out, Fused.name)
        reference = Contender(REFERENCE, "torch", full, modules=("torch",))
        return Contest((*contest.contenders, reference), contest.left_out, REFERENCE)
