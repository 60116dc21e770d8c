"""The splits: windows of a text, cut from memory-mapped tokens as whole batches."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import torch
from torch import Tensor

from attnframe_nlp.data.tokens import TokenFile

IGNORED: Final = -100
"""Target of padding: counted neither in the loss nor in a metric."""

TextBatch = dict[str, Tensor]
"""``tokens`` (B, T) and ``targets`` (B, T), the token after each; int64."""


class Windows:
    """A part of a text in windows that do not overlap: every token but the first is a target exactly once.

    Args:
        file: at least 2 tokens.
        context: tokens T of a window.
    """

    def __init__(self, file: TokenFile, context: int) -> None:
        self.file, self.context = file, context

    def __len__(self) -> int:
        return math.ceil((len(self.file) - 1) / self.context)

    def batch(self, indices: Tensor) -> TextBatch:
        """The windows at `indices` (B,), the last one of the part padded, and where they begin: ``starts`` (B,)."""
        return self.at(indices * self.context)

    def shifted(self, batch: TextBatch) -> TextBatch:
        """The windows of a batch, each moved on at random by less than its length; none is padded.

        Every place of the part is about as likely. Draws from torch's global generator.
        """
        starts = batch["starts"] + torch.randint(self.context, batch["starts"].shape)
        # The last start that leaves a target to every token is len - context - 1.
        return self.at(starts % (len(self.file) - self.context))

    def at(self, starts: Tensor) -> TextBatch:
        """The windows that begin at `starts` (B,)."""
        places = starts.numpy()[:, None] + np.arange(self.context + 1)
        inside = places < len(self.file)
        window = torch.from_numpy(self.file.tokens[np.where(inside, places, 0)].astype(np.int64))
        targets = window[:, 1:].masked_fill(~torch.from_numpy(inside[:, 1:]), IGNORED)
        return {"tokens": window[:, :-1], "targets": targets, "starts": starts}
