"""The network from observed places to what departs from constant velocity."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.models import Encoder
from attnframe.plugin.contract import Parts

SLOWEST = 0.05
"""What is added to the scale of a path, in the unit of the data: how far one walks in a frame who hardly moves."""


class WalkNetwork(nn.Module):
    r"""Blocks of attention over the displacements of a path, in a frame in which the last of them points ahead and
    their mean length is 1; a linear head tells by what each displacement to come differs from the last one.

    .. math:: \hat d_{t+h} = d_t + s R^\top r_h(R d / s), \qquad s = \mathrm{mean} \| d \| + \epsilon

    So where a path is turned, moved, or walked faster, what is told is turned, moved and faster too; and with r = 0,
    from which training starts, it is constant velocity.

    Args:
        parts: attention, position and model recipes. observed: places O. horizon: places H that are told.
    """

    def __init__(self, parts: Parts, observed: int, horizon: int) -> None:
        super().__init__()
        model = parts.model
        position = parts.build_position(max_length=observed - 1)
        ratio = getattr(model, "mlp_ratio", 4.0)
        self.horizon = horizon
        self.embed = nn.Linear(4, model.dim)
        self.encoder = Encoder(
            model.dim, model.depth, parts.attention, position, mlp_ratio=ratio, dropout=model.dropout
        )
        self.head = nn.Linear(model.dim, 2 * horizon)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, past: Tensor) -> Tensor:
        """Places (B, H, 2) after observed ones (B, O, 2), counted from the last of these."""
        moves = past.diff(dim=1)
        scale = torch.linalg.vector_norm(moves, dim=2).mean(1)[:, None, None] + SLOWEST
        turn = ahead(moves[:, -1])
        seen = (moves / scale) @ turn  # (B, O - 1, 2)
        way = (past[:, :-1] - past[:, -1:]) @ turn / (scale * moves.shape[1])  # from where each set out
        states: Tensor = self.encoder(self.embed(torch.cat([seen, way], 2)))
        differs = self.head(states[:, -1]).unflatten(1, (self.horizon, 2)) @ turn.transpose(1, 2)
        return (moves[:, -1:] + scale * differs).cumsum(1)


def ahead(move: Tensor) -> Tensor:
    """(B, 2, 2), by which rows (x, y) become (forwards, to the left) of a move (B, 2), and stay where nothing
    moves."""
    length = torch.linalg.vector_norm(move, dim=1, keepdim=True)
    still = length < 1e-6
    along = torch.where(still, move.new_tensor([1.0, 0.0]), move / length.clamp(min=1e-6))
    x, y = along.unbind(1)
    return torch.stack([torch.stack([x, -y], 1), torch.stack([y, x], 1)], 1)
