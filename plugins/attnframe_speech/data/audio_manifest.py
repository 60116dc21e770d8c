"""Source of a user's own recordings with transcripts: JSON lines."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Literal

from attnframe.errors import Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_speech.data.files_source import FilesSource
from attnframe_speech.data.reading import NAMED, Clipped, File
from attnframe_speech.frontends.base import Frontend

NAMES = {TRAIN: ("train",), VAL: ("val", "valid", "validation", "dev"), TEST: ("test",)}
WORKS = 'Expected: one {"audio": "a.wav", "text": "what is said"} a line.'


class AudioManifestSource(FilesSource):
    """Recordings named by JSON lines with ``audio`` and ``text``.

    Args:
        path: the file, or a folder with ``train.jsonl`` and, on request, ``val.jsonl`` and ``test.jsonl``.
        frontend: makes the frames.
        case: whether transcripts are written in lower case.
        clipped: whether clipped recordings are told or refused.
    """

    name = "audio_manifest"

    def __init__(self, path: Path, frontend: Frontend, case: Literal["lower", "keep"], clipped: Clipped) -> None:
        super().__init__(frontend, "data.path", clipped)
        self.path, self.case = path, case

    def files(self, faults: list[Fault]) -> list[File]:
        found: list[File] = []
        for path, part in self._manifests(faults):
            found += self._read(path, part, faults)
        seen: dict[Path, int] = {}
        twice = [file.path for file in found if seen.setdefault(file.path, id(file)) != id(file)]
        if twice:
            faults.append(Fault("data.path", "must name each recording once", _some([str(path) for path in twice])))
        missing = [str(file.path) for file in found if not file.path.is_file()]
        if missing:
            faults.append(Fault("data.path", "must name recordings that are there", _some(missing)))
        return found

    def _manifests(self, faults: list[Fault]) -> list[tuple[Path, int]]:
        if self.path.is_file():
            return [(self.path, TRAIN)]
        if not self.path.is_dir():
            faults.append(
                Fault("data.path", "must be a file of JSON lines, or a folder of them", str(self.path), WORKS)
            )
            return []
        found = [
            (self.path / f"{name}.jsonl", part)
            for part, names in NAMES.items()
            for name in names
            if (self.path / f"{name}.jsonl").is_file()
        ]
        if not any(part == TRAIN for _, part in found):
            faults.append(Fault("data.path", "must hold train.jsonl", f"none in {self.path}", WORKS))
        return found

    def _read(self, path: Path, part: int, faults: list[Fault]) -> list[File]:
        """The recordings of one manifest; lines that cannot be used are faults."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(str(path), "must be a text in UTF-8", str(error), WORKS))
            return []
        found = []
        bad: dict[str, list[str]] = {}
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            entry = _entry(line)
            if isinstance(entry, str):
                bad.setdefault(entry, []).append(f"line {number}")
                continue
            audio, text = entry
            text = " ".join(unicodedata.normalize("NFC", text).split())
            if not text:
                bad.setdefault("must have a text that is not empty in every line", []).append(f"line {number}")
            found.append(File(path.parent / audio, text.lower() if self.case == "lower" else text, part))
        faults += [Fault(str(path), must, _some(where), WORKS) for must, where in bad.items()]
        if not found and not bad:
            faults.append(Fault(str(path), "must have lines", "none", WORKS))
        return found


def _entry(line: str) -> tuple[str, str] | str:
    """Audio and text of a line, or what a line must be."""
    try:
        entry = json.loads(line)
    except ValueError:
        return "must hold one JSON object a line"
    if not isinstance(entry, dict):
        return "must hold one JSON object a line"
    if not all(isinstance(entry.get(key), str) for key in ("audio", "text")):
        return "must have the texts audio and text in every line"
    return entry["audio"], entry["text"]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
