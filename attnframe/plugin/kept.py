"""Arrays that are made once and kept: generated data, decoded files. They stand in a folder whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault


@dataclass(frozen=True)
class Kept:
    """What is kept.

    Args:
        arrays: by name, which is that of a file.
        about: plain values, as JSON holds them.
    """

    arrays: Mapping[str, npt.NDArray[Any]]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """sha256 (hex) of the arrays, their shapes and the plain values."""
        shapes = {name: array.shape for name, array in self.arrays.items()}
        found = hashlib.sha256(json.dumps([shapes, dict(self.about)]).encode())
        for array in self.arrays.values():
            found.update(np.ascontiguousarray(array).data)
        return found.hexdigest()


def kept(folder: Path, make: Callable[[], Kept]) -> tuple[Kept, str]:
    """What a folder of the cache holds, with its digest; made and stored there where it holds nothing.

    The arrays come back as copy-on-write memory maps: rows are read from the file cache, and nothing can change the
    files. A folder that cannot be read is made again. Processes may do this at once: the folder appears whole.

    Args:
        folder: below ``cache_dir``; its name must change whenever `make` would give something else.
        make: called where there is nothing; what it raises leaves nothing behind.

    Raises:
        DataError: when the folder cannot be written.
    """
    try:
        return _open(folder)
    except (OSError, ValueError, KeyError):
        made = make()
    try:
        _store(made, folder)
    except OSError as error:
        must = f"must take {folder}"
        raise DataError(Fault("The cache folder", must, error.strerror or str(error))) from error
    return _open(folder)


def _open(folder: Path) -> tuple[Kept, str]:
    told = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="c") for name in told["shapes"]}
    if any(list(array.shape) != told["shapes"][name] for name, array in arrays.items()):
        raise ValueError(f"{folder} does not hold what it says")
    return Kept(arrays, told["about"]), told["digest"]


def _store(made: Kept, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))
    try:
        for name, array in made.arrays.items():
            np.save(beside / f"{name}.npy", array)
        told = {
            "shapes": {name: list(array.shape) for name, array in made.arrays.items()},
            "about": dict(made.about),
            "digest": made.digest,
        }
        (beside / "about.json").write_text(json.dumps(told), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(beside, folder)
    except OSError:
        if not folder.is_dir():  # otherwise another process stored the same first
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
