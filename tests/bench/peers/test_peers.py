"""Every peer sees what our layer sees: the same tokens change an output, and it has as many parameters."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from attnframe.bench.chosen import Chosen
from attnframe.bench.peers import peers_of
from attnframe.bench.peers.base import EdgePeer, LayerPeer, Peer, Request
from attnframe.bench.settings import FAMILIES, BenchSettings
from attnframe.masks import Edges
from attnframe.recipes.registry import attention_variants

LENGTH, DIM = 192, 16
ROWS = (0, 1, 30, 100, LENGTH - 1)
FIELDS = (("num_heads", 2), ("window", 8), ("num_landmarks", 8), ("num_kv_heads", 1), ("kernel_size", 3))
FADING = {"gated_delta"}  # what is far back has faded below what numbers hold
OTHER_PATTERNS = {"transformers BigBirdBlockSparseAttention"}  # it draws its random blocks otherwise


def request(name: str, causal: bool) -> Request:
    recipe = Chosen(BenchSettings(), (name,), FIELDS, DIM).recipe(name, str(LENGTH))
    return Request(recipe, DIM, 1, LENGTH, causal)


def matches(kind: type[Peer]) -> Iterator[tuple[str, bool, Peer]]:
    """Every variant with every peer that equals it, both ways."""
    for name, variant in attention_variants().items():
        for causal in (True, False):
            if not (variant.capabilities.causal if causal else variant.capabilities.noncausal):
                continue
            wanted = request(name, causal)
            for peers in peers_of(FAMILIES).values():
                for peer in peers:
                    if isinstance(peer, kind) and peer.concerns(wanted.recipe) and not peer.why_not(wanted):
                        yield name, causal, peer


def seen(layer: nn.Module) -> Tensor:
    """Whether token j (columns) changes output i (rows), at some rows."""
    x = torch.randn(1, LENGTH, DIM, dtype=torch.float64, requires_grad=True)
    out = layer.double().eval()(x)
    assert out.shape == x.shape
    changes = [torch.autograd.grad(out[0, row].pow(2).sum(), x, retain_graph=True)[0] for row in ROWS]
    return torch.stack([change[0].abs().sum(-1) > 1e-12 for change in changes])


LAYERS = [pytest.param(*match, id=f"{match[0]}-{match[1]}-{match[2].name}") for match in matches(LayerPeer)]


def test_every_family_has_peers_and_their_names_differ() -> None:
    found = peers_of(FAMILIES)
    assert all(found.values())
    names = [peer.name for peers in found.values() for peer in peers]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("name", "causal", "peer"), LAYERS)
def test_a_peer_sees_what_we_see(name: str, causal: bool, peer: LayerPeer) -> None:
    wanted = request(name, causal)
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = peer.build(wanted)
        ours = wanted.recipe.build(DIM, causal=causal)
        found, expected = seen(theirs), seen(ours)
    if name in FADING:
        near = torch.stack([torch.arange(LENGTH) > row - 4 for row in ROWS])
        found, expected = found & near, expected & near
    if peer.name not in OTHER_PATTERNS:
        assert torch.equal(found, expected)


@pytest.mark.parametrize("name", ["gat", "gatv2", "graph_transformer"])
def test_a_peer_over_edges_is_of_our_size_and_sees_our_edges(name: str) -> None:
    wanted = request(name, False)
    peer = next(peer for peer in peers_of(["torch_geometric"])["torch_geometric"] if peer.concerns(wanted.recipe))
    assert isinstance(peer, EdgePeer)
    edges = torch.tensor([[0, 1, 2], [3, 3, 4]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = peer.build(wanted)
    ours = wanted.recipe.build(DIM)
    x = torch.randn(6, DIM, requires_grad=True)
    changed = []
    for out in (theirs(x, edges), ours(x[None], mask=Edges(edges, 6))[0]):
        assert out.shape == (6, DIM)
        (change,) = torch.autograd.grad(out[3].pow(2).sum(), x)
        changed.append((change.abs().sum(-1) > 1e-12).tolist())
    assert changed[0] == changed[1]
    assert changed[0][:3] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "fields", "reason"),
    [
        ("mha", (("normaliser", "sparsemax"),), "does not follow attention.normaliser=sparsemax"),
        ("mha", (("dropout", 0.5),), "does not follow attention.dropout=0.5"),
    ],
)
def test_a_peer_that_would_compute_something_else_says_so(
    name: str, fields: tuple[tuple[str, object], ...], reason: str
) -> None:
    recipe = Chosen(BenchSettings(), (name,), fields, DIM).recipe(name, "16")
    wanted = Request(recipe, DIM, 1, 16, True)
    for peer in peers_of(["pytorch", "x_transformers", "transformers"])["pytorch"]:
        if isinstance(peer, LayerPeer) and peer.concerns(recipe):
            assert peer.why_not(wanted) == [reason]
