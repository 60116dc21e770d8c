"""The vectors of tokens, with what keeps a small set from being learnt by heart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.attention.dropout import dropout
from attnframe_nlp.data.sequences.vocabulary import PADDING, UNKNOWN

_SPREAD = 1_000_003
"""A prime that spreads pairs of ids over the buckets."""


class TokenEmbedding(nn.Module):
    r"""The sum of the vectors of a token, of the pair that it makes with the one before, and the mean of those of its
    subwords (fastText, Joulin et al. 2017, https://arxiv.org/abs/1607.01759 and Bojanowski et al. 2017,
    https://arxiv.org/abs/1607.04606).

    .. math:: x_t = \mathrm{dropout}(E w_t + P h(w_{t-1}, w_t) + \mathrm{mean}_s\, S z_{ts})

    In training a token is now and then replaced by the unknown one, its subwords and pairs with it (word dropout, Iyyer
    et al. 2015, https://aclanthology.org/P15-1162).

    Args:
        size: vocabulary V. dim: width D.
        pairs: buckets that pairs are hashed into; 0 for no pairs.
        subwords: buckets of subwords; 0 for none.
        word_dropout: probability of replacing a token in training, in [0, 1].
        dropout: probability of dropping an element of the sum in training, in [0, 1].
        std: deviation of the first vectors of tokens; those of pairs and subwords start at 0.
    """

    def __init__(
        self,
        size: int,
        dim: int,
        *,
        pairs: int = 0,
        subwords: int = 0,
        word_dropout: float = 0.0,
        dropout: float = 0.0,
        std: float = 0.1,
    ) -> None:
        super().__init__()
        self.word_dropout, self.dropout = word_dropout, dropout
        self.tokens = nn.Embedding(size, dim)
        self.pairs = nn.Embedding(pairs, dim) if pairs else None
        self.subwords = nn.EmbeddingBag(subwords + 1, dim, mode="mean", padding_idx=0) if subwords else None
        nn.init.normal_(self.tokens.weight, std=std)
        for table in (self.pairs, self.subwords):
            if table is not None:
                nn.init.zeros_(table.weight)

    def row_names(self, names: Sequence[str]) -> dict[str, Sequence[str]]:
        """What the rows of the tables stand for, see `TaskModule.row_names`. A pair's bucket comes from ids, so pairs
        are those of one vocabulary alone.

        Args:
            names: of the tokens, (V,).
        """
        found: dict[str, Sequence[str]] = {"tokens.weight": [f"token {name}" for name in names]}
        if self.pairs is not None:
            vocabulary = hashlib.sha256("\n".join(names).encode()).hexdigest()
            found["pairs.weight"] = [f"pair of {vocabulary} {bucket}" for bucket in range(self.pairs.num_embeddings)]
        return found

    def forward(self, tokens: Tensor, spellings: Tensor) -> Tensor:
        """Vectors of tokens.

        Args:
            tokens: (B, T) ids. spellings: (B, T, S) buckets of subwords, 0 for none.

        Returns:
            (B, T, D).
        """
        if self.training and self.word_dropout:
            dropped = (torch.rand(tokens.shape, device=tokens.device) < self.word_dropout) & (tokens != PADDING)
            tokens = tokens.masked_fill(dropped, UNKNOWN)
            spellings = spellings.masked_fill(dropped.unsqueeze(-1), 0)
        x: Tensor = self.tokens(tokens)
        if self.pairs is not None:
            before = F.pad(tokens[:, :-1], (1, 0), value=PADDING)
            x = x + self.pairs((before * _SPREAD + tokens) % self.pairs.num_embeddings)
        if self.subwords is not None:
            x = x + self.subwords(spellings.flatten(0, 1)).view_as(x)
        return dropout(x, self.dropout, self.training)
