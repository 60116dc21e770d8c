"""Talking-heads attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.backends.base import Pattern
from attnframe.attention.backends.chunks import blocks, in_blocks
from attnframe.attention.backends.eager import query_rows
from attnframe.attention.dropout import dropout as drop
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.normalisers import Softmax
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Edges, terms


class TalkingHeadsMixer(Mixer):
    """Heads that talk: scores and weights of all heads are mixed linearly (Shazeer et al. 2020, https://arxiv.org/abs/2003.02436).

    s_g = sum_h L_gh <q_h, k_h> / sqrt(E) + bias_g,  w_g = softmax(s_g),  out_h = sum_g W_hg w_g v_h

    L and W start as the identity, so training starts from multi-head attention. The mask hides keys after L. Every
    head's scores are needed at once, so no fused kernel serves; the queries are taken in chunks.

    Args:
        num_heads: heads H, of queries and of keys.
        dropout: probability of dropping a weight in training, before W, in [0, 1].
        chunk: query rows at a time, at least 1; None chooses. It changes no result.

    Raises:
        ConfigurationError: for a dropout outside [0, 1] or a chunk below 1.
    """

    def __init__(self, num_heads: int, dropout: float = 0.0, chunk: int | None = None) -> None:
        super().__init__()
        found = []
        if not 0 <= dropout <= 1:
            found.append(Fault("dropout (TalkingHeadsMixer)", "must be from 0 to 1", repr(dropout)))
        if chunk is not None and chunk < 1:
            found.append(Fault("chunk (TalkingHeadsMixer)", "must be at least 1", str(chunk)))
        if found:
            raise ConfigurationError(found)
        self.dropout, self.chunk = dropout, chunk
        self.score_map = nn.Parameter(torch.empty(num_heads, num_heads))  # L
        self.weight_map = nn.Parameter(torch.empty(num_heads, num_heads))  # W
        self.normaliser = Softmax()
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set both maps to the identity."""
        nn.init.eye_(self.score_map)
        nn.init.eye_(self.weight_map)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        self._check(call)
        dropout = self.dropout if self.training else 0.0

        def attend(query: Tensor, key: Tensor, value: Tensor, rows: slice, columns: slice) -> Tensor:
            weights = drop(self._shares(query, key, call, rows, columns), dropout, dropout > 0)
            return _over_heads(self.weight_map, weights).to(value.dtype) @ value

        batch, heads, queries, _ = query.shape
        pattern = Pattern.of(call.mask, call.extent)
        per_row = batch * heads * key.shape[2] * query.element_size()
        size = self.chunk or query_rows(per_row, queries, pattern)
        parameters = [self.score_map, self.weight_map, *(call.bias.module.parameters() if call.bias else ())]
        wanted = [parameter for parameter in parameters if parameter.requires_grad]
        return in_blocks(attend, query, key, value, blocks(call, pattern, size), wanted)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return _over_heads(self.weight_map, self._shares(query[:, :, rows], key, call, rows, slice(None)))

    def _shares(self, query: Tensor, key: Tensor, call: Call, rows: slice, columns: slice) -> Tensor:
        """Weights (B, H, rows, columns) before they are mixed."""
        if query.dtype in (torch.float16, torch.bfloat16):
            query, key = query.float(), key.float()  # sums over heads of overflown scores would not be numbers
        query = query * query.shape[-1] ** -0.5
        scores = _over_heads(self.score_map, query @ key.transpose(-1, -2))
        if call.bias is not None:
            scores = scores + call.bias.scores(query, rows, columns)
        return self.normaliser.dense(scores, call.visible(rows, columns) if terms(call.mask) else None)

    def _check(self, call: Call) -> None:
        if any(isinstance(term, Edges) for term in terms(call.mask)):
            raise self.refusal("mixes the scores of all pairs, which an edge list does not have", "Use attention=mha.")


def _over_heads(weight: Tensor, x: Tensor) -> Tensor:
    """sum_h weight_gh x_h of x (B, H, T, S), as one product of matrices for each row: `matmul` would copy x."""
    return torch.bmm(weight.to(x.dtype).expand(len(x), -1, -1), x.flatten(2)).view_as(x)
