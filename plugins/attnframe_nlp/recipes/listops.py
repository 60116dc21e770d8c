"""`data=listops`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, Between, frozen
from attnframe_nlp.recipes.labelled_texts import LabelledTexts

if TYPE_CHECKING:
    from attnframe_nlp.data.labelled.texts import TextSource


@frozen
class ListOps(LabelledTexts):
    """Short nested lists of operations on digits, whose value is to be told (ListOps, Nangia and Bowman 2018,
    https://arxiv.org/abs/1804.06028; a task of the Long Range Arena, Tay et al. 2021, https://arxiv.org/abs/2011.04006),
    generated with seed 0: maximum, minimum, median and sum modulo 10. Each expression occurs once.

    Args:
        max_length: most tokens of an expression, brackets counted.
        nesting: most lists inside one another.
        arguments: most elements of a list.
        examples: number of expressions.
    """

    name: ClassVar[str] = "listops"
    summary: ClassVar[str] = "values of nested lists of operations on digits (ListOps 2018; made here, no network)"

    lowercase: bool = False
    min_count: Annotated[int, AtLeast(1)] = 1
    split: tuple[float, float, float] = (0.8, 0.1, 0.1)
    max_length: Annotated[int, AtLeast(8)] = 48
    nesting: Annotated[int, Between(1, 10)] = 3
    arguments: Annotated[int, Between(2, 10)] = 4
    examples: Annotated[int, AtLeast(100)] = 8000

    def source(self, data_dir: Path) -> TextSource:
        from attnframe_nlp.data.labelled.listops import ListOpsSource

        return ListOpsSource(self.examples, self.max_length, self.nesting, self.arguments)
