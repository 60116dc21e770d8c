"""A benchmark from what is asked to the record: one comparison after another, written as soon as it is made."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import torch

from attnframe.bench.cases import Case, case_of
from attnframe.bench.cases.base import OURS, Built, Contender
from attnframe.bench.chosen import Chosen, label
from attnframe.bench.figure import draw
from attnframe.bench.memory import Job, peak, preload, quiet, short
from attnframe.bench.record import Record, Row, measured_row, unmeasured_row
from attnframe.bench.report import line
from attnframe.bench.timing import Step, rounds
from attnframe.errors import ConfigurationError, Fault, RunError
from attnframe.runs.environment import processor


def bench(chosen: Chosen, refused: Mapping[str, Sequence[Fault]], output: Path, command: Sequence[str]) -> Record:
    """Measure, and write the record after every comparison.

    Args:
        chosen: what is compared, and how.
        refused: why variants cannot take part, by name.
        output: a folder, or a file that ends in .json for the record alone.
        command: the words of the command line.

    Returns:
        The record, whose status is ok, failed or interrupted.

    Raises:
        ConfigurationError: before anything is written, when the device is not there.
    """
    settings = chosen.settings
    device = _device(settings.device)
    with _threads(settings.threads), quiet():
        case = case_of(chosen)
        record = Record(case, command, device, torch.get_num_threads())
        target = output if output.suffix == ".json" else output / "record.json"
        try:
            for row in _rows(case, refused):
                record.rows.append(row)
                record.write(target)
            failed = any(row["status"] == "failed" for row in record.rows)
            record.status = "failed" if failed else "ok"
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            record.status = "interrupted"
        record.write(target)
        if output.suffix != ".json":
            record.write_table(output / "table.csv")
            draw(record.rows, case, output / "scaling.html")
    return record


def _rows(case: Case, refused: Mapping[str, Sequence[Fault]]) -> Iterator[Row]:
    chosen = case.chosen
    cells = [(name, size) for name in chosen.names for size in chosen.settings.sizes]
    if chosen.settings.memory and case.measures_memory:
        preload(_importable(case, [cell for cell in cells if cell[0] not in refused]))
    slow: dict[tuple[str, str], str] = {}
    for number, (name, size) in enumerate(cells, 1):
        print(f"[{number}/{len(cells)}] {label(name)}, {size} {case.unit}: ", end="", file=sys.stderr, flush=True)
        if name in refused:
            row = unmeasured_row(name, size, case, "refused", " ".join(map(str, refused[name])))
        else:
            row = _compare(case, name, size, {who: why for (variant, who), why in slow.items() if variant == name})
            slow |= {(name, one["name"]): why for one in row["contenders"] if (why := _too_slow(one, size, case))}
        print(line(row, case), file=sys.stderr, flush=True)
        yield row


def _too_slow(one: Row, size: str, case: Case) -> str:
    """Why a contender shall not be tried at larger sizes; empty when it may."""
    taken = one["milliseconds"] / 1e3
    return f"a step took {taken:.1f} s at {size} {case.unit}" if taken > case.settings.patience else ""


def _compare(case: Case, name: str, size: str, slow: Mapping[str, str]) -> Row:
    """Memory of each contender in a process of its own, then the time of all in rounds.

    Args:
        case: what is measured. name: the variant. size: at which size.
        slow: why contenders are not tried, by name.
    """
    if OURS in slow:
        return unmeasured_row(name, size, case, "refused", f"{slow[OURS]}. Raise patience.")
    try:
        contest = case.contest(name, size)
    except ConfigurationError as error:
        return unmeasured_row(name, size, case, "refused", " ".join(map(str, error.faults)))
    left_out = dict(contest.left_out)
    numbers: dict[str, dict[str, Any]] = {}
    steps: dict[str, Step] = {}
    built: dict[str, Built] = {}
    for contender in contest.contenders:
        if contender.name in slow:
            left_out[contender.name] = slow[contender.name]
            continue
        try:
            numbers[contender.name] = _memory(case, name, size, contender)
            built[contender.name] = made = contender.make()
            made.step()
            steps[contender.name] = made.step
        except ConfigurationError as error:
            if contender.name == OURS:
                return unmeasured_row(name, size, case, "refused", " ".join(map(str, error.faults)))
            left_out[contender.name] = short(error)
        except Exception as error:  # A package may raise anything, and the others are compared nevertheless.
            if contender.name == OURS:
                return unmeasured_row(name, size, case, "failed", short(error))
            left_out[contender.name] = short(error)
    times = rounds(steps, case.settings.seconds)
    for contestant, made in built.items():
        numbers[contestant]["parameters"] = made.parameters
        if made.cache is not None:
            numbers[contestant]["cache_bytes"] = made.cache()
    return measured_row(name, size, case, contest, times, numbers, left_out)


def _memory(case: Case, name: str, size: str, contender: Contender) -> dict[str, Any]:
    """Peak memory of a contender, where it is asked for.

    Raises:
        RunError: when its process did not end well.
    """
    if not (case.settings.memory and case.measures_memory):
        return {}
    found = peak(Job(case.chosen, name, size, contender.name))
    if found.fault:
        raise RunError(found.fault)
    return {"peak_memory_bytes": found.bytes}


def _importable(case: Case, cells: Sequence[tuple[str, str]]) -> list[str]:
    """The modules of all contenders that can be imported here, so that processes find them imported."""
    wanted: dict[str, None] = {}
    for name, size in cells:
        with suppress(ConfigurationError):
            contenders: tuple[Contender, ...] = case.contest(name, size).contenders
            wanted |= {module: None for one in contenders for module in one.modules}
    found = []
    for module in wanted:
        with suppress(Exception):  # A package that is broken is shown where it would be compared.
            importlib.import_module(module)
            found.append(module)
    return found


@contextmanager
def _threads(number: int | None) -> Iterator[None]:
    """CPU work on as many threads, and as many as before afterwards."""
    before = torch.get_num_threads()
    if number is not None:
        torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _device(name: str) -> str:
    """The device in words.

    Raises:
        ConfigurationError: when it is not there.
    """
    works = "Use device=cpu. attnframe doctor shows what is there."
    if name == "cpu":
        return processor()
    if name == "mps":
        if not torch.backends.mps.is_available():
            raise ConfigurationError(Fault("device", "must be a device of this machine", name, works))
        return "mps"
    number = int(name.partition(":")[2] or 0)
    if number >= torch.cuda.device_count():
        raise ConfigurationError(Fault("device", "must be a device of this machine", name, works))
    return str(torch.cuda.get_device_name(number))
