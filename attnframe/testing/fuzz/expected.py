"""What a request must give, by the definitions of scores, weights and variants, pair by pair and row by row."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import Tensor

from attnframe.attention import mixers, normalisers, scores
from attnframe.attention.mixer import Mixer
from attnframe.attention.reference import NormaliserName, RowNormaliser, reference_weights

Bias: TypeAlias = Callable[[Tensor], Tensor]
"""What positions add to the scores (B, H, T, S), for mapped and scaled features of queries (B, H, T, E)."""


def expected_weights(mixer: Mixer, query: Tensor, key: Tensor, allowed: Tensor, bias: Bias | None) -> Tensor | None:
    """Weights (B, H, T, S) of a mixer by its definition; None for a mixer that has none here.

    Args:
        mixer: gives parameters only; none of its computations are used.
        query: (B, H, T, E). key: (B, H, S, E), the heads repeated.
        allowed: (B, H, T, S) True where the query may attend the key.
        bias: None for none.
    """
    mixer = _innermost(mixer)
    if isinstance(mixer, mixers.SoftmaxMixer):
        found = pair_scores(mixer.score, query, key)
        if found is None:
            return None
        if bias is not None:
            found = found + bias(_features(mixer.score, query))
        rows = [_row(mixer.normaliser, head) for head in range(query.shape[1])]
        return None if any(row is None for row in rows) else _weights(found, allowed, [row or "relu" for row in rows])
    if isinstance(mixer, mixers.UniformMixer):
        return _weights(allowed.to(query.dtype) * 0, allowed, ["softmax"] * query.shape[1])
    if isinstance(mixer, mixers.LinearMixer):
        return _proportional(_elu(query) @ _elu(key).mT, allowed)
    if isinstance(mixer, mixers.CosformerMixer):
        # Queries and keys are the same stretch of a sequence here.
        distance = torch.arange(query.shape[2]).unsqueeze(1) - torch.arange(key.shape[2])
        near = torch.cos(distance.to(query.dtype) * (math.pi / 2 / mixer.max_length))
        return _proportional(torch.relu(query) @ torch.relu(key).mT * near, allowed)
    if isinstance(mixer, mixers.TalkingHeadsMixer):
        found = torch.einsum("gh,bhtf,bhsf->bgts", mixer.score_map, query, key) / math.sqrt(query.shape[-1])
        if bias is not None:
            found = found + bias(query / math.sqrt(query.shape[-1]))
        return torch.einsum("hg,bgts->bhts", mixer.weight_map, _weights(found, allowed, ["softmax"] * query.shape[1]))
    if isinstance(mixer, mixers.DifferentialMixer):
        maps = []
        for q, k in zip(query.chunk(2, -1), key.chunk(2, -1), strict=True):
            found = q @ k.mT / math.sqrt(q.shape[-1])
            found = found if bias is None else found + bias(q)
            maps.append(_weights(found, allowed, ["softmax"] * query.shape[1]))
        a1, b1, a2, b2 = mixer.vectors
        return maps[0] - (torch.exp(a1 @ b1) - torch.exp(a2 @ b2) + mixer.lambda_init) * maps[1]
    return None


def pair_scores(score: scores.Score | None, query: Tensor, key: Tensor) -> Tensor | None:
    """Scores (B, H, T, S) of every pair, from the formula of a score; None for a score that has none here.

    Args:
        score: gives parameters only; None for the scaled dot product.
        query: (B, H, T, E). key: (B, H, S, E).
    """
    given: Any = score
    if score is None or isinstance(score, scores.ScaledDot):
        return query @ key.mT / math.sqrt(query.shape[-1])
    if isinstance(score, scores.Dot):
        return query @ key.mT
    if isinstance(score, scores.Cosine):
        cosine: Tensor = given.log_tau.exp() * (_unit(query) @ _unit(key).mT)
        return cosine
    if isinstance(score, scores.Bilinear):
        return torch.einsum("bhte,hef,bhsf->bhts", query, given.weight, key)
    if isinstance(score, scores.Additive):
        of_query = torch.einsum("bhte,hea->bhta", query, given.query_weight).unsqueeze(3)
        of_key = torch.einsum("bhse,hea->bhsa", key, given.key_weight).unsqueeze(2)
        return torch.einsum("bhtsa,ha->bhts", torch.tanh(of_query + of_key), given.vector)
    if isinstance(score, scores.SquaredDistance):
        return -(query.unsqueeze(3) - key.unsqueeze(2)).square().sum(-1) / math.sqrt(query.shape[-1])
    if isinstance(score, scores.SoftCap):
        inner = pair_scores(score.inner, query, key)
        return None if inner is None else score.cap * torch.tanh(inner / score.cap)
    if isinstance(score, scores.GraphAttentionScore):
        of_query = torch.einsum("bhte,he->bht", query, given.query_vector).unsqueeze(-1)
        total = of_query + torch.einsum("bhse,he->bhs", key, given.key_vector).unsqueeze(-2)
        return torch.where(total > 0, total, total * score.negative_slope)
    if isinstance(score, scores.DynamicGraphAttentionScore):
        total = query.unsqueeze(3) + key.unsqueeze(2)
        hidden = torch.where(total > 0, total, total * score.negative_slope)
        return torch.einsum("bhtse,he->bhts", hidden, given.vector)
    return None


def has_steps(mixer: Mixer) -> bool:
    """Whether weights jump as scores grow, so that rounding may change them by much."""
    normaliser = getattr(_innermost(mixer), "normaliser", None)
    return isinstance(getattr(normaliser, "inner", normaliser), normalisers.TopK)


def _innermost(mixer: Mixer) -> Mixer:
    """The mixer inside of gates, windows, patterns and skip connections, whose weights are theirs."""
    while isinstance(mixer, mixers.GatedMixer | mixers.WindowMixer | mixers.PatternMixer | mixers.SkipMixer):
        mixer = mixer.inner
    return mixer


def _features(score: scores.Score | None, query: Tensor) -> Tensor:
    """Features of queries, mapped and scaled as a position that reads them is promised."""
    given: Any = score
    if isinstance(score, scores.SoftCap):
        return _features(score.inner, query)
    if score is None or isinstance(score, scores.ScaledDot):
        return query / math.sqrt(query.shape[-1])
    if isinstance(score, scores.Cosine):
        scaled: Tensor = given.log_tau.exp() * _unit(query)
        return scaled
    if isinstance(score, scores.Bilinear):
        return torch.einsum("bhte,hef->bhtf", query, given.weight)
    if isinstance(score, scores.SquaredDistance):
        return query * 2 / math.sqrt(query.shape[-1])
    return query


def _unit(x: Tensor) -> Tensor:
    length: Tensor = x.norm(dim=-1, keepdim=True)
    return x / length.clamp(min=1e-6)


def _elu(x: Tensor) -> Tensor:
    return torch.where(x > 0, x + 1, torch.exp(x.clamp(max=0)))


def _weights(found: Tensor, allowed: Tensor, rows: list[NormaliserName | RowNormaliser]) -> Tensor:
    """Weights of given scores, head by head."""
    nothing = found.new_zeros(*found.shape[:1], 1, found.shape[2], 0)
    none = found.new_zeros(*found.shape[:1], 1, found.shape[3], 0)
    heads = [
        reference_weights(
            nothing,
            none,
            allowed[:, h : h + 1],
            bias=found[:, h : h + 1],
            score=lambda q, k: q @ k.T,
            normaliser=row,
        )
        for h, row in enumerate(rows)
    ]
    return torch.cat(heads, dim=1)


def _proportional(found: Tensor, allowed: Tensor) -> Tensor:
    """Weights in proportion to scores that are at least 0; 0 where all are 0."""
    shown = found * allowed
    total = shown.sum(-1, keepdim=True)
    return shown / torch.where(total > 0, total, torch.ones_like(total))


def _row(normaliser: normalisers.Normaliser, head: int) -> NormaliserName | RowNormaliser | None:
    """The weights of one row of scores, all visible; None for a normaliser that has no definition here."""
    if isinstance(normaliser, normalisers.Tempered):
        inner, temperature = _row(normaliser.inner, head), normaliser.temperature
        if inner is None:
            return None
        named: RowNormaliser = _named(inner) if isinstance(inner, str) else inner
        return lambda row: named(row / temperature)
    if isinstance(normaliser, normalisers.Sinks):
        logit = normaliser.logits[head]
        return lambda row: torch.softmax(torch.cat([row, logit.view(1)]), -1)[:-1]
    if isinstance(normaliser, normalisers.TopK):
        return lambda row: torch.softmax(row.masked_fill(row < row.topk(min(normaliser.k, len(row)))[0][-1], -1e9), -1)
    if isinstance(normaliser, normalisers.Entmax) and normaliser.alpha != 1.5:
        alpha = normaliser.alpha
        return lambda row: _entmax(row, alpha)
    return _NAMES.get(type(normaliser))


def _named(name: NormaliserName) -> RowNormaliser:
    def weights(row: Tensor) -> Tensor:
        nothing = row.new_zeros(1, 1, 1, 0), row.new_zeros(1, 1, len(row), 0)
        return reference_weights(*nothing, bias=row.view(1, 1, 1, -1), score=lambda q, k: q @ k.T, normaliser=name)[
            0, 0, 0
        ]

    return weights


def _entmax(row: Tensor, alpha: float) -> Tensor:
    """Alpha-entmax: bisection, then a step of Newton's, through which the gradient flows."""
    scaled, power = row * (alpha - 1), 1 / (alpha - 1)
    low, high = scaled.detach().max() - 1, scaled.detach().max()
    for _ in range(80):
        middle = (low + high) / 2
        if (scaled.detach() - middle).clamp(min=0).pow(power).sum() >= 1:
            low = middle
        else:
            high = middle
    above = scaled > low
    kept = (scaled - low)[above]
    tau = low + (kept.pow(power).sum() - 1) / (power * kept.detach().pow(power - 1)).sum()
    return row.new_zeros(len(row)).masked_scatter(above, (scaled[above] - tau).clamp(min=0).pow(power))


_NAMES: dict[type, NormaliserName] = {
    normalisers.Softmax: "softmax",
    normalisers.SoftmaxPlusOne: "softmax_plus_one",
    normalisers.Sparsemax: "sparsemax",
    normalisers.Entmax: "entmax",
    normalisers.Sigmoid: "sigmoid",
    normalisers.Relu: "relu",
}
