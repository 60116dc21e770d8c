"""Time of kernel and low-rank attention: by length, against fused softmax attention, and beside other libraries.

    python benchmarks/kernel_attention.py [CASE ...] [--seconds 10] [--threads 1]

Cases: growth (causal mixers, 1k to 16k tokens; the exponent fitted to their times, at most 1.15), fused (linear
attention against torch's fused causal kernel at 4k and 16k tokens, mixer and layer; 3 and 10 times as fast), peers
(layers, 0.98 over the fastest package that has the variant). Everything is forward and backward in float32, one
sequence of 8 heads x 64 where nothing else is said. Peers come from PyPI: performer-pytorch linformer
nystrom-attention transformers. Records: benchmarks/results/speed-kernel_CASE.json.
"""

from __future__ import annotations

import math
import statistics
import warnings
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from interleaved import Step, main, ratios, rounds, write
from torch import Tensor, nn

from attnframe import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers import (
    CosformerMixer,
    LinearMixer,
    LinformerMixer,
    NystromMixer,
    PerformerMixer,
)
from attnframe.masks import Causal, Extent

DIM, HEADS, WIDTH = 512, 8, 64
LENGTHS = (1024, 2048, 4096, 8192, 16384)
FEATURES = math.ceil(WIDTH * math.log(WIDTH))
LANDMARKS, FILTER, RANK = 64, 33, 256


def projected(length: int) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values as a fused projection lays them out."""
    query, key, value = torch.randn(1, length, 3, HEADS, WIDTH, requires_grad=True).permute(2, 0, 3, 1, 4)
    return query, key, value


def mixer_step(mixer: Mixer, length: int) -> Step:
    inputs, call = projected(length), Call(Causal(), Extent(1, HEADS, length, length))
    direction = torch.randn(1, HEADS, length, WIDTH)
    return lambda: torch.autograd.grad(mixer(*inputs, call), inputs, direction)


def fused_step(length: int) -> Step:
    inputs, direction = projected(length), torch.randn(1, HEADS, length, WIDTH)
    return lambda: torch.autograd.grad(F.scaled_dot_product_attention(*inputs, is_causal=True), inputs, direction)


def layer_step(layer: nn.Module, batch: int, length: int) -> Step:
    x = torch.randn(batch, length, DIM, requires_grad=True)
    wanted = [x, *layer.parameters()]
    return lambda: torch.autograd.grad(layer(x).sum(), wanted)


def growth(seconds: float) -> None:
    makers: dict[str, Callable[[], Mixer]] = {
        "linear": LinearMixer,
        "performer": lambda: PerformerMixer(WIDTH, FEATURES),
        "cosformer": lambda: CosformerMixer(LENGTHS[-1]),
    }
    for name, make in makers.items():
        times = rounds({f"{length} tokens": mixer_step(make(), length) for length in LENGTHS}, seconds / len(LENGTHS))
        medians = [math.log(statistics.median(taken)) for taken in times.values()]
        exponent = statistics.linear_regression([math.log(length) for length in LENGTHS], medians).slope
        print(name, exponent)
        what = f"forward and backward of the causal {name} mixer, 1 x 8 heads x 64, by length"
        write(f"kernel_growth_{name}", what, times, "1024 tokens", exponent=exponent, bar=1.15)


def fused(seconds: float) -> None:
    for length, bar in ((4096, 3.0), (16384, 10.0)):
        for kind in ("mixer", "layer"):
            if kind == "mixer":
                steps = {"linear": mixer_step(LinearMixer(), length), "fused": fused_step(length)}
            else:
                layers = {"linear": Attention(DIM, HEADS, causal=True, mixer=LinearMixer())}
                layers["fused"] = Attention(DIM, HEADS, causal=True)
                steps = {name: layer_step(layer, 1, length) for name, layer in layers.items()}
            times = rounds(steps, seconds, least=3)
            print(kind, length, ratios(times, "linear"))
            what = f"forward and backward, causal {kind}, 1 x {length} tokens, 8 heads x 64"
            write(f"kernel_fused_{kind}_{length}", what, times, "linear", bar=bar)


class PeerLinear(nn.Module):
    """performer-pytorch's layer with the features elu + 1 and no random ones."""

    def __init__(self, package: Any, causal: bool) -> None:
        super().__init__()
        self.layer = package.SelfAttention(DIM, heads=HEADS, dim_head=WIDTH, attn_out_bias=False)
        means = package.causal_linear_attention_noncuda if causal else package.linear_attention
        self.layer.fast_attention.forward = lambda q, k, v: means(F.elu(q) + 1, F.elu(k) + 1, v)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x)
        return out


class PeerNystromformer(nn.Module):
    """Transformers' self attention with an output projection, as every other layer here has one."""

    def __init__(self, length: int) -> None:
        super().__init__()
        from transformers import NystromformerConfig
        from transformers.models.nystromformer.modeling_nystromformer import NystromformerSelfAttention

        untyped: Any = NystromformerSelfAttention
        config = NystromformerConfig(
            hidden_size=DIM,
            num_attention_heads=HEADS,
            num_landmarks=LANDMARKS,
            segment_means_seq_len=length,
            conv_kernel_size=FILTER,
        )
        self.layer, self.output = untyped(config).eval(), nn.Linear(DIM, DIM)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.output(self.layer(x)[0])
        return out


def peers(seconds: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from linformer import LinformerSelfAttention
        from nystrom_attention import NystromAttention
        from performer_pytorch import performer_pytorch as package

    def performer(causal: bool) -> nn.Module:
        sizes = {"heads": HEADS, "dim_head": WIDTH, "nb_features": FEATURES}
        layer: nn.Module = package.SelfAttention(DIM, causal=causal, attn_out_bias=False, **sizes)
        return layer

    for batch, length in ((1, 256), (4, 1024), (1, 4096)):
        layers: dict[str, dict[str, nn.Module]] = {
            "linear": {"ours": Attention(DIM, HEADS, mixer=LinearMixer()), "performer": PeerLinear(package, False)},
            "performer": {
                "ours": Attention(DIM, HEADS, mixer=PerformerMixer(WIDTH, FEATURES)),
                "performer": performer(False),
            },
            "linformer": {
                "ours": Attention(DIM, HEADS, mixer=LinformerMixer(length, RANK)),
                "linformer": LinformerSelfAttention(DIM, length, k=RANK, heads=HEADS),
            },
            "nystrom": {
                "ours": Attention(DIM, HEADS, mixer=NystromMixer(HEADS, LANDMARKS, 6, FILTER)),
                "nystrom": NystromAttention(DIM, WIDTH, HEADS, LANDMARKS, residual_conv_kernel=FILTER),
                "transformers": PeerNystromformer(length),
            },
        }
        if length <= 1024:  # The packages hold one (features, width) matrix for each token: gigabytes beyond.
            layers["linear_causal"] = {
                "ours": Attention(DIM, HEADS, causal=True, mixer=LinearMixer()),
                "performer": PeerLinear(package, True),
            }
            layers["performer_causal"] = {
                "ours": Attention(DIM, HEADS, causal=True, mixer=PerformerMixer(WIDTH, FEATURES)),
                "performer": performer(True),
            }
        for name, group in layers.items():
            times = rounds({who: layer_step(layer, batch, length) for who, layer in group.items()}, seconds, least=3)
            print(name, batch, length, ratios(times, "ours"))
            what = f"forward and backward of the {name} layer, {batch} x {length} tokens, width {DIM}, {HEADS} heads"
            write(f"kernel_{name}_{batch}x{length}", what, times, "ours", bar=0.98)


CASES = {"growth": growth, "fused": fused, "peers": peers}


if __name__ == "__main__":
    main(__doc__, CASES)
