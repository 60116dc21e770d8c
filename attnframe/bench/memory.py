"""Peak memory of a step in a fresh process, above what the process takes when idle."""

from __future__ import annotations

import ctypes
import gc
import importlib
import logging
import multiprocessing
import os
import resource
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path

import torch
import torch.nn.functional as F

from attnframe.bench.cases import case_of
from attnframe.bench.chosen import Chosen
from attnframe.bench.peers.pytorch import FusedLayer

_WARNINGS = "PYTHONWARNINGS"
LATE = "torch._dynamo"
"""What torch may import in the middle of a first step, with large packages behind it."""


@dataclass(frozen=True)
class Job:
    """A contender to measure.

    Args:
        chosen: what is compared. attention: the variant. size: at which size. contender: its name.
    """

    chosen: Chosen
    attention: str
    size: str
    contender: str


@dataclass(frozen=True)
class Peak:
    """What a process found.

    Args:
        bytes: peak memory above the idle process; None when it did not get so far, or the device does not tell.
        fault: what stopped it; empty when nothing did.
    """

    bytes: int | None
    fault: str = ""


def preload(modules: list[str]) -> None:
    """Start the server that all processes are forked from, which imports modules once; before the first `peak`."""
    multiprocessing.get_context("forkserver").set_forkserver_preload([__name__, LATE, *modules])
    before = os.environ.get(_WARNINGS)
    os.environ[_WARNINGS] = "ignore"
    resource_tracker.ensure_running()  # before, because its start lets signals through again
    unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is the parent's to handle.
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        if before is None:
            del os.environ[_WARNINGS]
        else:
            os.environ[_WARNINGS] = before


def peak(job: Job) -> Peak:
    """Build a contender and run one step of it in a process that has done nothing else.

    The process is forked from a server that has imported the packages and computed nothing.
    """
    context = multiprocessing.get_context("forkserver")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, sender), daemon=True)
    try:
        process.start()
        sender.close()
        found: Peak = receiver.recv()
    except EOFError:
        process.join()
        killed = process.exitcode == -signal.SIGKILL
        return Peak(None, "ran out of memory" if killed else f"its process ended with exit code {process.exitcode}")
    finally:
        if process.pid is not None:
            process.kill()
            process.join()
        receiver.close()
    return found


def _work(job: Job, sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with quiet():
        try:
            found = Peak(_measure(job))
        except Exception as error:  # Whatever a package raises is shown where its number would stand.
            found = Peak(None, short(error))
    with suppress(BrokenPipeError):  # The parent was interrupted.
        sender.send(found)


@contextmanager
def quiet() -> Iterator[None]:
    """Neither warnings nor log lines: what packages say of themselves would stand between the lines of a benchmark."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _measure(job: Job) -> int | None:
    settings = job.chosen.settings
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    case = case_of(job.chosen)
    contest = case.contest(job.attention, job.size)
    contender = next(one for one in contest.contenders if one.name == job.contender)
    importlib.import_module(LATE)
    contender.make()  # imports what it needs, and is dropped
    _warm_up(case.device)
    if case.device.type == "cuda":
        idle = torch.cuda.memory_allocated(case.device)
        torch.cuda.reset_peak_memory_stats(case.device)
        contender.make().step()
        return torch.cuda.max_memory_allocated(case.device) - idle
    _forget()
    idle = _most_resident()
    contender.make().step()
    return _most_resident() - idle if case.device.type == "cpu" else None


def _warm_up(device: torch.device) -> None:
    """What any computation takes for itself, once: threads, buffers and code of the libraries below."""
    with device:
        layer, x = FusedLayer(64, 2, 2, causal=True), torch.randn(1, 64, 64, requires_grad=True)
        heads = torch.randn(1, 2, 64, 64, requires_grad=True)
        weights = F.rms_norm(heads @ heads.mT, (64,)).masked_fill(heads > 2, 0.0).softmax(-1)
        torch.autograd.grad(layer(x).sum() + (weights @ heads).cumsum(-1).sum(), [x, heads, *layer.parameters()])


def _forget() -> None:
    """Hand unused memory back and, where the system can, let the peak begin anew."""
    gc.collect()
    if _STATUS.exists():
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")


def _most_resident() -> int:
    """The most bytes of memory that this process has held since `_forget`; since its start, but on Linux."""
    if _STATUS.exists():
        lines = _STATUS.read_text(encoding="utf-8").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


_STATUS = Path("/proc/self/status")


def short(error: BaseException) -> str:
    """An error in one line of at most 200 characters."""
    text = f"{type(error).__name__}: {error}".splitlines()[0]
    return text if len(text) <= 200 else f"{text[:199]}…"
