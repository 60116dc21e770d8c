"""The text format of the UCR and UEA archives (``.ts``), as https://www.timeseriesclassification.com describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import Fault

SHOWN = 5
"""Bad lines that an error names."""


@dataclass
class TsFile:
    """What a file holds: series (T, C), a label each (none where the file has none), and the classes that it declares.

    A header of ``@`` lines ends with ``@data``; then each line is a case: channels apart by colons, values by commas,
    and the label, when there is one, behind the last colon.
    """

    series: list[npt.NDArray[np.float32]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    classes: tuple[str, ...] = ()


def read_ts(path: Path, faults: list[Fault], *, labelled: bool = True) -> TsFile:
    """Read a file; everything that is wrong with it is added to `faults`.

    Args:
        path: the file. faults: grows. labelled: whether cases must have labels; else they are passed over.
    """
    found = TsFile()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(str(path), "must be a text file in UTF-8", " ".join(str(error).split())))
        return found
    begin = next((number for number, line in enumerate(lines) if line.strip().lower() == "@data"), None)
    if begin is None:
        works = "Write @classLabel true NAME NAME … and @data before the first case."
        faults.append(Fault(str(path), "must have a line @data before its cases", "none", works))
        return found
    parts = [line.strip().partition(" ") for line in lines[:begin] if line.strip().startswith("@")]
    header = {key[1:].lower(): value.split() for key, _, value in parts}
    if header.get("timestamps") == ["true"]:
        must = "must hold values in steps of one length"
        faults.append(Fault(str(path), must, "@timeStamps true", "Resample it and write @timeStamps false."))
        return found
    has_label, *classes = header.get("classlabel") or ["false"]
    has_labels = has_label.lower() == "true"
    if labelled and not has_labels:
        works = "Write @classLabel true NAME NAME … before @data, and a label behind each case."
        faults.append(Fault(str(path), "must have labels", f"@classLabel {has_label}", works))
        return found
    found.classes = tuple(classes)
    _read_cases(path, lines, begin + 1, found, has_labels, faults)
    return found


def _read_cases(path: Path, lines: list[str], begin: int, found: TsFile, has_labels: bool, faults: list[Fault]) -> None:
    """The cases from line `begin` on, counted from 0."""
    missing, text, unequal, channels, strange = [], [], [], [], []
    wanted: int | None = None
    for number, line in enumerate(lines[begin:], start=begin + 1):
        if not line.strip():
            continue
        *parts, label = line.strip().split(":") if has_labels else [*line.strip().split(":"), ""]
        label = label.strip()
        if found.classes and has_labels and label not in found.classes:
            strange.append(f"line {number} ({label or 'none'})")
        if wanted is None:
            wanted = len(parts)
        if len(parts) != wanted or not parts:
            channels.append(f"line {number} ({len(parts)})")
            continue
        values = [[value.strip() for value in part.split(",")] for part in parts]
        if any(value == "?" or value.lower() == "nan" or not value for part in values for value in part):
            missing.append(f"line {number}")
            continue
        try:
            numbers = [np.array(part, np.float64).astype(np.float32) for part in values]
        except ValueError:
            text.append(f"line {number}")
            continue
        if not all(np.isfinite(part).all() for part in numbers):
            text.append(f"line {number}")
            continue
        if len({len(part) for part in numbers}) > 1:
            unequal.append(f"line {number} ({', '.join(str(len(part)) for part in numbers[:SHOWN])} steps)")
            continue
        found.series.append(np.stack(numbers, 1))
        found.labels.append(label)
    works = f"Declared: {', '.join(found.classes)}."
    for bad, must, advice in (
        (missing, "must have every value", "Fill the gaps, or leave these cases out."),
        (text, "must have finite numbers only", ""),
        (unequal, "must have channels of one length in each case", ""),
        (channels, f"must have {wanted} channels in every case, as its first has", ""),
        (strange, "must have labels that @classLabel declares", works),
    ):
        if bad:
            more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
            faults.append(Fault(str(path), must, ", ".join(bad[:SHOWN]) + more, advice))
    if not (found.series or missing or text or unequal or channels):
        faults.append(Fault(str(path), "must have cases after @data", "none"))
