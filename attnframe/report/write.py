"""Writing reports at the end of runs, which they can never harm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from attnframe.report.run_page import run_page
from attnframe.report.sweep_page import sweep_page
from attnframe.runs.atomic import write_text
from attnframe.runs.folder import RunFolder

log = logging.getLogger("attnframe")


def write_run_report(folder: Path, published: Sequence[str] = ()) -> Path | None:
    """Write ``report.html`` into the folder of a run that has ended, well or not.

    Args:
        folder: the run folder. published: numbers to compare with, in words.

    Returns:
        The file; None after a warning when it could not be made, or when the run has no result yet.
    """
    run = RunFolder(folder)
    return _written(run.report, lambda: run_page(run, published)) if run.result.is_file() else None


def write_sweep_report(folder: Path, published: Sequence[str] = ()) -> Path | None:
    """Write ``report.html`` into the folder of a sweep.

    Args:
        folder: the sweep folder. published: numbers to compare with, in words.

    Returns:
        The file; None after a warning when it could not be made.
    """
    path = folder / RunFolder(folder).report.name
    return _written(path, lambda: sweep_page(folder, published))


def _written(path: Path, make: Callable[[], str]) -> Path | None:
    try:
        write_text(path, make())
    except Exception as error:  # whatever it is: the run has ended, and its result stands
        log.warning("No report was written to %s: %s: %s", path, type(error).__name__, error)
        return None
    return path
