"""Laws of every score."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.scores import (
    Additive,
    Bilinear,
    Cosine,
    Dot,
    DotScore,
    PairwiseScore,
    ScaledDot,
    Score,
    SoftCap,
    SquaredDistance,
)

HEADS, WIDTH = 4, 6
SCORES = {
    "dot": lambda: Dot(),
    "scaled_dot": lambda: ScaledDot(WIDTH),
    "bilinear": lambda: Bilinear(HEADS, WIDTH),
    "cosine": lambda: Cosine(HEADS),
    "additive": lambda: Additive(HEADS, WIDTH, hidden_dim=5),
    "squared_distance": lambda: SquaredDistance(WIDTH),
    "soft_cap": lambda: SoftCap(Cosine(HEADS), 3.0),
}


def made(name: str) -> Score:
    """A score whose parameters are no longer at their start, in float64."""
    generator = torch.Generator().manual_seed(1)
    score = SCORES[name]().double()
    with torch.no_grad():
        for parameter in score.parameters():
            parameter += torch.randn(parameter.shape, generator=generator, dtype=parameter.dtype)
    return score


def inputs(kv_heads: int = HEADS) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    query = torch.randn(2, HEADS, 3, WIDTH, generator=generator, dtype=torch.double, requires_grad=True)
    key = torch.randn(2, kv_heads, 5, WIDTH, generator=generator, dtype=torch.double, requires_grad=True)
    return query, key


@pytest.mark.parametrize("name", SCORES)
def test_query_heads_read_key_heads_in_torch_order(name: str) -> None:
    score = made(name)
    query, key = inputs(kv_heads=2)
    repeated = key.repeat_interleave(2, dim=1)
    torch.testing.assert_close(score(query, key), score(query, repeated))
    torch.testing.assert_close(score(query, key[:, :1]), score(query, key[:, :1].expand(-1, HEADS, -1, -1)))


@pytest.mark.parametrize("name", SCORES)
def test_each_pair_is_scored_by_itself(name: str) -> None:
    score = made(name)
    query, key = inputs()
    whole = score(query, key)
    assert whole.shape == (2, HEADS, 3, 5)
    torch.testing.assert_close(score(query[:, :, 1:2], key[:, :, 3:4]), whole[:, :, 1:2, 3:4])
    order = torch.tensor([4, 0, 3, 1, 2])
    torch.testing.assert_close(score(query, key[:, :, order]), whole[..., order])


@pytest.mark.parametrize("name", SCORES)
def test_gradients(name: str) -> None:
    score = made(name)
    query, key = inputs(kv_heads=2)
    parameters = tuple(score.parameters())
    assert torch.autograd.gradcheck(lambda q, k, *_: score(q, k), (query, key, *parameters))


@pytest.mark.parametrize("name", [name for name in SCORES if name not in ("additive", "soft_cap")])
def test_dot_scores_give_fused_attention_what_it_needs(name: str) -> None:
    score = made(name)
    assert isinstance(score, DotScore)
    query, key = inputs(kv_heads=2)
    value = torch.eye(5, dtype=torch.double).expand(2, 2, 5, 5)
    fused = torch.nn.functional.scaled_dot_product_attention(
        score.map_query(query), score.map_key(key), value, scale=score.scale, enable_gqa=True
    )
    torch.testing.assert_close(torch.softmax(score(query, key), dim=-1), fused)


def test_additive_scores_edges_folded_into_the_batch() -> None:
    score = made("additive")
    assert isinstance(score, PairwiseScore)
    query, key = inputs()
    row, column = torch.tensor([0, 2, 1, 1]), torch.tensor([4, 4, 0, 3])
    edges = score.pairwise(query[0][:, row].transpose(0, 1)[:, :, None], key[0][:, column].transpose(0, 1)[:, :, None])
    torch.testing.assert_close(edges[:, :, 0, 0], score(query, key)[0][:, row, column].T)


@pytest.mark.parametrize("name", SCORES)
def test_parameters_survive_a_state_dict_and_start_the_same_from_meta(name: str) -> None:
    first, second = made(name), SCORES[name]().double()
    second.load_state_dict(first.state_dict())
    query, key = inputs()
    assert torch.equal(first(query, key), second(query, key))
    with torch.device("meta"):
        empty = SCORES[name]()
    empty = empty.to_empty(device="cpu")
    torch.manual_seed(0)
    for part in empty.modules():
        if hasattr(part, "reset_parameters"):
            part.reset_parameters()
    torch.manual_seed(0)
    torch.testing.assert_close(dict(empty.named_parameters()), dict(SCORES[name]().named_parameters()))


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_large_half_precision_inputs_give_no_nan(name: str, dtype: torch.dtype) -> None:
    query, key = (tensor.detach().mul(200).to(dtype) for tensor in inputs())
    assert not SCORES[name]().to(dtype)(query, key).isnan().any()
