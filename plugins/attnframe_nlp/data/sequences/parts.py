"""The rows of each part."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_nlp.data.source import PARTS


def rows_of(parts: npt.NDArray[np.uint8], what: str) -> dict[str, npt.NDArray[np.int64]]:
    """The rows of train, val and test, by the part's name.

    Args:
        parts: (N,) `TRAIN`, `VAL` or `TEST`. what: what the rows are, for the error.

    Raises:
        DataError: naming every part without rows.
    """
    found = {name: np.flatnonzero(parts == part) for name, part in zip(PARTS, (TRAIN, VAL, TEST), strict=True)}
    works = f"Give more {what}, or each part a share with data.split=[0.8,0.1,0.1]."
    faults = [Fault(f"The {name} part", f"must hold {what}", "none", works) for name in PARTS if not len(found[name])]
    if faults:
        raise DataError(faults)
    return found
