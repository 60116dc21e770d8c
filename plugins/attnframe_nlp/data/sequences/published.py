"""Published files of one set, fetched together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile


def ready_all(files: Iterable[PublishedFile], data_dir: Path) -> list[Path]:
    """The verified files, fetched where they are not there.

    Raises:
        DataError: naming each file that differs or cannot be fetched.
    """
    faults: list[Fault] = []
    found: list[Path] = []
    for file in files:
        try:
            found.append(file.ready(data_dir))
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    return found
