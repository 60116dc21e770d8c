from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, Documents, Extent, Global, Indices, Padding, Window, lower

EXTENT = Extent(1, 1, 6, 6)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (1, 0), (2, 0), (0, 2), (1, 2), (4, 4)])
def test_global_tokens_see_and_are_seen(first: int, last: int) -> None:
    allowed = lower(Global(first, last), EXTENT)[0, 0]
    is_global = torch.tensor([j < first or j >= 6 - last for j in range(6)])
    assert torch.equal(allowed, is_global.unsqueeze(0) | is_global.unsqueeze(1))


def test_causal_global_tokens_see_the_past() -> None:
    allowed = lower(Causal() & Global(2), EXTENT)[0, 0]
    assert torch.equal(allowed[:, :2], torch.ones(6, 2).tril().bool())
    assert not allowed[:, 2:].any()


def test_they_are_the_first_and_last_real_tokens() -> None:
    valid = torch.tensor([[False, True, True, True, True, False]])
    allowed = lower(Global(1, 1) & Padding(valid), EXTENT)[0, 0]
    assert allowed[1].tolist() == allowed[4].tolist() == valid[0].tolist()
    assert allowed[2].nonzero().flatten().tolist() == [1, 4]


def test_every_document_has_its_own() -> None:
    ids = torch.tensor([[7, 7, 7, 2, 2, 2]])
    allowed = lower((Window(0, 0) | Global(1)) & Documents(ids), EXTENT)[0, 0]
    assert allowed[2].nonzero().flatten().tolist() == [0, 2]
    assert allowed[3].nonzero().flatten().tolist() == [3, 4, 5]
    assert allowed[5].nonzero().flatten().tolist() == [3, 5]


def test_the_last_tokens_must_be_known() -> None:
    at: Indices = EXTENT.indices()
    assert Global(1).allows(at).any()
    with pytest.raises(ConfigurationError, match=r"Global.count must be known to count from the last token.*Hand the"):
        Global(0, 1).allows(at)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"Global.last_tokens must be a count of tokens, at least 0. Got -2"):
        Global(1, -2)


def test_is_shown_without_what_was_worked_out() -> None:
    assert repr(Global(1, 2)) == "Global(first_tokens=1, last_tokens=2)"
