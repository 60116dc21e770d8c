"""The decode-once cache: a set of pictures as memory-mapped arrays, keyed by what it was decoded from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

FORMAT = 2
"""Raised whenever the layout of the cache or the decoding changes, so that older caches are not read."""

Arrays = Mapping[str, npt.NDArray[Any]]


class Decoded(Protocol):
    """A decoded set that the cache can keep: arrays by name, each with one row a picture, and plain values."""

    def arrays(self) -> Arrays: ...

    def about(self) -> dict[str, Any]: ...


D_co = TypeVar("D_co", bound=Decoded, covariant=True)


class Decodable(Protocol[D_co]):
    """Where a decoded set comes from.

    `fingerprint` changes whenever `read` would give something else and is cheap beside it; `restore` makes the set
    again of its arrays and plain values.
    """

    name: str

    def fingerprint(self) -> str: ...

    def read(self) -> D_co: ...

    def restore(self, arrays: Arrays, about: dict[str, Any]) -> D_co: ...


def load(source: Decodable[D_co], cache_dir: Path) -> tuple[D_co, str]:
    """The set of a source and the sha256 (hex) of what was decoded, from the cache if it holds them, else decoded and
    stored there.

    The arrays come back as copy-on-write memory maps: batches are read from the file cache, and nothing can change the
    files. A cache that cannot be read is made again. The key is the sha256 of the source's fingerprint; the folder
    appears whole or not at all.

    Raises:
        DataError: with every fault of the source.
    """
    key = hashlib.sha256(f"{FORMAT}\n{source.fingerprint()}".encode()).hexdigest()
    folder = cache_dir / "vision" / f"{source.name}-{key[:16]}"
    try:
        return _open(source, folder)
    except (OSError, ValueError, KeyError):
        _store(source.read(), folder)
        return _open(source, folder)


def _open(source: Decodable[D_co], folder: Path) -> tuple[D_co, str]:
    kept = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="c") for name in kept["shapes"]}
    if any(list(array.shape) != kept["shapes"][name] for name, array in arrays.items()):
        raise ValueError(f"{folder} does not hold what it says")
    return source.restore(arrays, kept["about"]), kept["digest"]


def _store(decoded: Decoded, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))
    arrays = decoded.arrays()
    try:
        for name, array in arrays.items():
            np.save(made / f"{name}.npy", array)
        kept = {
            "shapes": {name: list(array.shape) for name, array in arrays.items()},
            "about": decoded.about(),
            "digest": digest(decoded),
        }
        (made / "about.json").write_text(json.dumps(kept), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(made, folder)
    except OSError:
        if not folder.is_dir():  # otherwise another process stored the same pictures first
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def digest(decoded: Decoded) -> str:
    """sha256 (hex) of the arrays, their shapes and the plain values."""
    arrays = decoded.arrays()
    shapes = {name: array.shape for name, array in arrays.items()}
    found = hashlib.sha256(json.dumps([shapes, decoded.about()]).encode())
    for array in arrays.values():
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
