from __future__ import annotations

import itertools

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import (
    And,
    Causal,
    Dense,
    Documents,
    Edges,
    Extent,
    Full,
    Function,
    Mask,
    Not,
    Or,
    Padding,
    Prefix,
    Window,
    key_padding,
    lower,
    terms,
)

SIZE = 6
EXTENT = Extent(2, 2, SIZE, SIZE)
VALID = torch.tensor([[True] * 5 + [False], [False] + [True] * 5])
MASKS: dict[str, Mask] = {
    "full": Full(),
    "causal": Causal(),
    "window": Window(1, 2),
    "padding": Padding(VALID),
    "prefix": Prefix(torch.tensor([2, 4])),
    "documents": Documents(torch.tensor([[0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 2, 2]])),
    "edges": Edges(torch.tensor([[0, 1, 2], [1, 2, 5]]), SIZE),
    "function": Function(lambda batch, head, query, key: (query + key + head) % 2 == 0),
    "dense": Dense(torch.rand(2, SIZE, SIZE, generator=torch.Generator().manual_seed(0)) > 0.4, "BTS"),
}
PAIRS = list(itertools.product(MASKS, repeat=2))
BY_POSITION = [name for name in MASKS if name not in ("edges", "dense")]  # those have query rows of their own


def whole(mask: Mask, extent: Extent = EXTENT) -> torch.Tensor:
    return lower(mask, extent).expand(extent.batch, extent.heads, extent.queries, extent.keys)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_operators_are_those_of_sets(a: str, b: str) -> None:
    first, second = MASKS[a], MASKS[b]
    assert torch.equal(whole(first & second), whole(first) & whole(second))
    assert torch.equal(whole(first | second), whole(first) | whole(second))
    assert torch.equal(whole(~(first & second)), whole(~first | ~second))
    assert torch.equal(whole(~(first | second)), whole(~first & ~second))


@pytest.mark.parametrize("name", MASKS)
def test_a_chunk_of_rows_is_that_part_of_the_whole(name: str) -> None:
    mask = MASKS[name] & Causal() | ~MASKS[name]
    for rows in (slice(0, 2), slice(2, 5), slice(5, 6), slice(3, None)):
        part = lower(mask, EXTENT, rows).expand(2, 2, len(range(*rows.indices(SIZE))), SIZE)
        assert torch.equal(part, whole(mask)[:, :, rows])


@pytest.mark.parametrize("name", BY_POSITION)
def test_cached_keys_are_that_part_of_the_whole(name: str) -> None:
    """The last query over a ring of the last keys, out of order, sees what it sees in the full pass."""
    mask = MASKS[name]
    kept = torch.tensor([4, 5, 2, 3])
    ring = Extent(2, 2, 1, 4, query_start=SIZE - 1, key_positions=kept)
    assert torch.equal(whole(mask, ring)[:, :, 0], whole(mask)[:, :, SIZE - 1][..., kept])


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_may_hide_all_is_never_wrongly_false(a: str, b: str) -> None:
    first, second = MASKS[a], MASKS[b]
    for mask in (first, first & second, first | second, ~first, ~(first | second)):
        hides = bool((~whole(mask).any(dim=-1)).any())
        assert mask.may_hide_all(EXTENT) or not hides, mask


def test_may_hide_all_is_false_where_a_query_always_sees_itself() -> None:
    documents = MASKS["documents"]
    for mask in (Causal() & Window(2, 0), documents & Causal() & Window(1, 1), Causal() | Padding(VALID)):
        assert not mask.may_hide_all(EXTENT)
    assert (Causal() & Padding(VALID)).may_hide_all(EXTENT)
    assert (~Causal()).may_hide_all(EXTENT)


def test_conjunctions_are_flat_and_simple() -> None:
    padding, window = Padding(VALID), Window(1, 0)
    assert Full() & Causal() == Causal() & Full() == Causal()
    assert isinstance(Full() & Full(), Full)
    assert (Causal() & padding) & (window & Causal()) == And((Causal(), padding, window))
    assert padding & padding is padding


def test_disjunctions_are_flat_and_simple() -> None:
    prefix = Prefix(3)
    assert isinstance(Causal() | Full(), Full)
    assert (Causal() | prefix) | (Window(1, 1) | Causal()) == Or((Causal(), prefix, Window(1, 1)))
    assert prefix | prefix is prefix


def test_double_negation_is_the_mask_itself() -> None:
    mask = Window(1, 1)
    assert isinstance(~mask, Not)
    assert ~~mask is mask


def test_terms_of_a_conjunction() -> None:
    padding = Padding(VALID)
    assert terms(Full()) == ()
    assert terms(Causal()) == (Causal(),)
    assert terms(Causal() & padding & Window(1, 1)) == (Causal(), padding, Window(1, 1))
    assert terms(And((And((Causal(), Full())), padding))) == (Causal(), padding)
    assert terms(Causal() | padding) == (Causal() | padding,)


def test_key_padding_joins_the_padding_terms_only() -> None:
    other = torch.tensor([[True, False, True, True, True, True]])
    joined = key_padding(Causal() & Padding(VALID) & Padding(other))
    assert joined is not None
    assert torch.equal(joined.valid, VALID & other)
    assert key_padding(Causal() & Window(1, 1)) is None
    assert key_padding(Causal() | Padding(VALID)) is None
    assert key_padding(~Padding(VALID)) is None


def test_every_fault_of_an_expression_is_told() -> None:
    wrong = torch.ones(2, 3, dtype=torch.bool)
    with pytest.raises(ConfigurationError) as caught:
        lower(Causal() & (Padding(wrong) | ~Dense(wrong)), EXTENT)
    assert [fault.where for fault in caught.value.faults] == ["Padding.valid", "Dense.tensor"]
