"""Whole batches of recordings by index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe_speech.data.corpus import Corpus
from attnframe_speech.frontends.base import Frames


class Recordings:
    """The recordings of one part.

    Args:
        corpus: all recordings.
        members: (n,) indices of this part's.
    """

    def __init__(self, corpus: Corpus, members: npt.NDArray[np.int64]) -> None:
        self.frames = torch.from_numpy(corpus.frames)
        self.starts = torch.from_numpy(corpus.starts[:-1][members])
        self.lengths = torch.from_numpy(corpus.lengths[members])
        self.members = torch.from_numpy(members)

    def __len__(self) -> int:
        return len(self.members)

    def padded(self, indices: Tensor) -> dict[str, Tensor]:
        """``features`` (n, T, F) float32, 0 where a recording is over, and ``frames`` (n,) int64, its length."""
        lengths = self.lengths[indices]
        steps = torch.arange(int(lengths.max()))
        places = self.starts[indices].unsqueeze(1) + torch.minimum(steps, lengths.unsqueeze(1) - 1)
        features = self.frames[places].float()
        features *= (steps < lengths.unsqueeze(1)).unsqueeze(2)
        return {"features": features, "frames": lengths}


def padded(recordings: list[Frames]) -> dict[str, Tensor]:
    """The batch of recordings (T, F), as `Recordings.padded` makes it."""
    lengths = torch.tensor([len(one) for one in recordings])
    features = torch.zeros(len(recordings), int(lengths.max()), recordings[0].shape[1])
    for row, one in zip(features, recordings, strict=True):
        row[: len(one)] = torch.from_numpy(one.astype(np.float32))
    return {"features": features, "frames": lengths}
