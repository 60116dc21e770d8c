"""Batches of histories: to train on, and to be evaluated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe_recommendation.data.interactions import Interactions, calibrates


class Windows:
    """The last items of stretches of histories, as rows that are padded at their end.

    Args:
        data: histories. users: (n,) whose. lengths: (n,) items of each stretch. ends: (n,) where it ends in
            `Interactions.taken`.
    """

    def __init__(
        self,
        data: Interactions,
        users: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
    ) -> None:
        self.taken = torch.from_numpy(data.taken)
        self.times = None if data.times is None else torch.from_numpy(data.times)
        self.lengths, self.ends = torch.from_numpy(lengths), torch.from_numpy(ends)
        self.users = torch.from_numpy(users)

    def rows(self, indices: Tensor) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """``items`` (B, T), ``lengths`` (B,) and, where they are known, ``times`` (B, T) of stretches; where each item
        is in `taken` (B, T), and whether it is one (B, T)."""
        lengths = self.lengths[indices]
        steps = torch.arange(int(lengths.max()))
        at = (self.ends[indices] - lengths).unsqueeze(1) + steps
        valid = steps < lengths.unsqueeze(1)
        at = torch.where(valid, at, 0)
        batch = {"items": self.taken[at] * valid, "lengths": lengths}
        if self.times is not None:
            last = self.times[self.ends[indices] - 1].unsqueeze(1)
            batch["times"] = torch.where(valid, self.times[at], last)
        return batch, at, valid


class Trained:
    """The training parts of users: every item but the first is told from those before it.

    A batch is that of `Windows.rows` and ``places`` (N,), the flat places b * T + t whose next item is told,
    ``targets`` (N,), and likewise ``held_places`` and ``held_targets`` (M,) for what `calibrates` keeps apart.

    Args:
        data: histories. max_length: most items that are read back.
    """

    def __init__(self, data: Interactions, max_length: int) -> None:
        users = np.flatnonzero(data.trained > 1)
        ends = (data.starts + data.trained)[users] - 1
        lengths = np.minimum(data.trained[users] - 1, max_length)
        self.windows = Windows(data, users, lengths, ends)
        self.held = torch.from_numpy(calibrates(data.trained)[users])

    def __len__(self) -> int:
        return len(self.held)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the users at `indices` (n,)."""
        batch, at, valid = self.windows.rows(indices)
        last = torch.arange(valid.shape[1]) == batch["lengths"].unsqueeze(1) - 1
        held = last & self.held[indices].unsqueeze(1)
        for name, chosen in (("", valid & ~held), ("held_", held)):
            batch[f"{name}places"] = chosen.flatten().nonzero().squeeze(1)
            batch[f"{name}targets"] = self.windows.taken[at[chosen] + 1]
        return batch


class Evaluated:
    """One item of each user, to be ranked by what came before it.

    A batch is that of `Windows.rows`, ``targets`` (B,), and either ``candidates`` (B, C), the true item among them
    first, 0 for none, or ``seen`` (B, S), what the user took before, padded with 0.

    Args:
        data: histories. users: (n,) whose. max_length: most items that are read back.
        before_last: items after the one that is ranked: 0 in test, 1 in validation.
        negatives: (n, C - 1); None to rank all items that were not seen.
    """

    def __init__(
        self,
        data: Interactions,
        users: npt.NDArray[np.int64],
        max_length: int,
        before_last: int,
        negatives: npt.NDArray[np.int64] | None,
    ) -> None:
        known = data.counts[users] - 1 - before_last
        ends = data.starts[users] + known
        self.windows = Windows(data, users, np.minimum(known, max_length), ends)
        self.known = torch.from_numpy(known)
        self.targets = torch.from_numpy(data.taken[ends])
        self.negatives = None if negatives is None else torch.from_numpy(negatives)

    def __len__(self) -> int:
        return len(self.targets)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the users at `indices` (n,)."""
        batch, _, _ = self.windows.rows(indices)
        batch["targets"] = self.targets[indices]
        if self.negatives is not None:
            batch["candidates"] = torch.cat([batch["targets"].unsqueeze(1), self.negatives[indices]], 1)
            return batch
        known = self.known[indices]
        steps = torch.arange(int(known.max()))
        at = (self.windows.ends[indices] - known).unsqueeze(1) + steps
        valid = steps < known.unsqueeze(1)
        batch["seen"] = self.windows.taken[torch.where(valid, at, 0)] * valid
        return batch
