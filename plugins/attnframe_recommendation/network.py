"""The network over histories, which spends little on padding."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.masks import Causal
from attnframe.models import Decoder

SHORTEST = 8
"""Histories of at most so many items are run together."""


class HistoryNetwork(nn.Module):
    """A causal decoder over histories, run for short and long ones apart, so that short ones are not padded to the
    longest. Rows are padded at their end, where causal attention never looks, so no mask is needed and any causal
    variant serves.

    Args:
        decoder: with or without cross attention to a context as long as the history.
        reads_times: whether positions are timestamps rather than the order.
    """

    def __init__(self, decoder: Decoder, reads_times: bool) -> None:
        super().__init__()
        self.decoder, self.reads_times = decoder, reads_times

    def forward(self, x: Tensor, context: Tensor | None, lengths: Tensor, times: Tensor | None) -> Tensor:
        """States of histories.

        Args:
            x: (B, T, D). context: (B, T, D), what is known beside each item; None without cross attention.
            lengths: (B,) real items of each. times: (B, T), read where positions are timestamps.

        Returns:
            (B, T, D); 0 where rows of a group of shorter histories end.
        """
        width = x.shape[1]
        groups = [*_by_length(lengths, width)]
        if len(groups) == 1:
            return self._run(x, context, times)
        done = []
        for rows, longest in groups:
            parts = [None if part is None else part[rows, :longest] for part in (x, context, times)]
            assert parts[0] is not None
            done.append(F.pad(self._run(parts[0], parts[1], parts[2]), (0, 0, 0, width - longest)))
        order = torch.cat([rows for rows, _ in groups])
        return torch.cat(done)[order.argsort()]

    def _run(self, x: Tensor, context: Tensor | None, times: Tensor | None) -> Tensor:
        states: Tensor = self.decoder(
            x,
            context,
            positions=times if self.reads_times else None,
            context_mask=None if context is None else Causal(),
        )
        return states


def _by_length(lengths: Tensor, width: int) -> Iterator[tuple[Tensor, int]]:
    """Rows of about the same length, and the longest of each group: groups halve from the longest on."""
    if lengths.is_meta or width <= SHORTEST:
        yield torch.arange(len(lengths), device=lengths.device), width
        return
    limit = width
    while True:
        lower = 0 if limit <= SHORTEST else limit // 2
        rows = ((lengths <= limit) & (lengths > lower)).nonzero().squeeze(1)
        if len(rows):
            yield rows, int(lengths[rows].max())
        if lower == 0:
            return
        limit = lower
