"""Time of sparse patterns: by length, against fused softmax attention, and beside other libraries.

    python benchmarks/patterns.py [CASE ...] [--seconds 10] [--threads 1]

Cases: growth (causal mixers, 1k to 16k tokens, with the exponent fitted to their times; that of the window, 256, is at
most 1.15, the others are shown), fused (the window against torch's fused causal kernel at 4k and 16k tokens, mixer and
layer; 2.5 and 8 times as fast), peers (layers, 0.98 over the fastest package that has the pattern). Everything is
forward and backward in float32, one sequence of 8 heads x 64 where nothing else is said. Peers come from PyPI:
local-attention x-transformers transformers. Records: benchmarks/results/speed-patterns_CASE.json.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from interleaved import Step, main, ratios, rounds, write
from kernel_attention import DIM, HEADS, LENGTHS, WIDTH, fused_step, layer_step, projected
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.masks import Causal, Extent
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.bigbird import BigBirdAttention
from attnframe.recipes.attention.block import BlockAttention
from attnframe.recipes.attention.dilated import DilatedAttention
from attnframe.recipes.attention.global_local import GlobalLocalAttention
from attnframe.recipes.attention.native_sparse import NativeSparseAttention
from attnframe.recipes.attention.window import WindowAttention

WINDOW, BLOCK = 256, 64

PATTERNS: dict[str, AttentionVariant] = {
    "window": WindowAttention(num_heads=HEADS, window=WINDOW),
    "dilated": DilatedAttention(num_heads=HEADS, window=WINDOW, dilation=(1, 2, 4, 8)),
    "global_local": GlobalLocalAttention(num_heads=HEADS, window=WINDOW, num_global=16),
    "bigbird": BigBirdAttention(num_heads=HEADS, block=BLOCK, num_beside=1, num_global=1, num_random=2),
    "block": BlockAttention(num_heads=HEADS, block=BLOCK),
    "native_sparse": NativeSparseAttention(num_heads=HEADS, num_kv_heads=2, block=BLOCK, num_selected=8, window=WINDOW),
}


def mixer_step(mixer: Mixer, length: int, kv_heads: int = HEADS) -> Step:
    query, key, value = projected(length)
    inputs = query, key[:, :kv_heads], value[:, :kv_heads]
    signals = {name: torch.randn(1, HEADS, length, width, requires_grad=True) for name, width in mixer.signals.items()}
    call = Call(Causal(), Extent(1, HEADS, length, length), signals=signals)
    direction = torch.randn(1, HEADS, length, WIDTH)
    wanted = (*inputs, *signals.values())
    return lambda: torch.autograd.grad(mixer(*inputs, call), wanted, direction)


def growth(seconds: float) -> None:
    for name, recipe in PATTERNS.items():
        layer = recipe.build(DIM, causal=True)
        steps = {f"{n} tokens": mixer_step(layer.mixer, n, layer.num_kv_heads) for n in LENGTHS}
        times = rounds(steps, seconds / len(LENGTHS), least=3)
        medians = [math.log(statistics.median(taken)) for taken in times.values()]
        exponent = statistics.linear_regression([math.log(length) for length in LENGTHS], medians).slope
        print(name, exponent, {n: round(statistics.median(taken) * 1e3, 1) for n, taken in times.items()}, flush=True)
        what = f"forward and backward of the causal {name} mixer, 1 x 8 heads x 64, by length"
        bar = {"bar": 1.15} if name == "window" else {}
        write(f"patterns_growth_{name}", what, times, "1024 tokens", exponent=exponent, recipe=str(recipe), **bar)


def fused(seconds: float) -> None:
    for length, bar in ((4096, 2.5), (16384, 8.0)):
        for kind in ("mixer", "layer"):
            layer = PATTERNS["window"].build(DIM, causal=True)
            if kind == "mixer":
                steps = {"window": mixer_step(layer.mixer, length), "fused": fused_step(length)}
            else:
                steps = {"window": layer_step(layer, 1, length)}
                steps["fused"] = layer_step(Attention(DIM, HEADS, causal=True), 1, length)
            times = rounds(steps, seconds, least=3)
            print(kind, length, ratios(times, "window"), flush=True)
            what = f"forward and backward, causal {kind}, window {WINDOW}, 1 x {length} tokens, 8 heads x 64"
            write(f"patterns_fused_{kind}_{length}", what, times, "window", bar=bar)


class PeerBand(nn.Module):
    """x-transformers' layer under a mask of the window: it has no window of its own."""

    def __init__(self, length: int, causal: bool) -> None:
        super().__init__()
        from x_transformers.x_transformers import Attention as Peer

        untyped: Any = Peer
        self.layer = untyped(DIM, heads=HEADS, dim_head=WIDTH, flash=True)
        offset = torch.arange(length).unsqueeze(1) - torch.arange(length)
        self.seen = (offset <= WINDOW) & (offset >= (0 if causal else -WINDOW))

    def forward(self, x: Tensor) -> Tensor:
        out: Any = self.layer(x, attn_mask=self.seen)
        mixed: Tensor = out[0] if isinstance(out, tuple) else out
        return mixed


class PeerLongformer(nn.Module):
    """Transformers' self attention with an output projection, as every other layer here has one."""

    def __init__(self, length: int, num_global: int) -> None:
        super().__init__()
        from transformers import LongformerConfig
        from transformers.models.longformer.modeling_longformer import LongformerSelfAttention

        untyped: Any = LongformerSelfAttention
        config = LongformerConfig(
            hidden_size=DIM, num_attention_heads=HEADS, attention_window=[2 * WINDOW], attention_probs_dropout_prob=0.0
        )
        self.layer, self.output = untyped(config, 0), nn.Linear(DIM, DIM)
        self.kinds = torch.zeros(1, length)
        self.kinds[:, :num_global] = 10000.0

    def forward(self, x: Tensor) -> Tensor:
        kinds = self.kinds.expand(len(x), -1)
        out: Tensor = self.output(self.layer(x, kinds, kinds < 0, kinds > 0, True)[0])
        return out


class PeerBigBird(nn.Module):
    """Transformers' block-sparse self attention with an output projection."""

    def __init__(self, batch: int, length: int) -> None:
        super().__init__()
        from transformers import BigBirdConfig
        from transformers.models.big_bird.modeling_big_bird import BigBirdBlockSparseAttention, BigBirdModel

        untyped: Any = BigBirdBlockSparseAttention
        making: Any = BigBirdModel.create_masks_for_block_sparse_attn
        config = BigBirdConfig(hidden_size=DIM, num_attention_heads=HEADS, block_size=BLOCK, num_random_blocks=2)
        self.layer, self.output = untyped(config, seed=0), nn.Linear(DIM, DIM)
        self.blocked, self.band, self.rows, self.columns = making(torch.ones(batch, length), BLOCK)

    def forward(self, x: Tensor) -> Tensor:
        mixed = self.layer(x, self.band, self.rows, self.columns, self.blocked, self.blocked)[0]
        out: Tensor = self.output(mixed)
        return out


def _local_attention(causal: bool) -> nn.Module:
    from local_attention.transformer import LocalMHA

    layer: nn.Module = LocalMHA(
        dim=DIM, window_size=WINDOW, dim_head=WIDTH, heads=HEADS, causal=causal, use_rotary_pos_emb=False
    )
    return layer


def peers(seconds: float) -> None:
    for batch, length in ((1, 1024), (4, 1024), (1, 4096)):
        groups: dict[str, dict[str, Callable[[], nn.Module]]] = {
            "global_local": {"transformers": partial(PeerLongformer, length, 16)},
            "bigbird": {"transformers": partial(PeerBigBird, batch, length)},
        }
        for causal in (True, False):
            groups["window_causal" if causal else "window"] = {
                "local-attention": partial(_local_attention, causal),
                "x-transformers": partial(PeerBand, length, causal),
            }
        for name, group in groups.items():
            recipe = PATTERNS[name.removesuffix("_causal")]
            ours: nn.Module = recipe.build(DIM, causal=name.endswith("_causal"))
            layers = {"ours": ours, **{who: make() for who, make in group.items()}}
            times = rounds({who: layer_step(layer, batch, length) for who, layer in layers.items()}, seconds, least=3)
            print(name, batch, length, ratios(times, "ours"), flush=True)
            what = f"forward and backward of the {name} layer, {batch} x {length} tokens, width {DIM}, {HEADS} heads"
            write(f"patterns_{name}_{batch}x{length}", what, times, "ours", bar=0.98)


CASES = {"growth": growth, "fused": fused, "peers": peers}


if __name__ == "__main__":
    main(__doc__, CASES)
