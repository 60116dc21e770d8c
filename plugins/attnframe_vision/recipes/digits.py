"""`data=digits`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_vision.recipes.pictures import PictureData, nominal

if TYPE_CHECKING:
    from attnframe_vision.data.module import PictureModule

LEAST_SHARE = 0.01
"""Share of the digits in which every class still occurs."""


@frozen
class Digits(PictureData):
    """1,797 handwritten digits of 8 x 8 grey pixels (Alpaydin and Kaynak 1998), shipped with scikit-learn.

    Split at random, stratified, with seed 0: by `split`, or with one of five folds for test.
    """

    name: ClassVar[str] = "digits"
    summary: ClassVar[str] = (
        "1,797 handwritten digits, 8 x 8 grey, embedded in scikit-learn (UCI, CC BY 4.0; no network)"
    )

    folds: ClassVar[int] = 5

    split: tuple[float, float, float] = (0.64, 0.16, 0.2)
    crop: float = 0.5
    rotate: float = 10.0
    zoom: float = 0.1

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) < LEAST_SHARE:
            yield self.fault("split", f"must give each part at least {LEAST_SHARE}", "Try [0.64,0.16,0.2].")

    def nominal_facts(self) -> Facts:
        return nominal(tuple("0123456789"), 1, 8, 8)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> PictureModule:
        from attnframe_vision.data.digits import DigitsSource
        from attnframe_vision.data.module import PictureModule

        return PictureModule(self, DigitsSource(self.split, self.fold), cache_dir)
