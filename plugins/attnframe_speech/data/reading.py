"""Reading many files at once: all that is wrong with them is told together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from attnframe.errors import Fault
from attnframe_speech.frontends.base import Frames, Frontend, Unheard

NAMED = 10
"""Files named in an error or a remark; the rest are counted."""
Clipped = Literal["tell", "refuse"]
"""What is done about recordings that were too loud for their microphone."""


@dataclass(frozen=True)
class File:
    """A file of a data set.

    Args:
        path: where it is. target: its label or transcript. part: number of its part.
    """

    path: Path
    target: str
    part: int


@dataclass(frozen=True)
class Heard:
    """What reading files gave.

    Args:
        recordings: frames of each file that could be read. kept: which files those are.
        faults: what is wrong. remarks: what a user should know.
    """

    recordings: list[Frames]
    kept: list[File]
    faults: list[Fault]
    remarks: list[str]


def read_files(files: Sequence[File], frontend: Frontend, where: str, clipped: Clipped = "tell") -> Heard:
    """Read and transform files.

    Args:
        files: what to read.
        frontend: makes the frames.
        where: the key that named them, for faults.
        clipped: whether clipped recordings are told or refused.
    """
    recordings: list[Frames] = []
    kept: list[File] = []
    bad: list[str] = []
    noted: dict[str, list[Path]] = {"clipped": [], "resampled": []}
    for file in files:
        try:
            content = frontend.read(file.path)
        except Unheard as error:
            bad.append(f"{file.path} {error}")
            continue
        for remark in frontend.remarks(content):
            noted[remark].append(file.path)
        recordings.append(frontend.frames(content))
        kept.append(file)
    faults = []
    if bad:
        works = "Mend or remove them."
        faults.append(Fault(where, "must name recordings that can be heard", _some(bad, len(files)), works))
    told = []
    loud = [str(path) for path in noted["clipped"]]
    if loud and clipped == "refuse":
        works = "Record them at a lower level, or allow them with data.clipped=tell."
        faults.append(Fault(where, "must name recordings that are not clipped", _some(loud, len(files)), works))
    elif loud:
        told.append(f"Clipped: {_some(loud, len(files))}. data.clipped=refuse refuses them.")
    if noted["resampled"]:
        rate = frontend.facts["rate"]
        told.append(f"Resampled to {rate} Hz: {_some([str(path) for path in noted['resampled']], len(files))}.")
    return Heard(recordings, kept, faults, told)


def _some(names: Sequence[str], of: int) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} of {of}: " + ", ".join(names[:NAMED]) + more


def files_below(root: Path, endings: frozenset[str], where: str, faults: list[Fault]) -> Iterator[Path]:
    """Files below a folder, sorted, with one of the endings; hidden ones left out.

    Args:
        root: the folder. endings: lower case, with the dot.
        where: the key that named it, for faults.
        faults: takes a fault for each folder that cannot be read.
    """

    def unreadable(error: OSError) -> None:
        faults.append(Fault(where, "must hold folders that can be read", str(error)))

    for folder, folders, names in os.walk(root, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in endings:
                yield Path(folder, name)


def stamp(path: Path) -> str:
    """Path, size and time of change of a file: a cheap fingerprint. Size and time are left out where there is none."""
    try:
        about = path.stat()
    except OSError:
        return f"{path} missing"
    return f"{path} {about.st_size} {about.st_mtime_ns}"
