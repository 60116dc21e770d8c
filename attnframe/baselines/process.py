"""Work in processes of their own, forked from a server that has imported torch once.

So a run's memory is its own, a run that dies takes nothing with it, and none waits for imports.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from attnframe.errors import ConfigurationError, Fault, RunError

PRELOADED = (
    "attnframe.training.dry_run",
    "attnframe.training.fit",
    "attnframe.training.run",
    "attnframe.baselines.cost",
)
"""What the server imports, and with it torch and Lightning."""


def in_process(work: Callable[..., Any], *arguments: Any, log: Path | None = None) -> Any:
    """Call a function of a module in a process of its own and give what it returns.

    The process ends with the one that waits for it, however that one ends.

    Args:
        work: the function. arguments: its arguments; both can be pickled, as what it returns.
        log: where what it prints goes; nowhere when None.

    Raises:
        ConfigurationError: as it was raised there.
        RunError: for any other error, or when the process did not end well.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED])
    if multiprocessing.get_start_method(allow_none=True) not in (None, *multiprocessing.get_all_start_methods()):
        # A worker of joblib names its own method, which a process is told of and cannot find.
        multiprocessing.set_start_method("forkserver", force=True)
    _start_server()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, log, work, arguments))
    process.start()
    sender.close()
    try:
        found, error = receiver.recv()
    except EOFError:
        process.join()
        killed = process.exitcode == -signal.SIGKILL
        why = "was killed, perhaps for want of memory" if killed else f"ended with exit code {process.exitcode}"
        raise RunError(f"The process of the run {why}.") from None
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        receiver.close()
    if error is not None:
        raise RunError(error) if isinstance(error, str) else ConfigurationError(error)
    return found


def _start_server() -> None:
    """Ctrl-C is for the process that waits, so the server and what it forks never see it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(sender: Connection, log: Path | None, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    found: Any = None
    error: str | tuple[Fault, ...] | None = None
    with open(log or os.devnull, "a", encoding="utf-8") as file, redirect_stdout(file), redirect_stderr(file):
        try:
            found = work(*arguments)
        except ConfigurationError as wrong:
            error = wrong.faults
        except RunError as failed:
            error = str(failed)
        except Exception as other:  # Whatever it is, it is told where the outcome would stand.
            file.write(traceback.format_exc())
            error = f"{type(other).__name__}: {' '.join(str(other).split())}"
    sender.send((found, error))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
