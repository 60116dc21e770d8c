"""Attention over an edge list: gathered endpoints and a normaliser over each query's incoming edges."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Backend, Request, Weighting
from attnframe.attention.mixer import Call, share_heads
from attnframe.attention.scores import DotScore
from attnframe.masks import Edges, Mask, terms
from attnframe.masks.algebra import conjunction
from attnframe.masks.base import Indices
from attnframe.positions.base import RelativePosition


class EdgeList(Backend):
    """Time and memory grow with the number of edges; no (T, S) tensor is made. Other terms of the mask drop edges."""

    name = "edges"

    def why_not(self, request: Request) -> list[str]:
        return [] if request.pattern.edges is not None else ["the mask is no conjunction with an Edges term"]

    def memory(self, request: Request) -> int:
        per_edge = 4 * request.head_dim + 4
        return 2 * (request.pattern.edges or 0) * request.batch * request.heads * per_edge * request.dtype.itemsize

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        edges = next(term for term in terms(call.mask) if isinstance(term, Edges))
        others = [term for term in terms(call.mask) if term is not edges]
        source, target = edges.edge_index
        batch, heads, queries, _ = query.shape
        scores = _scores(query, key, call, weighting, source, target)  # (N, B, H)
        if others:
            kept = _kept(conjunction(*others), call, source, target).expand(batch, heads, len(source)).permute(2, 0, 1)
            weights = _weights_of_kept(scores, kept, target, queries, weighting)
        else:
            weights = weighting.normaliser.segments(scores, target, queries)
        weights = F.dropout(weights, weighting.dropout, weighting.dropout > 0)
        values = share_heads(query, value).permute(2, 0, 1, 3)[source]  # (N, B, H, E)
        terms_of_sum = weights.to(value.dtype).unsqueeze(-1) * values
        out = value.new_zeros(queries, batch, heads, value.shape[3]).index_add(0, target, terms_of_sum)
        return out.permute(1, 2, 0, 3)


def _scores(query: Tensor, key: Tensor, call: Call, weighting: Weighting, source: Tensor, target: Tensor) -> Tensor:
    """Score and bias of each edge (N, B, H)."""
    score = weighting.score
    if isinstance(score, DotScore):
        query, key = score.map_query(query) * score.scale, share_heads(query, score.map_key(key))
        scores = (query.permute(2, 0, 1, 3)[target] * key.permute(2, 0, 1, 3)[source]).sum(dim=-1)
    else:
        batch, heads = query.shape[:2]
        ends = [
            end.permute(2, 0, 1, 3)[index].flatten(0, 1).unsqueeze(2)  # (N * B, H, 1, E)
            for end, index in ((query, target), (share_heads(query, key), source))
        ]
        scores = score(*ends).view(len(source), batch, heads)
    if call.bias is not None:
        relative = isinstance(call.bias.module, RelativePosition)
        rows = max(len(call.bias.query_positions), len(call.bias.key_positions), len(query) if relative else 1)
        row = torch.arange(rows, device=source.device).repeat_interleave(len(source)).unsqueeze(1)
        features = query[:rows, :, target].transpose(1, 2).flatten(0, 1).unsqueeze(2)  # (rows * N, H, 1, E)
        bias = call.bias.between(features, row, target.repeat(rows).unsqueeze(1), source.repeat(rows).unsqueeze(1))
        scores = scores + bias.view(rows, len(source), -1).transpose(0, 1).to(scores.dtype)
    return scores


def _kept(mask: Mask, call: Call, source: Tensor, target: Tensor) -> Tensor:
    """Bool (B or 1, H or 1, N): True for edges that `mask` allows too."""
    whole = call.extent.indices(slice(0, 0))
    query, key = target.view(1, 1, 1, -1), source.view(1, 1, 1, -1)
    at = Indices(whole.batch, whole.head, query, key, query + call.extent.start, key)
    return mask.allows(at).squeeze(2)


def _weights_of_kept(scores: Tensor, kept: Tensor, target: Tensor, queries: int, weighting: Weighting) -> Tensor:
    """Weights (N, B, H), normalised over the kept edges of each query, batch row and head; 0 for the others."""
    _, batch, heads = scores.shape
    segment = torch.arange(batch * heads, device=scores.device).view(1, batch, heads) + (
        target.view(-1, 1, 1) * (batch * heads)
    )
    weights = weighting.normaliser.segments(scores[kept], segment[kept], queries * batch * heads)
    return torch.zeros_like(scores).masked_scatter(kept, weights)
