"""Time of attention by a recurrent state: by length, and beside other libraries.

    python benchmarks/recurrence.py [CASE ...] [--seconds 10] [--threads 1]

Cases: growth (mixers, 1k to 16k tokens; the exponent fitted to their times, at most 1.15), peers (layers, 0.98 over the
fastest package that has the variant). Everything is forward and backward in float32, one sequence of 8 heads x 64 where
nothing else is said. Peers come from PyPI: flash-linear-attention transformers, of which those functions run that need
no accelerator, between the same linear maps, norm and gate as ours has. Records:
benchmarks/results/speed-recurrence_CASE.json.
"""

from __future__ import annotations

import importlib.util
import inspect
import math
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from interleaved import Step, main, ratios, rounds, write
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers import DeltaRuleMixer, GatedDeltaMixer, GatedLinearMixer, RetentionMixer
from attnframe.masks import Causal, Extent

DIM, HEADS, WIDTH, RANK = 512, 8, 64, 4
LENGTHS = (1024, 2048, 4096, 8192, 16384)
SHAPES = ((4, 128), (1, 256), (4, 1024), (1, 4096))
MAKERS: dict[str, Callable[[], Mixer]] = {
    "retention": lambda: RetentionMixer(WIDTH),
    "gated_linear": lambda: GatedLinearMixer(HEADS, WIDTH, WIDTH, RANK),
    "delta_rule": lambda: DeltaRuleMixer(WIDTH),
    "gated_delta": lambda: GatedDeltaMixer(HEADS, WIDTH),
}
Rule = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""From queries, keys, values (B, T, H, E) and signals (B, T, H, width) to (B, T, H, E)."""


def mixer_step(mixer: Mixer, length: int) -> Step:
    query, key, value = torch.randn(1, length, 3, HEADS, WIDTH, requires_grad=True).permute(2, 0, 3, 1, 4)
    signals = {name: torch.randn(1, HEADS, length, w, requires_grad=True) for name, w in mixer.signals.items()}
    call = Call(Causal(), Extent(1, HEADS, length, length), signals=signals)
    # What `finish` reads has no part in it.
    wanted = [query, key, value, *(signal for name, signal in signals.items() if name != "gate")]
    direction = torch.randn(1, HEADS, length, WIDTH)
    return lambda: torch.autograd.grad(mixer(query, key, value, call), wanted, direction)


def layer_step(layer: nn.Module, batch: int, length: int) -> Step:
    x = torch.randn(batch, length, DIM, requires_grad=True)
    wanted = [x, *layer.parameters()]
    return lambda: torch.autograd.grad(layer(x).sum(), wanted)


def growth(seconds: float) -> None:
    for name, make in MAKERS.items():
        times = rounds({f"{length} tokens": mixer_step(make(), length) for length in LENGTHS}, seconds / len(LENGTHS))
        medians = [math.log(statistics.median(taken)) for taken in times.values()]
        exponent = statistics.linear_regression([math.log(length) for length in LENGTHS], medians).slope
        print(name, exponent, {length: statistics.median(taken) * 1e3 for length, taken in times.items()})
        what = f"forward and backward of the {name} mixer, 1 x 8 heads x 64, by length"
        write(f"recurrence_growth_{name}", what, times, "1024 tokens", exponent=exponent, bar=1.15)


class PeerLayer(nn.Module):
    """A rule of another package between the maps, the norm and the gate that ours has.

    Args:
        rule: the recurrence. signals: width of what a head reads from the token besides, and of its gate.
        silu: whether queries and keys are silu of themselves.
    """

    def __init__(self, rule: Rule, signals: int, *, gated: bool, silu: bool) -> None:
        super().__init__()
        self.rule, self.silu = rule, silu
        self.input_proj, self.output_proj = nn.Linear(DIM, 3 * DIM, bias=False), nn.Linear(DIM, DIM, bias=False)
        self.signal_proj = nn.Linear(DIM, HEADS * signals) if signals else None
        self.gate_proj = nn.Linear(DIM, DIM) if gated else None
        self.norm = nn.RMSNorm(WIDTH, eps=1e-5)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.input_proj(x).view(*x.shape[:2], 3, HEADS, WIDTH).unbind(2)
        if self.silu:
            query, key = F.silu(query), F.silu(key)
        signals = x if self.signal_proj is None else self.signal_proj(x).view(*x.shape[:2], HEADS, -1)
        mixed = self.norm(self.rule(query, key, value, signals)).flatten(2)
        if self.gate_proj is not None:
            mixed = mixed * F.silu(self.gate_proj(x))
        out: Tensor = self.output_proj(mixed)
        return out


def plain(name: str) -> Any:
    """The module of plain functions of an operator of flash-linear-attention, without the Triton kernels beside it."""
    package = importlib.util.find_spec("fla")
    assert package is not None, "install flash-linear-attention"
    assert package.submodule_search_locations is not None
    path = Path(package.submodule_search_locations[0]) / "ops" / name / "naive.py"
    spec = importlib.util.spec_from_file_location(f"fla_plain_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def heads_first(rule: Callable[..., Any], *parts: Tensor) -> Tensor:
    """A rule whose heads stand before its tokens."""
    found = rule(*(part.transpose(1, 2) for part in parts))
    out: Tensor = found[0] if isinstance(found, tuple) else found
    return out.transpose(1, 2)


def retention_peers(batch: int, length: int) -> dict[str, nn.Module]:
    chunks, pairs = plain("simple_gla").naive_chunk_simple_gla, plain("retention").naive_retention
    decay = torch.tensor([math.log1p(-(2.0 ** (-5 - head))) for head in range(HEADS)])

    def chunked(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
        out: Tensor = chunks(query, key, value, decay.expand(*query.shape[:3]))[0]
        return out

    rules: dict[str, Rule] = {"fla chunks": chunked}
    if length <= 1024:
        rules["fla pairs"] = lambda query, key, value, signals: heads_first(pairs, query, key, value)
    return {name: PeerLayer(rule, 0, gated=True, silu=False) for name, rule in rules.items()}


class Steps(nn.Module):
    """Gated linear attention token by token, with the second of the two maps that decays come from."""

    def __init__(self) -> None:
        super().__init__()
        self.decay_proj, self.steps = nn.Linear(HEADS * RANK, DIM), plain("gla").naive_recurrent_gla

    def forward(self, query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
        out: Tensor = self.steps(
            query, key, value, F.logsigmoid(self.decay_proj(signals.flatten(2))).view_as(query) / 16
        )[0]
        return out


def gated_linear_peers(batch: int, length: int) -> dict[str, nn.Module]:
    if length > 256:  # It keeps a state for every token.
        return {}
    return {"fla steps": PeerLayer(Steps(), RANK, gated=True, silu=False)}


def delta_rule_peers(batch: int, length: int) -> dict[str, nn.Module]:
    chunks, other = plain("delta_rule").delta_rule_chunkwise, transformers_rule()

    def fla(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
        query, key = (x * (x.square().sum(-1, keepdim=True) + 1e-6).rsqrt() for x in (query, key))
        return heads_first(chunks, query, key, value, signals[..., 0].sigmoid())

    def transformers(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
        rate = signals[..., 0].sigmoid()
        out: Tensor = other(query, key, value, torch.zeros_like(rate), rate, use_qk_l2norm_in_kernel=True)[0]
        return out

    rules: dict[str, Rule] = {"fla": fla, "transformers": transformers}
    return {name: PeerLayer(rule, 1, gated=False, silu=True) for name, rule in rules.items()}


def gated_delta_peers(batch: int, length: int) -> dict[str, nn.Module]:
    chunks, other = plain("gated_delta_rule").naive_chunk_gated_delta_rule, transformers_rule()

    def fla(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
        query, key = (x * (x.square().sum(-1, keepdim=True) + 1e-6).rsqrt() for x in (query, key))
        out: Tensor = chunks(query, key, value, -F.softplus(signals[..., 1]), signals[..., 0].sigmoid())[0]
        return out

    def transformers(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
        decay, rate = -F.softplus(signals[..., 1]), signals[..., 0].sigmoid()
        out: Tensor = other(query, key, value, decay, rate, use_qk_l2norm_in_kernel=True)[0]
        return out

    rules: dict[str, Rule] = {"fla": fla, "transformers": transformers}
    return {name: PeerLayer(rule, 2, gated=True, silu=True) for name, rule in rules.items()}


def transformers_rule() -> Callable[..., Any]:
    """The chunked rule of Qwen3-Next, and not the kernel that a decorator may put in its place."""
    from transformers.models.qwen3_next import modeling_qwen3_next

    rule: Callable[..., Any] = inspect.unwrap(modeling_qwen3_next.torch_chunk_gated_delta_rule)
    return rule


PEERS = {
    "retention": retention_peers,
    "gated_linear": gated_linear_peers,
    "delta_rule": delta_rule_peers,
    "gated_delta": gated_delta_peers,
}


def peers(seconds: float) -> None:
    for batch, length in SHAPES:
        for name, make in MAKERS.items():
            group: dict[str, nn.Module] = {"ours": Attention(DIM, HEADS, causal=True, mixer=make())}
            group |= PEERS[name](batch, length)
            if len(group) == 1:
                continue
            times = rounds({who: layer_step(layer, batch, length) for who, layer in group.items()}, seconds, least=3)
            print(name, batch, length, ratios(times, "ours"), {n: statistics.median(t) * 1e3 for n, t in times.items()})
            what = f"forward and backward of the {name} layer, {batch} x {length} tokens, width {DIM}, {HEADS} heads"
            write(f"recurrence_{name}_{batch}x{length}", what, times, "ours", bar=0.98)


CASES = {"growth": growth, "peers": peers}


if __name__ == "__main__":
    main(__doc__, CASES)
