"""Hierarchical attention: items to parts, parts to one vector."""

from __future__ import annotations

from typing import Literal, get_args

from torch import Tensor, nn

from attnframe.bridges import AttentionPooling, MeanPooling
from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.masks import Padding

Pool = Literal["attention", "mean"]


class Level(nn.Module):
    """One level of `Hierarchical`: encode a sequence, then pool it.

    Args:
        encoder: (B, T, D) to (B, T, D), called with ``mask=``, and with ``positions=`` where some are given: `Encoder`,
            `AttentionRNN`, or a `Recurrence` both ways.
        dim: width D.
        pool: ``attention`` or ``mean``.

    Raises:
        ConfigurationError: the pooling is unknown.
    """

    def __init__(self, encoder: nn.Module, dim: int, pool: Pool = "attention") -> None:
        super().__init__()
        if pool not in get_args(Pool):
            works = did_you_mean(pool, get_args(Pool))
            raise ConfigurationError(Fault("pool (Level)", "must be a known pooling", repr(pool), works))
        self.encoder = encoder
        self.pooling = AttentionPooling(dim) if pool == "attention" else MeanPooling()

    def forward(self, x: Tensor, valid: Tensor | None = None, positions: Tensor | None = None) -> Tensor:
        """One vector (B, D) of a sequence (B, T, D).

        Args:
            x: the sequence.
            valid: (B, T) bool, True = real; None when all are.
            positions: (B or 1, T) or (B or 1, T, C); None for 0..T-1.
        """
        mask = None if valid is None else Padding(valid)
        given = {} if positions is None else {"positions": positions}
        out: Tensor = self.pooling(self.encoder(x, mask=mask, **given), mask=mask)
        return out


class Hierarchical(nn.Module):
    """Hierarchical attention network (Yang et al. 2016, https://aclanthology.org/N16-1174): words make sentences, and
    sentences a document; or patches make rows, and rows a picture.

    Each level encodes its sequence and pools it, so what is pooled below is what is encoded above:

    s_i = pool(encode(w_i1, .., w_iN)),  d = pool(encode(s_1, .., s_P))

    The paper's encoders are GRUs both ways: ``Recurrence(dim, dim, "gru", bidirectional=True)``.

    Args:
        items: encoder of the items of a part; see `Level`.
        parts: encoder of the parts.
        dim: width D of both.
        pool: what makes one vector of a sequence, at both levels: ``attention`` or, as a control, the ``mean``.

    Shapes: (B, P, N, D) to (B, D), with P parts of N items.
    """

    def __init__(self, items: nn.Module, parts: nn.Module, dim: int, pool: Pool = "attention") -> None:
        super().__init__()
        self.dim = dim
        self.items, self.parts = Level(items, dim, pool), Level(parts, dim, pool)

    def forward(
        self,
        x: Tensor,
        *,
        valid: Tensor | None = None,
        item_positions: Tensor | None = None,
        part_positions: Tensor | None = None,
    ) -> Tensor:
        """One vector of a whole.

        Args:
            x: (B, P, N, D) items by part.
            valid: (B, P, N) bool, True = real item; a part without one is padding too. None when all are real.
            item_positions: (1, N) or (1, N, C) positions of the items in their part; None for 0..N-1.
            part_positions: (1, P) or (1, P, C) positions of the parts; None for 0..P-1.

        Returns:
            (B, D).

        Raises:
            ConfigurationError: when shapes do not fit.
        """
        if x.dim() != 4 or x.shape[3] != self.dim:
            raise ConfigurationError(
                Fault("x (Hierarchical)", f"must have shape (B, P, N, {self.dim})", str(tuple(x.shape)))
            )
        if valid is not None and valid.shape != x.shape[:3]:
            must = f"must have shape {tuple(x.shape[:3])}"
            raise ConfigurationError(Fault("valid (Hierarchical)", must, str(tuple(valid.shape))))
        items = None if valid is None else valid.flatten(0, 1)
        pooled = self.items(x.flatten(0, 1), items, item_positions).view(x.shape[0], x.shape[1], self.dim)
        out: Tensor = self.parts(pooled, None if valid is None else valid.any(2), part_positions)
        return out
