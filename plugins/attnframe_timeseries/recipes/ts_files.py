"""`data=ts_files data.path=DIR`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_timeseries.recipes.series_data import SeriesData, nominal

if TYPE_CHECKING:
    from attnframe_timeseries.data.series_module import SeriesModule

MUST = "must be a folder with NAME_TRAIN.ts and NAME_TEST.ts"


@frozen
class TsFiles(SeriesData):
    """A user's own series in the archives' text format: a folder with ``NAME_TRAIN.ts`` and ``NAME_TEST.ts``. A missing
    test part is cut off by `split`, stratified, with seed 0, and so is validation.
    """

    name: ClassVar[str] = "ts_files"
    summary: ClassVar[str] = "your own labelled series: NAME_TRAIN.ts and NAME_TEST.ts (data.path=DIR)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", MUST, "Give data.path=DIR.")

    def nominal_facts(self) -> Facts:
        return nominal(("a", "b"), 2, 100)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SeriesModule:
        from attnframe_timeseries.data.series_module import SeriesModule
        from attnframe_timeseries.data.ts_files import read_ts_files

        if self.path is None:
            raise ConfigurationError(self.fault("path", MUST))
        folder = Path(self.path)
        return SeriesModule(self, lambda: read_ts_files(folder))
