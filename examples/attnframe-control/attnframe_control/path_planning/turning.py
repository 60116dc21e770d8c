"""The eight ways to turn and mirror a map."""

from __future__ import annotations

from torch import Tensor

from attnframe_control.path_planning.maps import MOVES


def turned(batch: dict[str, Tensor], way: int) -> dict[str, Tensor]:
    """A batch of `MapModule` with all of its maps turned and mirrored alike; those that are not square are only
    mirrored.

    Args:
        batch: of the data. way: 0 to 7, whose bits mirror left and right, top and bottom, and rows and columns.
    """
    across, upside, corner = way & 1, way & 2, way & 4
    square = batch["free"].shape[1] == batch["free"].shape[2]
    found = {}
    for name, part in batch.items():
        if across:
            part = part.flip(-1)
        if upside:
            part = part.flip(-2)
        found[name] = part.transpose(-1, -2) if corner and square else part
    places = []
    for down, right in MOVES:
        down, right = (right, down) if corner and square else (down, right)
        places.append(MOVES.index((-down if upside else down, -right if across else right)))
    found["shortest"] = found["shortest"][:, places]
    return found
