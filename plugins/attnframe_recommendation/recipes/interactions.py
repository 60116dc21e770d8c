"""Settings that all data of sequential recommendation share. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen

Protocol = Literal["full", "sasrec-100neg", "99neg-file", "pop-100neg"]


@frozen
class InteractionData(DataRecipe, ABC):
    """Who took which item when. The last item of each user tests, the one before it validates; users with fewer than
    three events only train.

    Args:
        batch_size: users a step.
        max_length: most items of a history that are read back.
        protocol: what the true item is ranked against: ``full``, all items but those seen before; ``sasrec-100neg``,
            100 drawn uniformly that the user never took (Kang and McAuley 2018); ``pop-100neg``, 100 drawn by
            popularity (Sun et al. 2019); ``99neg-file``, those of a file (Zhou et al. 2020).
        negatives: file of ``99neg-file``, a line for each user: user item item ...
        val_users: most users that validate, drawn with seed 0; null for all. All users test.
    """

    has_times: ClassVar[bool] = False
    """Whether events have timestamps."""
    describes: ClassVar[bool] = False
    """Whether items may have attributes or titles."""

    batch_size: Annotated[int, AtLeast(1)] = 128
    max_length: Annotated[int, AtLeast(2)] = 50
    protocol: Protocol = "full"
    negatives: str | None = None
    val_users: Annotated[int, AtLeast(1)] | None = None

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.protocol == "99neg-file" and self.negatives is None:
            yield self.fault("negatives", "must be a file with protocol=99neg-file", "Give data.negatives=FILE.")
        if self.protocol != "99neg-file" and self.negatives is not None:
            yield self.fault("negatives", "must be null unless protocol=99neg-file", "Give data.protocol=99neg-file.")


def nominal(items: int, max_length: int, *, times: bool = False, attributes: Sequence[str] = ()) -> Facts:
    """Facts of interactions as they are known before these are read."""
    return {
        "items": [str(number) for number in range(items)],
        "titles": [],
        "attributes": list(attributes),
        "item_attributes": ["1"] * items if attributes else [],
        "users": [],
        "histories": [],
        "times": [""] if times else [],
        "max_length": max_length,
    }
