"""Attention over an edge list: scores of the edges, a normaliser over each query's edges, and a sum of values."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.backends.base import Backend, Request, Weighting
from attnframe.attention.backends.forms import edge_forms
from attnframe.attention.backends.pairs import over_pairs
from attnframe.attention.backends.segments import edge_dots, edge_softmax, edge_sums, picked
from attnframe.attention.dropout import dropout
from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.normalisers import Softmax
from attnframe.attention.scores import DotScore
from attnframe.attention.scores.separable import SeparableScore
from attnframe.attention.scores.summed import SummedScore
from attnframe.masks import Edges, Mask, terms
from attnframe.masks.algebra import conjunction
from attnframe.masks.base import Indices
from attnframe.masks.neighbours import Neighbours
from attnframe.positions.base import RelativePosition


class EdgeList(Backend):
    """Time and memory grow with the number of edges; no (T, S) tensor is made. Other terms of the mask drop edges.

    Features are never gathered for all edges at once, so besides inputs and output only a few numbers for each edge and
    head are held.
    """

    name = "edges"

    def why_not(self, request: Request) -> list[str]:
        return [] if request.pattern.edges is not None else ["the mask is no conjunction with an Edges term"]

    def memory(self, request: Request) -> int:
        # Scores, their sum, weights and the gradients of both.
        return 5 * (request.pattern.edges or 0) * request.batch * request.heads * request.dtype.itemsize

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        mask = next(term for term in terms(call.mask) if isinstance(term, Edges))
        others = [term for term in terms(call.mask) if term is not mask]
        edges, kept = mask.sorted, None
        if others:
            kept = _kept(conjunction(*others), call, edges)  # (B or 1, H or 1, N)
            if kept.shape[0] == kept.shape[1] == 1:  # The same edges everywhere: a smaller graph.
                edges, kept = edges.only(kept[0, 0]), None
        scores = _scores(query, key, call, weighting, edges)
        weights = _weights(scores, kept, weighting, edges)
        weights = dropout(weights, weighting.dropout, weighting.dropout > 0)
        return edge_sums(weights.to(value.dtype), value, edges)


def _scores(query: Tensor, key: Tensor, call: Call, weighting: Weighting, edges: Neighbours) -> Tensor:
    """Score and bias of each edge (B, H, N)."""
    score, width = weighting.score, query.shape[3]
    query, key = score.map_query(query), score.map_key(key)
    if isinstance(score, DotScore):
        scores = edge_dots(query * score.scale, key, edges)
    elif isinstance(score, SeparableScore):
        of_query, of_key = score.numbers(query, key)
        scores = score.activate(picked(of_query, edges.reader) + picked(of_key, edges.read))
    elif isinstance(score, SummedScore):
        scores = edge_forms(query, key, score.vector, score.activate, edges)
    else:
        parameters = weighting.parameters(call)
        scores = over_pairs(lambda query, key, span: score.compare(query, key), query, key, edges, parameters)
    if call.bias is None:
        return scores
    return scores + _bias(call.bias, query[..., :width] * score.scale, key, edges).to(scores.dtype)


def _bias(bias: PositionBias, query: Tensor, key: Tensor, edges: Neighbours) -> Tensor:
    """What positions add to the score of each edge (B or 1, H, N)."""
    if isinstance(bias.module, RelativePosition):
        parameters = [parameter for parameter in bias.module.parameters() if parameter.requires_grad]
        batch = query.shape[0]

        def of_pairs(query: Tensor, key: Tensor, span: slice) -> Tensor:
            reader, read = (end[span].repeat_interleave(batch).unsqueeze(1) for end in (edges.reader, edges.read))
            row = torch.arange(batch, device=query.device).repeat(len(reader) // batch).unsqueeze(1)
            return bias.between(query, row, reader, read)

        return over_pairs(of_pairs, query, key, edges, parameters)
    rows = max(len(bias.query_positions), len(bias.key_positions))
    row = torch.arange(rows, device=query.device).repeat_interleave(len(edges)).unsqueeze(1)
    ends = (end.repeat(rows).unsqueeze(1) for end in (edges.reader, edges.read))
    found = bias.between(query, row, *ends)  # (rows * N, H, 1, 1); the features of queries are not looked at.
    return found.view(rows, len(edges), found.shape[1]).transpose(1, 2)


def _weights(scores: Tensor, kept: Tensor | None, weighting: Weighting, edges: Neighbours) -> Tensor:
    """Weights (B, H, N), normalised over the edges of each query that are kept; 0 for the others."""
    if kept is None and type(weighting.normaliser) is Softmax:
        return edge_softmax(scores, edges)
    rows = scores.permute(2, 0, 1)  # (N, B, H)
    if kept is None:
        return weighting.normaliser.segments(rows, edges.reader, edges.readers).permute(1, 2, 0)
    kept = kept.expand_as(scores).permute(2, 0, 1)
    _, batch, heads = rows.shape
    apart = torch.arange(batch * heads, device=scores.device).view(1, batch, heads)
    segment = edges.reader.view(-1, 1, 1) * (batch * heads) + apart
    weights = weighting.normaliser.segments(rows[kept], segment[kept], edges.readers * batch * heads)
    return torch.zeros_like(rows).masked_scatter(kept, weights).permute(1, 2, 0)


def _kept(mask: Mask, call: Call, edges: Neighbours) -> Tensor:
    """Bool (B or 1, H or 1, N): True for edges that `mask` allows too."""
    whole = call.extent.indices(slice(0, 0))
    query, key = edges.reader.view(1, 1, 1, -1), edges.read.view(1, 1, 1, -1)
    at = Indices(whole.batch, whole.head, query, key, query + call.extent.start, key)
    return mask.allows(at).squeeze(2)
