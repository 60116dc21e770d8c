"""Published files: where they are looked for, whether they are the ones that were published, and fetching them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attnframe.errors import DataError, Fault

BLOCK = 1 << 20
"""Bytes hashed at a time."""


def absent(name: str, data_dir: Path, looked_for: Sequence[Path]) -> DataError:
    """The error of a data set whose files are in none of the places where they may be."""
    places = " or ".join(str(path) for path in looked_for)
    works = f"Fetch it with: attnframe download data={name} data_dir={data_dir}"
    return DataError(Fault(f"data={name}", f"must be at {places}", "no such files", works))


def checksum_faults(name: str, checksums: Mapping[Path, str]) -> list[Fault]:
    """A fault for each file whose checksum differs from the published one (32 hex digits: md5, 64: sha256)."""
    found = []
    for path, expected in checksums.items():
        with open(path, "rb") as file:
            algorithm = "md5" if len(expected) == 32 else "sha256"
            found_hash = hashlib.new(algorithm)
            while block := file.read(BLOCK):
                found_hash.update(block)
        got = found_hash.hexdigest()
        if got != expected:
            works = f"Delete it and run: attnframe download data={name}"
            found.append(
                Fault(str(path), f"must be the published file ({algorithm} {expected})", f"{algorithm} {got}", works)
            )
    return found


def stamp(path: Path) -> str:
    """Name, size and time of change of a file: a cheap fingerprint."""
    about = path.stat()
    return f"{path.name} {about.st_size} {about.st_mtime_ns}"


def fetch(name: str, data_dir: Path, *makers: Callable[[], Any]) -> None:
    """Run torchvision's downloads, with what goes wrong told as a `DataError`."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        for make in makers:
            make()
    except (OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        works = "Check the network and that data_dir can be written, or copy the files there from another machine."
        raise DataError(Fault(f"data={name}", f"must be fetched into {data_dir}", reason, works)) from error
