"""Every scheme in an attention layer: each backend, each cache, learned parameters too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
import torch
from torch import Tensor, nn

from attnframe.attention.cache import Cache
from attnframe.attention.layer import Attention
from attnframe.attention.mixers import SoftmaxMixer, WindowMixer
from attnframe.attention.reference import reference_attention
from attnframe.errors import UnsupportedError
from attnframe.masks import Edges, Extent, Full, Mask, Padding, Window, lower
from attnframe.models import Decoder, Encoder
from attnframe.positions import (
    Alibi,
    AxialRotary,
    BiasPosition,
    GraphPosition,
    InputPosition,
    Laplacian,
    LinearScaling,
    Llama3Scaling,
    LongRopeScaling,
    NtkScaling,
    Position,
    RandomWalk,
    RelativePosition,
    Rotary,
    RotaryPosition,
    Shaw,
    ShortestPath,
    Sinusoidal,
    SwinBias,
    T5Bias,
    Timestamps,
    YarnScaling,
    grid,
)
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.testing.laws.law import apply
from attnframe.testing.laws.law import near as near_to

D, H, E, T = 24, 3, 8, 20
SCHEMES: dict[str, Callable[[], Position]] = {
    "alibi": lambda: Alibi(H),
    "t5": lambda: T5Bias(H, 8, 6),
    "t5 causal": lambda: T5Bias(H, 4, 6, causal=True),
    "shaw": lambda: Shaw(E, 3),
    "shaw causal": lambda: Shaw(E, 3, causal=True),
    "swin": lambda: SwinBias(H, 4, 5),
    "timestamps": lambda: Timestamps(H, 6, longest=100.0),
    "shortest path": lambda: ShortestPath(H, 4),
    "rope": lambda: Rotary(E),
    "rope linear": lambda: Rotary(E, scaling=LinearScaling(4.0)),
    "rope ntk": lambda: Rotary(E, scaling=NtkScaling.for_length(T, 5)),
    "rope yarn": lambda: Rotary(E, scaling=YarnScaling(4.0, 5)),
    "rope llama3": lambda: Rotary(E, scaling=Llama3Scaling(4.0, 5)),
    "rope longrope": lambda: Rotary(E, scaling=LongRopeScaling([1.0, 2.0, 3.0, 4.0], 4.0, 5)),
    "rope axial": lambda: AxialRotary(E),
}
BIASES = [name for name, make in SCHEMES.items() if not isinstance(make(), RotaryPosition)]
BackendName = Literal["auto", "edges", "blocks", "tiles", "sdpa", "eager"]
BACKENDS: tuple[BackendName, ...] = ("auto", "edges", "blocks", "tiles", "sdpa", "eager")


def near(actual: Tensor, expected: Tensor, what: str) -> None:
    """Equal as float64 can be, but for the slopes of ALiBi: float32 numbers, which may be folded into features."""
    near_to(actual, expected, what, 1e-7 if "alibi" in what else 1e-9)


def made(name: str) -> Position:
    """A scheme with large weights from a seed."""
    torch.manual_seed(0)
    position = SCHEMES[name]().double()
    for parameter in position.parameters():
        nn.init.normal_(parameter)
    return position


def positions_of(position: Position) -> Tensor:
    """Positions (2 or 1, T) or (2 or 1, T, C) of the kind that a scheme reads, another for each text where it can."""
    if isinstance(position, SwinBias | AxialRotary):
        return grid(4, 5)
    if isinstance(position, GraphPosition):
        ring = torch.stack((torch.arange(T), (torch.arange(T) + 1) % T))
        other = torch.cat((ring, torch.tensor([[3], [11]])), dim=1)
        both = [torch.cat((edges, edges.flip(0)), dim=1) for edges in (ring, other)]
        return torch.cat([position.coordinates(edges, T) for edges in both])
    if isinstance(position, Timestamps):
        return torch.tensor([[0.7], [3.1]], dtype=torch.double) * torch.arange(T) ** 1.5
    return torch.stack((torch.arange(T), torch.arange(T) * 2 + 5))


def masks() -> dict[str, Mask]:
    generator = torch.Generator().manual_seed(1)
    joined = (torch.rand(T, T, generator=generator) < 0.3).fill_diagonal_(True)
    padding, edges = Padding(torch.arange(T) < torch.tensor([[T], [13]])), Edges(joined.nonzero().T.flip(0), T)
    found: dict[str, Mask] = {"full": Full(), "padding": padding, "window": Window(3, 2)}
    return {**found, "edges": edges, "edges and padding": edges & padding}


def layer_of(position: Position, causal: bool, backend: BackendName = "auto", chunk: int | None = None) -> Attention:
    torch.manual_seed(1)
    mixer = SoftmaxMixer(backend=backend, chunk=chunk)
    return Attention(D, H, num_kv_heads=1, causal=causal, position=position, mixer=mixer).double().eval()


def inputs() -> Tensor:
    return torch.randn(2, T, D, generator=torch.Generator().manual_seed(2), dtype=torch.double)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("name", BIASES)
def test_every_backend_gives_the_definition_and_its_gradients(name: str, causal: bool) -> None:
    """Output, and gradients in queries, keys, values and the scheme's own parameters, of every mask on every backend
    that serves it."""
    position, x, served = made(name), inputs(), set()
    positions, parameters = positions_of(position), list(position.parameters())
    for what, mask in masks().items():
        given = apply(layer_of(position, causal), x, positions=positions, mask=mask)
        draw = [one.detach() for one in (given.query, given.key, given.value)]
        direction = torch.randn(2, H, T, E, generator=torch.Generator().manual_seed(3), dtype=torch.double)
        query, key, value = leaves = [one.clone().requires_grad_() for one in draw]
        if isinstance(position, BiasPosition):
            bias = position.bias(positions, positions)
        else:
            assert isinstance(position, RelativePosition)
            bias = position.scores(query / E**0.5, positions, positions)
        seen = lower(given.call.mask, Extent(2, H, T, T))
        wanted = reference_attention(query, key, value, seen, bias=bias)
        slopes = torch.autograd.grad((wanted * direction).sum(), (*leaves, *parameters))
        assert all(bool(slope.any()) for slope in slopes)
        for backend in BACKENDS:
            for chunk in (None, 3) if backend == "eager" else (None,):
                mixer = layer_of(position, causal, backend, chunk).mixer
                ours = [one.clone().requires_grad_() for one in draw]
                try:
                    out = mixer(*ours, given.call)
                except UnsupportedError:
                    continue
                served.add(backend)
                found = torch.autograd.grad((out * direction).sum(), (*ours, *parameters))
                for one, other in zip((out, *found), (wanted, *slopes), strict=True):
                    near(one, other, f"{name}: {what} {backend} {chunk}")
    assert served == set(BACKENDS), f"never tried: {set(BACKENDS) - served}"


def decode(layer: Attention, x: Tensor, positions: Tensor | None, steps: tuple[int, ...], cache: Cache) -> Tensor:
    outs = []
    for step in steps:
        first = cache.length
        at = None if positions is None else positions[:, first : first + step]
        outs.append(layer(x[:, first : first + step], positions=at, cache=cache))
    return torch.cat(outs, dim=1)


@pytest.mark.parametrize("steps", [(1,) * T, (7, 1, 1, 5, 6)])
@pytest.mark.parametrize("name", SCHEMES)
@torch.no_grad()
def test_cached_decoding_equals_the_full_pass(name: str, steps: tuple[int, ...]) -> None:
    """With a growing cache, a ring, and after a crop and a reorder; scaled ropes beyond their original length of 5, and
    buckets and clipped offsets beyond their last."""
    position, x = made(name), inputs()
    positions = positions_of(position)
    layer = layer_of(position, causal=True)
    full = layer(x, positions=positions)
    near(decode(layer, x, positions, steps, layer.new_cache(2)), full, f"{name}: growing")
    if positions.dim() == 2 and not positions.is_floating_point():
        near(decode(layer, x, None, steps, layer.new_cache(2)), layer(x), f"{name}: positions that count on")
    layer.mixer = WindowMixer(layer.mixer, 3, 0)
    near(decode(layer, x, positions, steps, layer.new_cache(2)), layer(x, positions=positions), f"{name}: ring")


@pytest.mark.parametrize("name", SCHEMES)
@torch.no_grad()
def test_caches_crop_and_reorder_positions_too(name: str) -> None:
    position, x = made(name), inputs()
    positions = positions_of(position).expand(2, *[-1] * (positions_of(position).dim() - 1))
    layer, order = layer_of(position, causal=True), torch.tensor([1, 0, 1])
    cache = layer.new_cache(2)
    decode(layer, x, positions, (9, 4), cache)
    cache.crop(9)
    cache.reorder(order)
    rest = decode(layer, x[order], positions[order], (1, T - 10), cache)
    near(rest, layer(x[order], positions=positions[order])[:, 9:], name)


@pytest.mark.parametrize("name", SCHEMES)
@torch.no_grad()
def test_cross_attention_reads_positions_of_both_sides(name: str) -> None:
    """A context that is the input itself, handed in as another sequence, gives the same."""
    position, x = made(name), inputs()
    positions, layer = positions_of(position), layer_of(position, causal=False)
    wanted = layer(x, positions=positions)
    near(layer(x, x, positions=positions, context_positions=positions), wanted, name)
    some = layer(x[:, 4:9], x, positions=positions[:, 4:9], context_positions=positions)
    near(some, wanted[:, 4:9], f"{name}: some queries")


@pytest.mark.parametrize("name", ["t5 causal", "shaw causal", "rope yarn", "alibi"])
@torch.inference_mode()
def test_a_decoder_decodes_what_it_reads(name: str) -> None:
    """Through the fast steps of one token where those are taken, and far beyond the original length."""
    torch.manual_seed(0)
    decoder = Decoder(D, 2, MultiHeadAttention(num_heads=H), made(name)).double().eval()
    x = torch.randn(2, 60, D, dtype=torch.double)
    caches = decoder.new_caches(2)
    outs = [decoder(x[:, :3], caches=caches), *(decoder(x[:, t : t + 1], caches=caches) for t in range(3, 60))]
    near(torch.cat(outs, dim=1), decoder(x), name)


@pytest.mark.parametrize("name", SCHEMES)
def test_the_order_of_keys_is_nothing_once_positions_are_given(name: str) -> None:
    """Positions are explicit: permuting tokens with their positions permutes the output."""
    position, x = made(name), inputs()
    positions, layer = positions_of(position), layer_of(position, causal=False)
    order = torch.randperm(T, generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        near(layer(x[:, order], positions=positions[:, order]), layer(x, positions=positions)[:, order], name)


@pytest.mark.parametrize("name", [name for name, make in SCHEMES.items() if not isinstance(make(), GraphPosition)])
def test_export_keeps_the_numbers(name: str) -> None:
    position, x = made(name), inputs()
    layer = layer_of(position, causal=True)
    positions = positions_of(position)
    program = torch.export.export(layer, (x,), {"positions": positions})
    near(program.module()(x, positions=positions), layer(x, positions=positions), name)


@pytest.mark.parametrize("position", [Sinusoidal(D), Laplacian(D, 3), RandomWalk(D, 3)])
def test_input_positions_enter_a_model_once(position: InputPosition) -> None:
    torch.manual_seed(0)
    edges = torch.stack((torch.arange(T), (torch.arange(T) + 1) % T))
    at = position.coordinates(edges, T) if isinstance(position, GraphPosition) else torch.arange(T)[None]
    encoder = Encoder(D, 1, MultiHeadAttention(num_heads=H), position).eval()
    x = torch.randn(2, T, D)
    expected = Encoder(D, 1, MultiHeadAttention(num_heads=H)).eval()
    expected.load_state_dict(encoder.state_dict(), strict=False)
    torch.testing.assert_close(encoder(x, positions=at), expected(position.add(x, at)))
