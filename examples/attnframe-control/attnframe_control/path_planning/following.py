"""Following moves from cell to cell."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe_control.path_planning.maps import FAR, MOVES


def legal(free: Tensor) -> Tensor:
    """(B, 8, H, W) whether a move leads to a free cell, of free cells (B, H, W)."""
    rows, columns = free.shape[1:]
    padded = torch.nn.functional.pad(free, (1, 1, 1, 1), value=False)
    return torch.stack([padded[:, 1 + y : 1 + y + rows, 1 + x : 1 + x + columns] for y, x in MOVES], 1)


def arrives(moves: Tensor, free: Tensor, goal: Tensor) -> Tensor:
    """(B, H, W) whether who follows the moves from a cell comes to the goal; who runs against a wall stays there.

    Where each cell leads is looked up again and again, twice as far each time, so that all starts are followed at once.

    Args:
        moves: (B, H, W) int64 numbers of `MOVES`. free, goal: (B, H, W) bool.
    """
    rows, columns = free.shape[1:]
    here = torch.arange(rows * columns, device=free.device).view(1, rows, columns)
    steps = torch.tensor([y * columns + x for y, x in MOVES], device=free.device)
    possible = legal(free).gather(1, moves.unsqueeze(1)).squeeze(1) & free & ~goal
    leads = torch.where(possible, here + steps[moves], here).flatten(1)
    for _ in range((rows * columns).bit_length()):
        leads = leads.gather(1, leads)
    return goal.flatten(1).gather(1, leads).view_as(free)


def path(moves: Tensor, free: Tensor, goal: Tensor, start: tuple[int, int]) -> list[tuple[int, int]]:
    """The cells from a start on, to the goal or to where it goes no further or in a circle.

    Args:
        moves: (H, W) int64. free, goal: (H, W) bool. start: row and column.
    """
    possible = legal(free.unsqueeze(0))[0]
    cells = [start]
    while not goal[cells[-1]]:
        row, column = cells[-1]
        move = int(moves[row, column])
        following = row + MOVES[move][0], column + MOVES[move][1]
        if not possible[move, row, column] or following in cells:
            break
        cells.append(following)
    return cells


def starts(distance: Tensor) -> Tensor:
    """(B, H, W) whether there is a path of at least one move."""
    return (distance > 0) & (distance < FAR)


def far_starts(distance: Tensor, share: float) -> Tensor:
    """The starts of each map that are farther from its goal than a share of them, ties included.

    Args:
        distance: (B, H, W). share: in [0, 1].
    """
    found = starts(distance)
    cuts = [
        torch.quantile(away[start].float(), share) if start.any() else away.new_tensor(0).float()
        for away, start in zip(distance, found, strict=True)
    ]
    return found & (distance >= torch.stack(cuts)[:, None, None])
