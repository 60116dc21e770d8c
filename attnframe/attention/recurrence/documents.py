"""Where documents packed into one row begin."""

from __future__ import annotations

from functools import reduce

import torch
from torch import Tensor

from attnframe.attention.mixer import Call
from attnframe.masks import Documents, key_padding, terms


def fresh_tokens(call: Call) -> Tensor | None:
    """(B or 1, 1, T, 1) True for tokens of another document than the real token before them; None for one document."""
    starts = [_starts(ids, call) for ids in _ids(call)]
    return reduce(torch.logical_or, starts)[:, None, :, None] if starts else None


def come_back(call: Call) -> bool:
    """Whether a document goes on after another one, so that a state would have to be kept for each."""
    for ids in _ids(call):
        changes = (ids[:, 1:] != ids[:, :-1]).sum(dim=1)
        ordered = ids.sort(dim=1).values
        if bool((changes > (ordered[:, 1:] != ordered[:, :-1]).sum(dim=1)).any()):
            return True
    return False


def _ids(call: Call) -> list[Tensor]:
    """Ids (B or 1, S) of each mask of documents, where padding has the id of the real token before it."""
    found = [term.query_ids for term in terms(call.mask) if isinstance(term, Documents) and term.query_ids.shape[1] > 1]
    padding = key_padding(call.mask)
    if padding is None or padding.valid.shape[1] == 1:
        return found
    valid = padding.valid
    place = torch.arange(valid.shape[1], device=valid.device)
    last = torch.where(valid, place, 0).cummax(dim=1).values
    rows = max([len(last), *map(len, found)])
    return [ids.expand(rows, -1).gather(1, last.expand(rows, -1)) for ids in found]


def _starts(ids: Tensor, call: Call) -> Tensor:
    place = torch.arange(call.extent.start, call.extent.start + call.extent.queries, device=ids.device)
    return ids[:, place] != ids[:, (place - 1).clamp(min=0)]
