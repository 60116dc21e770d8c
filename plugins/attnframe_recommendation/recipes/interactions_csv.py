"""`data=interactions_csv data.path=FILE`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_recommendation.recipes.interactions import InteractionData, nominal

if TYPE_CHECKING:
    from attnframe_recommendation.data.module import InteractionModule


@frozen
class InteractionsCsv(InteractionData):
    """A user's own interactions: a file ``user,item,timestamp``, or a folder with that as ``interactions.csv`` and
    ``items.csv``: item, title, and a column for each attribute, values in a cell parted by ``|``.

    Rows may stand in any order; events of one time keep that of the file.
    """

    name: ClassVar[str] = "interactions_csv"
    summary: ClassVar[str] = (
        "your own interactions: user,item,timestamp, items described or not (data.path=FILE or DIR)"
    )
    has_times: ClassVar[bool] = True
    describes: ClassVar[bool] = True

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a file user,item,timestamp or a folder with it", "Give data.path=FILE.")

    def nominal_facts(self) -> Facts:
        return nominal(100, self.max_length, times=True, attributes=("title=a",))

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> InteractionModule:
        from attnframe_recommendation.data.interactions_csv import read_interactions_csv
        from attnframe_recommendation.data.module import InteractionModule

        if self.path is None:
            raise ConfigurationError(self.fault("path", "must be a file user,item,timestamp or a folder with it"))
        path = Path(self.path)
        return InteractionModule(self, lambda: read_interactions_csv(path), seed)
