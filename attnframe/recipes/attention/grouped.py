"""What variants whose query heads share key-value heads in groups have in common. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from typing import Annotated

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.base import AttentionVariant


@frozen
class GroupedVariant(AttentionVariant, ABC):
    """Base of variants with fewer key-value heads than query heads.

    Args:
        num_heads: query heads H; must divide the model width.
        num_kv_heads: key-value heads K, at least 1; must divide `num_heads`.
    """

    num_kv_heads: Annotated[int, AtLeast(1)] = 2

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.num_heads % self.num_kv_heads:
            possible = ", ".join(str(k) for k in range(1, self.num_heads + 1) if self.num_heads % k == 0)
            yield self.fault("num_kv_heads", f"must divide num_heads={self.num_heads}", f"Possible: {possible}.")
