"""One run inside Hydra: from the composed configuration to the exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attnframe.cli.screen import show_error, show_faults
from attnframe.errors import AttnframeError, ConfigurationError, RunError
from attnframe.runs.folder import RunFolder
from attnframe.runs.result import new_result

if TYPE_CHECKING:
    from omegaconf import DictConfig

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done; the run failed; the configuration or input is wrong; interrupted."""


def run_job(config: DictConfig, typed: Sequence[str] | None, extra: Sequence[Path]) -> int:
    """Write the run folder's configuration, then train; torch is imported in between.

    Args:
        config: what Hydra composed.
        typed: the overrides as typed; None for a point of a sweep, whose own overrides are noted and whose failures
            stay on disk.
        extra: further folders of options.

    Returns:
        The exit code.
    """
    from hydra.core.hydra_config import HydraConfig

    from attnframe.config.check import resolve
    from attnframe.config.composer import plain
    from attnframe.plan_from import plan_from_values

    hydra = HydraConfig.get()
    folder = RunFolder(Path(hydra.runtime.output_dir))
    point = [override for override in hydra.overrides.task if not override.startswith("recipe/")]
    plan = plan_from_values(resolve(plain(config), hydra.overrides.task, extra), point if typed is None else typed)
    folder.begin(plan.values, plan.overrides)

    def work() -> None:
        from attnframe.training.dry_run import dry_run
        from attnframe.training.run import train

        dry_run(plan)
        train(plan, folder.path)

    def note(error: ConfigurationError) -> None:
        folder.begin(plan.values, plan.overrides)
        folder.write_result({**new_result(plan), "error": str(error)})

    code = guarded(folder, work, note if typed is None else None)
    report_on(folder, code, told=typed is not None)
    return code


def report_on(folder: RunFolder, code: int, told: bool = True) -> None:
    """Write ``report.html`` of a run that ended, well or not.

    Args:
        folder: of the run. code: its exit code. told: whether the user reads where it is.
    """
    if code not in (DONE, FAILED):
        return
    from attnframe.report import write_run_report

    path = write_run_report(folder.path, published_beside(folder.read_config()[1]))
    if path is not None and told:
        print(f"Report: {path}")


def published_beside(overrides: Sequence[str]) -> list[str]:
    """Published numbers for a command, in words; none where a plugin's list of them cannot be read."""
    from attnframe.baselines.published import published_for

    try:
        return published_for(overrides)
    except AttnframeError:
        return []


def guarded(
    folder: RunFolder, work: Callable[[], None], note: Callable[[ConfigurationError], None] | None = None
) -> int:
    """Run `work` and turn whatever it raises into an exit code and one screen.

    Args:
        folder: the run folder; what turned out wrong before it was trained leaves none.
        work: the run.
        note: called with what is wrong when the folder shall stay nevertheless, as in a sweep, whose summary has a row
            for it.
    """
    try:
        work()
    except ConfigurationError as error:
        folder.withdraw()
        show_faults("train", error.faults)
        if note is not None:
            note(error)
        return WRONG
    except RunError as error:
        show_error("train", str(error))
        return FAILED
    except KeyboardInterrupt:
        result = folder.read_result()
        if result is None or result["status"] != "interrupted":  # else the resume line was printed where it was noted
            print(f"Interrupted. Go on with: attnframe train resume={folder.path}", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:  # whatever it is, the user sees one screen and the trace is kept
        with open(folder.log, "a", encoding="utf-8") as log:
            log.write(traceback.format_exc())
        show_error("train", f"{type(error).__name__}: {error}. The trace is in {folder.log}.")
        return FAILED
    return DONE
