"""`attnframe train`: one run, a sweep of runs, or a run that goes on."""

from __future__ import annotations

import secrets
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from attnframe.cli.arguments import Arguments, split_arguments, take
from attnframe.cli.screen import show_error, show_faults, show_notices
from attnframe.errors import AttnframeError, ConfigurationError, Fault
from attnframe.runs.folder import RunFolder


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe train --help`. Returns the exit code."""
    arguments = split_arguments(argv)
    taken, others = take(arguments.overrides, ["resume"])
    if "resume" in taken:
        return _resume(taken["resume"], others)
    if "--hydra-help" in arguments.shown:
        return _through_hydra(["--hydra-help"], lambda config: None)
    return _show(arguments) if arguments.shown else _sweep(arguments) if arguments.sweep else _single(arguments)


def _resume(text: str, others: Sequence[str]) -> int:
    from attnframe.config.literal import user_path

    if others:
        works = f"Write attnframe train resume={text}."
        raise ConfigurationError(Fault("resume", "must stand alone: a run goes on as it began", " ".join(others), works))
    folder = RunFolder(user_path(text))
    folder.read_config()  # before torch is imported: a folder that is no run is refused at once

    def work() -> None:
        from attnframe.training.run import resume

        resume(folder.path)

    return guarded("train", folder, work)


def _show(arguments: Arguments) -> int:
    """`--cfg`, `--info`: what Hydra shows of the composed configuration; of the first point in a sweep."""
    from attnframe.config.check import check

    checked = check(arguments.overrides, sweep=arguments.sweep, extra=arguments.folders)
    return _through_hydra([*arguments.shown, *checked.points[0]], lambda config: None)


def _single(arguments: Arguments) -> int:
    from attnframe.config.check import check
    from attnframe.config.literal import literal

    checked = check(arguments.overrides, extra=arguments.folders)
    plan = checked.plans[0]
    folder = RunFolder(checked.folder or Path("runs", f"{plan.plugin.name}-{plan.task.name}", _stamp()).absolute())
    if folder.config.exists():
        works = f"Go on with it: attnframe train resume={folder.path}; or choose another folder."
        raise ConfigurationError(Fault("hydra.run.dir", "must not hold a run already", str(folder.path), works))
    parents = [parent for parent in folder.path.parents if not parent.exists()]
    codes: list[int] = []

    def job(config: Any) -> None:
        from attnframe.training.job import run_job

        codes.append(guarded("train", folder, lambda: run_job(config, folder.path, arguments.overrides)))

    _through_hydra([*checked.lines, f"hydra.run.dir={literal(str(folder.path))}"], job)
    if not folder.path.exists():  # the configuration turned out wrong: leave nothing behind
        for parent in parents:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
    return codes[0] if codes else 1
