"""Records a registered baseline: its repeats are trained by `attnframe train`, and what their files say is kept."""

from __future__ import annotations

import json
import signal
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Any

from attnframe.baselines.definition import Definition
from attnframe.baselines.user_files import with_files
from attnframe.errors import ConfigurationError, Fault, RunError
from attnframe.runs.folder import RunFolder

RESULT = (
    "seed",
    "status",
    "metrics",
    "floor",
    "parameters",
    "seconds",
    "throughput",
    "data_wait",
    "peak_memory_bytes",
)
"""What a record keeps of the result of a run."""


def record(row: Definition, folder: Path, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Train every repeat of a row and give its record; what is in the folder already is not run again.

    Args:
        row: the definition.
        folder: of the runs, one folder each.
        known: an earlier record of the row, whose repeats are kept; None to train all of them.

    Raises:
        ConfigurationError: when the folder holds other runs, or the earlier record is of another command or other data.
        RunError: when a run failed.
        KeyboardInterrupt: when a run was interrupted; the next call goes on with it.
    """
    kept = {} if known is None else _kept(row, known)
    missing = [repeat for repeat in row.repeated if repeat not in kept]
    overrides = with_files(row, folder)
    folders = {repeat: _run_folder(row, folder, repeat, missing) for repeat in missing}
    for repeat, run in folders.items():
        _must_be_of_the_row(run, [*overrides, repeat])
    seconds = None if missing or known is None else known.get("wall_seconds")
    if row.together and not all(map(_is_done, folders.values())):
        whole = not kept and not any(run.config.exists() for run in folders.values())
        taken = _sweep(row, overrides, missing, folder)
        seconds = taken if whole else None
    else:
        for repeat, run in folders.items():
            _train(run, [*overrides, repeat])
    found = {**kept, **{repeat: {"repeat": repeat} | _told(run) for repeat, run in folders.items()}}
    runs = [found[repeat] for repeat in row.repeated]
    hashes = {one["data_hash"] for one in runs}
    if len(hashes) > 1 and "data.fold" not in row.repeats:
        raise ConfigurationError(
            Fault("add", "must add to a record of the same data", " and ".join(sorted(hashes)), "Leave add=true out.")
        )
    values = [one["metrics"][row.metric] for one in runs]
    mean = statistics.fmean(values)
    return {
        "command": row.command,
        "protocol": row.protocol,
        "published": row.published_text,
        "metric": row.metric,
        "mean": mean,
        "deviation": statistics.stdev(values) if len(values) > 1 else None,
        "bar": row.bar,
        "reached": None if row.bar is None else (mean >= row.bar if row.better == "max" else mean <= row.bar),
        # That of one process for all runs, imports and everything; of runs by themselves their own seconds say it.
        **({} if seconds is None else {"wall_seconds": seconds}),
        "runs": runs,
    }


def _kept(row: Definition, known: Mapping[str, Any]) -> dict[str, Any]:
    if known["command"] != row.command or known["metric"] != row.metric:
        got = f"a record of {known['command']} by {known['metric']}"
        raise ConfigurationError(Fault("add", "must add to a record of the same command", got, "Leave add=true out."))
    return {one["repeat"]: one for one in known["runs"] if one["repeat"] in row.repeated}


def _run_folder(row: Definition, folder: Path, repeat: str, missing: Sequence[str]) -> RunFolder:
    return RunFolder(folder / (str(missing.index(repeat)) if row.together else repeat.replace("=", "-")))


def _is_done(run: RunFolder) -> bool:
    result = run.read_result()
    return result is not None and result["status"] == "ok"


def _must_be_of_the_row(run: RunFolder, overrides: Sequence[str]) -> None:
    if not run.config.exists():
        return
    lacking = [override for override in overrides if override not in run.read_config()[1]]
    if lacking:
        got = f"{run.path}, a run without {' '.join(lacking)}"
        raise ConfigurationError(Fault("output", "must hold runs of this row or nothing", got, "Name another folder."))


def _train(run: RunFolder, overrides: Sequence[str]) -> None:
    """Train a run, or go on with it where it was begun."""
    if _is_done(run):
        return
    fresh = [*overrides, f"hydra.run.dir={run.path}", "trainer.progress=false"]
    _attnframe(["train", *([f"resume={run.path}"] if run.config.exists() else fresh)])


def _sweep(row: Definition, overrides: Sequence[str], repeats: Sequence[str], folder: Path) -> float:
    """Train repeats as a sweep in one process; gives its seconds."""
    (key,) = row.repeats
    values = ",".join(repeat.partition("=")[2] for repeat in repeats)
    began = perf_counter()
    _attnframe(["train", "-m", *overrides, f"{key}={values}", f"hydra.sweep.dir={folder}", "trainer.progress=false"])
    return round(perf_counter() - began, 1)


def _attnframe(words: Sequence[str]) -> None:
    """Run a command line in a process of its own, so that its time and its memory are its own.

    It has a session of its own too: an interruption, or an end that a scheduler asks for, reaches it once, from here,
    and it is waited for while it writes what it goes on from.
    """
    with _signals_interrupt():
        process = subprocess.Popen([sys.executable, "-m", "attnframe", *words], start_new_session=True)
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise RunError(f"attnframe {' '.join(words)} ended with exit code {code}.")


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Makes SIGINT, also where a shell has it ignored, and SIGTERM a KeyboardInterrupt in the main thread: Python hears
    signals in no other. Processes that start meanwhile hear them as well.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(run: RunFolder) -> dict[str, Any]:
    """What a record keeps of one run."""
    result = run.read_result()
    assert result is not None
    environment = json.loads(run.environment.read_text(encoding="utf-8"))
    return {name: result[name] for name in RESULT} | {
        "data_hash": environment["data_hash"],
        "commit": environment["git_commit"],
        "date": environment["started"][:10],
        "hardware": environment["hardware"],
        "versions": environment["packages"],
    }
