"""Settings of explanations. Torch-free."""

from __future__ import annotations

from typing import Annotated, ClassVar

from attnframe.recipe import AtLeast, Recipe, frozen


@frozen
class ExplainRecipe(Recipe):
    """What is explained, and how well it is tested.

    Args:
        inputs: most inputs that are explained, the first ones; each has a section of the page.
        named: the one input that is explained, by the name that `predict` gives it (a node, a line, a user); null for
            the first ones.
        orders: random orders of deletion that the maps are held against.
        steps: points of a curve of deletion.
        heads: most heads that are drawn one by one.
    """

    where: ClassVar[str] = "explain"

    inputs: Annotated[int, AtLeast(1)] = 2
    named: str | None = None
    orders: Annotated[int, AtLeast(2)] = 10
    steps: Annotated[int, AtLeast(2)] = 16
    heads: Annotated[int, AtLeast(0)] = 24
