"""`model=hierarchical`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import AtLeast, frozen
from attnframe_vision.recipes.stem import StemmedModel

if TYPE_CHECKING:
    from attnframe_vision.networks.hierarchical import HierarchicalNetwork


@frozen
class ImageHierarchy(StemmedModel, TransformerRecipe):
    """Hierarchical attention: the tokens of a row or region make one vector, the rows or regions the picture's (Yang et
    al. 2016, https://aclanthology.org/N16-1174).

    `depth` counts the blocks of each of the two levels.

    Args:
        region: side of the square regions in tokens, a divisor of both sides of the grid of tokens; null for whole
            rows.
        pool: what makes one vector of tokens, and of regions: ``attention`` asked by a learned vector, or, as a
            control, the ``mean``.
    """

    name: ClassVar[str] = "hierarchical"
    summary: ClassVar[str] = "tokens make rows or regions, and those a picture (Yang et al. 2016)"

    region: Annotated[int, AtLeast(1)] | None = None
    pool: Literal["attention", "mean"] = "attention"

    def size_faults(self, height: int, width: int) -> Iterable[Fault]:
        found = [*super().size_faults(height, width)]
        yield from found
        if found or self.region is None:
            return
        rows, columns = self.grid(height, width)
        if rows % self.region or columns % self.region:
            possible = ", ".join(str(r) for r in range(1, min(rows, columns) + 1) if rows % r == 0 and columns % r == 0)
            must = f"must divide the {rows} x {columns} tokens of the picture"
            yield self.fault("region", must, f"Possible: {possible}.")

    def build(self, parts: Parts, channels: int, height: int, width: int) -> HierarchicalNetwork:
        from attnframe_vision.networks.hierarchical import HierarchicalNetwork

        return HierarchicalNetwork(self, parts, channels, height, width)
