"""The contract of an attention variant. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, Recipe, frozen
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.masks import Mask
    from attnframe.positions.base import Position


@frozen
class AttentionVariant(Recipe, ABC):
    """Base of attention variants: a recipe that builds `Attention` layers.

    A variant of your own is a file with one subclass: a frozen, keyword-only dataclass that sets `name`, `summary`
    and `capabilities` and defines `build`. ``attention=path/to/file.py`` selects it;
    ``attnframe.testing.check_attention`` holds it to its declaration.

    Args:
        num_heads: query heads H; must divide the model width.
    """

    where: ClassVar[str] = "attention"
    name: ClassVar[str]
    """The name that ``attention=NAME`` selects."""
    summary: ClassVar[str]
    """One line: what it is, with paper and year."""
    capabilities: ClassVar[Capabilities]

    num_heads: Annotated[int, AtLeast(1)] = 4

    @abstractmethod
    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        """Make one layer.

        Args:
            dim: model width D.
            causal: whether a query sees only itself and what came before.
            position: a position module, shared between layers; None for none.
            context_dim: width of the context in cross attention; None when it is `dim`.
        """

    @classmethod
    def example(cls) -> AttentionVariant:
        """A small instance whose particulars show on a dozen tokens, for the conformance tests."""
        return cls()

    def own_mask(self, causal: bool) -> Mask:
        """What the variant itself lets a query see, besides the mask of a call and causality; everything by default."""
        from attnframe.masks import Full

        return Full()

    def rotary_width(self, dim: int) -> int:
        """Width of the features of a head that a rotary position turns, at model width `dim`."""
        return dim // self.num_heads

    def width_faults(self, dim: int) -> Iterable[Fault]:
        """What is wrong with this variant at model width `dim`."""
        if dim % self.num_heads:
            heads = ", ".join(str(h) for h in range(1, min(dim, 64) + 1) if dim % h == 0)
            yield self.fault("num_heads", f"must divide model.dim={dim}", f"Possible: {heads}.")
