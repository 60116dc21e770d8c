"""A user's own sentence pairs: a folder of files, one for each part and language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe_nlp.sentence_pairs.pairs import Pair, Pairs, PairSource, completed

NAMES: Final = {"train": ("train",), "val": ("dev", "val", "valid"), "test": ("test",)}
"""What the files of a part may be called."""
SHOWN: Final = 5
"""Line numbers that an error names."""


class ParallelTextSource(PairSource):
    """``train.SOURCE`` and ``train.TARGET``, and the like for dev (val, valid) and test.

    Args:
        path: the folder.
        source: ending of the files that are translated from. target: ending of those translated into.
        split: fractions of train, val and test, for parts without files.
    """

    def __init__(self, path: Path, source: str, target: str, split: tuple[float, float, float]) -> None:
        self.path, self.languages, self.split = path, (source, target), split

    def read(self) -> Pairs:
        if not self.path.is_dir():
            got = str(self.path) if not self.path.exists() else f"{self.path}, which is a file"
            raise DataError(Fault("data.path", "must be a folder that exists", got))
        faults: list[Fault] = []
        parts: dict[str, Sequence[Pair]] = {}
        for part in NAMES:
            name = self._name(part, faults)
            if name is not None:
                pairs = self._pairs(name, faults)
                if pairs:
                    parts[part] = pairs
        if faults:
            raise DataError(faults)
        return completed(parts, self.split, f"data.path {self.path}")

    def _name(self, part: str, faults: list[Fault]) -> str | None:
        """What the files of a part are called; None when it has none, or not both."""
        there = [name for name in NAMES[part] if any((self.path / f"{name}.{one}").is_file() for one in self.languages)]
        if len(there) > 1:
            files = " and ".join(f"{name}.*" for name in there)
            faults.append(Fault(f"data.path {self.path}", f"must have one {part} part", files, "Keep one of them."))
            return None
        if not there and part != "train":
            return None
        name = there[0] if there else "train"
        missing = [one for one in self.languages if not (self.path / f"{name}.{one}").is_file()]
        others = sorted(path.suffix[1:] for path in self.path.glob(f"{name}.*"))
        faults += [
            Fault(
                f"data.path {self.path}",
                f"must hold {name}.{language}",
                "",
                f"It holds {name} in {', '.join(others)}." if others else f"It holds no {name}.* at all.",
            )
            for language in missing
        ]
        return None if missing else name

    def _pairs(self, name: str, faults: list[Fault]) -> list[Pair]:
        paths = [self.path / f"{name}.{language}" for language in self.languages]
        read = [_lines(path, faults) for path in paths]
        if any(lines is None for lines in read):
            return []
        first, second = (lines or [] for lines in read)
        if len(first) != len(second):
            must = f"must have as many lines as {paths[1].name}, {len(second)}"
            faults.append(
                Fault(str(paths[0]), must, str(len(first)), "Line i of one must translate line i of the other.")
            )
            return []
        if not first:
            faults.append(Fault(str(paths[0]), "must hold at least one sentence", "an empty file"))
        return list(zip(first, second, strict=True))


def _lines(path: Path, faults: list[Fault]) -> list[str] | None:
    """The sentences of a file; None when it cannot be read. An empty line is a fault."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.append(Fault(str(path), "must be a file that can be read", error.strerror or str(error)))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        works = "Convert it, e.g. iconv -f latin1 -t utf-8."
        faults.append(Fault(str(path), "must be UTF-8 text", f"other bytes in line {line}", works))
        return None
    lines = [line.strip() for line in text.removesuffix("\n").split("\n")] if text else []
    if numbers := [*_empty(lines)]:
        shown = ", ".join(map(str, numbers[:SHOWN])) + (
            f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
        )
        works = "Remove them from the files of both languages."
        faults.append(Fault(str(path), "must hold a sentence in every line", f"empty lines {shown}", works))
    return lines


def _empty(lines: Sequence[str]) -> Iterator[int]:
    return (number for number, line in enumerate(lines, start=1) if not line)
