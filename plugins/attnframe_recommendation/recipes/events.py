"""Settings that all data of click prediction share. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Mapping
from typing import Annotated

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen


@frozen
class EventData(DataRecipe, ABC):
    """Events that happened or not, split at random with seed 0 by `split` where the data brings no split of its own.

    Args:
        batch_size: events a step.
        max_history: most items of a user's history that are read back.
    """

    batch_size: Annotated[int, AtLeast(1)] = 512
    max_history: Annotated[int, AtLeast(1)] = 20

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) <= 0:
            yield self.fault("split", "must leave some of the events to each part", "Try [0.8,0.1,0.1].")


def nominal(sizes: Mapping[str, int], *, many: Mapping[str, int] | None = None, history_of: str = "") -> Facts:
    """Facts of events as they are known before these are read.

    Args:
        sizes: number of values by field. many: likewise of fields with many values. history_of: the field that a
            history lists the values of; empty for no history.
    """

    def plain(name: str, kind: str, size: int = 0, of: str = "") -> dict[str, object]:
        return {"name": name, "kind": kind, "values": [str(n) for n in range(size)], "edges": [], "of": of}

    fields = [plain(name, "one", size) for name, size in sizes.items()]
    fields += [plain(name, "many", size) for name, size in (many or {}).items()]
    if history_of:
        fields.append(plain("history", "history", of=history_of))
    return {"fields": fields}
