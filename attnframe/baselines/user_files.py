"""Overrides of a baseline that stands for a user's own files, which are written for it."""

from __future__ import annotations

import pkgutil
import shutil
import tempfile
from pathlib import Path

from attnframe.baselines.definition import Definition
from attnframe.plan_from import data_folder

FILES = "FILES"
"""What stands in the overrides for the folder of the files."""


def with_files(row: Definition, folder: Path) -> tuple[str, ...]:
    """The overrides of a row, its files written; they are written once, whole or not at all.

    Args:
        row: the definition.
        folder: its runs are in; the files go to ``folder/files``.

    Raises:
        DataError: when what the files are made of is not there.
    """
    if row.files is None:
        return row.overrides
    files = folder / "files"
    if not files.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=folder, prefix=".files."))
        try:
            pkgutil.resolve_name(row.files)(partial, data_folder(None))
            partial.rename(files)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return tuple(override.replace(FILES, str(files)) for override in row.overrides)


def remove_files(folder: Path) -> None:
    """Remove what `with_files` wrote to a folder, and the folder when nothing else lies in it."""
    shutil.rmtree(folder / "files", ignore_errors=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
