"""No restriction."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.masks.base import Extent, Indices, Mask


@dataclass(frozen=True, eq=False, repr=False)
class Full(Mask):
    """Every query may attend every key."""

    def allows(self, at: Indices) -> Tensor:
        return torch.ones_like(at.key, dtype=torch.bool)

    def query_run(self, tokens: int | None) -> int:
        return 0

    @property
    def sees_self(self) -> bool:
        return True

    def may_hide_all(self, extent: Extent) -> bool:
        return extent.keys == 0
