"""`attnframe train`: one run, a sweep of runs, or a run that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attnframe.api import new_run_folder
from attnframe.cli.arguments import Arguments, split_arguments, take
from attnframe.cli.job import INTERRUPTED, guarded, published_beside, report_on, run_job
from attnframe.cli.screen import show_notices
from attnframe.errors import ConfigurationError, Fault
from attnframe.runs.folder import RunFolder

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from attnframe.plan import RunPlan


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe train --help`. Returns the exit code."""
    arguments = split_arguments(argv)
    taken, others = take(arguments.overrides, ["resume"])
    if "resume" in taken:
        return _resume(taken["resume"], others)
    return _show(arguments) if arguments.shown else _sweep(arguments) if arguments.sweep else _single(arguments)


def _resume(text: str, others: Sequence[str]) -> int:
    from attnframe.config.literal import user_path

    if others:
        works = f"Write attnframe train resume={text}."
        must = "must stand alone: a run goes on as it began"
        raise ConfigurationError(Fault("resume", must, " ".join(others), works))
    folder = RunFolder(user_path(text))
    folder.read_config()  # before torch is imported: a folder that is no run is refused at once

    def work() -> None:
        from attnframe.training.run import resume

        resume(folder.path)

    code = guarded(folder, work)
    report_on(folder, code)
    return code


def _show(arguments: Arguments) -> int:
    """`--cfg`, `--info`: what Hydra shows of the composed configuration; of the first point in a sweep."""
    from attnframe.config.check import check
    from attnframe.config.program import through_hydra

    if "--hydra-help" in arguments.shown:
        through_hydra(["--hydra-help"], lambda config: None)
        return 0
    checked = check(arguments.overrides, sweep=arguments.sweep, extra=arguments.folders)
    through_hydra([*arguments.shown, *checked.points[0]], lambda config: None)
    return 0


def _single(arguments: Arguments) -> int:
    from attnframe.config.check import check
    from attnframe.config.program import through_hydra

    checked = check(arguments.overrides, extra=arguments.folders)
    folder = RunFolder(checked.folder or _new_folder(checked.plans))
    if folder.config.exists():
        works = f"Go on with it: attnframe train resume={folder.path}; or choose another folder."
        raise ConfigurationError(Fault("hydra.run.dir", "must not hold a run already", str(folder.path), works))
    parents = [parent for parent in folder.path.parents if not parent.exists()]
    codes: list[int] = []

    def job(config: DictConfig) -> None:
        codes.append(run_job(config, arguments.overrides, arguments.folders))

    through_hydra([*checked.lines, _folder_override("run", folder.path)], job)
    if not folder.path.exists():  # the configuration turned out wrong: leave nothing behind
        for parent in parents:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
    return codes[0] if codes else 1


def _sweep(arguments: Arguments) -> int:
    from attnframe.config.check import check
    from attnframe.config.program import through_hydra
    from attnframe.runs.summary import read_rows, summary_table, write_summary

    checked = check(arguments.overrides, sweep=True, dry_run=True, extra=arguments.folders)
    show_notices(checked.notices)
    folder = checked.folder or _new_folder(checked.plans)
    folders = arguments.folders

    def job(config: DictConfig) -> None:
        if run_job(config, None, folders) == INTERRUPTED:
            raise KeyboardInterrupt

    interrupted = False
    try:
        through_hydra(["--multirun", *checked.lines, _folder_override("sweep", folder)], job)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        rows = read_rows(folder)
        if rows:
            write_summary(folder, rows)
            print(f"\n{summary_table(rows)}\n\nSummary: {folder / 'summary.md'}")
            from attnframe.report import write_sweep_report

            if report := write_sweep_report(folder, published_beside(arguments.overrides)):
                print(f"Report: {report}")
    return INTERRUPTED if interrupted else int(not rows or any(row.errors for row in rows))


def _new_folder(plans: Sequence[RunPlan]) -> Path:
    """``runs/<plugin>-<task>/<time>-<id>``; ``runs/sweep/<time>-<id>`` for a sweep over several tasks."""
    folder = new_run_folder(plans[0]).absolute()
    one_task = len({plan.task.name for plan in plans}) == 1
    return folder if one_task else folder.parents[1] / "sweep" / folder.name


def _folder_override(mode: str, folder: Path) -> str:
    from attnframe.config.literal import literal

    return f"hydra.{mode}.dir={literal(str(folder))}"
