from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, Documents, Extent, lower

IDS = torch.tensor([[0, 0, 1, 1, 1], [4, 4, 4, -1, -1]])


def test_is_block_diagonal() -> None:
    allowed = lower(Documents(IDS), Extent(2, 1, 5, 5))
    first = torch.block_diag(torch.ones(2, 2), torch.ones(3, 3)).bool()
    second = torch.block_diag(torch.ones(3, 3), torch.ones(2, 2)).bool()
    assert torch.equal(allowed[:, 0], torch.stack((first, second)))


def test_cross_attention_compares_two_sets_of_ids() -> None:
    query_ids, key_ids = torch.tensor([[7, 8]]), torch.tensor([[8, 8, 7, 9]])
    allowed = lower(Documents(query_ids, key_ids), Extent(1, 1, 2, 4))
    assert allowed[0, 0].int().tolist() == [[0, 0, 1, 0], [1, 1, 0, 0]]


def test_cached_decoding_finds_the_query_by_position() -> None:
    mask = Documents(IDS) & Causal()
    full = lower(mask, Extent(2, 1, 5, 5))
    assert torch.equal(lower(mask, Extent(2, 1, 2, 5)), full[:, :, 3:])
    ring = Extent(2, 1, 1, 3, query_start=4, key_positions=torch.tensor([3, 4, 2]))
    assert torch.equal(lower(mask, ring)[:, 0, 0], full[:, 0, 4][:, [3, 4, 2]])


def test_a_query_always_sees_its_own_document_in_self_attention() -> None:
    assert not (Documents(IDS) & Causal()).may_hide_all(Extent(2, 1, 5, 5))
    assert Documents(IDS, IDS).may_hide_all(Extent(2, 1, 5, 5))


def test_refuses_bool_and_real_ids() -> None:
    for ids in (IDS.bool(), IDS.float()):
        with pytest.raises(
            ConfigurationError, match=r"Documents\.query_ids must be an integer tensor of shape \(B, S\)"
        ):
            Documents(ids)
    with pytest.raises(ConfigurationError, match=r"Documents\.key_ids must be an integer tensor"):
        Documents(IDS, IDS.float())


def test_refuses_other_sizes_and_tells_both() -> None:
    with pytest.raises(ConfigurationError) as caught:
        lower(Documents(IDS, IDS), Extent(2, 1, 4, 6))
    assert [fault.where for fault in caught.value.faults] == ["Documents.query_ids", "Documents.key_ids"]
