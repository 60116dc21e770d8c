"""The decode-once cache: a set of pictures as memory-mapped arrays, keyed by what it was decoded from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy.typing as npt

from attnframe.plugin.kept import Kept, kept

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
    stored there; see `attnframe.plugin.kept`. The key is the sha256 of the source's fingerprint.

    Raises:
        DataError: with every fault of the source, or when the cache cannot be written.
    """

    def decoded() -> Kept:
        read = source.read()
        return Kept(read.arrays(), read.about())

    key = hashlib.sha256(f"{FORMAT}\n{source.fingerprint()}".encode()).hexdigest()
    found, digest = kept(cache_dir / "vision" / f"{source.name}-{key[:16]}", decoded)
    return source.restore(found.arrays, dict(found.about)), digest
