"""Source of a user's own pictures in class folders."""

from __future__ import annotations

import logging
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_vision.data.adapting import UNREADABLE, to_array, why_unreadable
from attnframe_vision.data.files import pictures_below
from attnframe_vision.data.pictures import Pictures, Source
from attnframe_vision.recipes.pictures import Fit

PARTS = {"train": TRAIN, "val": VAL, "valid": VAL, "validation": VAL, "dev": VAL, "test": TEST}
NAMED = 10
"""Broken pictures named in an error; the rest are counted."""
LARGEST, STEP = 64, 8
"""Sizes left at null are multiples of `STEP` pixels up to `LARGEST`, which train in minutes on a small machine."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _File:
    path: Path
    label: str
    part: int


def _stamp(path: Path) -> str:
    """Size and time of change, of the link itself where it leads nowhere."""
    about = path.lstat() if not path.exists() else path.stat()
    return f"{about.st_size} {about.st_mtime_ns}"


class ImageFolderSource(Source):
    """Pictures in ``DIR/<class>/**`` or ``DIR/{train,val,test}/<class>/**``, in any format that Pillow reads.

    Args:
        folder: DIR.
        size: height and width in pixels; None for the median side of the pictures.
        fit: how pictures of another shape are brought to it.
        colour: ``auto`` keeps colour when any picture has it; ``grey`` or ``rgb`` decide.
        skip_broken: leave out pictures that cannot be read.
    """

    name = "image_folder"

    def __init__(
        self, folder: Path, size: int | None, fit: Fit, colour: Literal["auto", "grey", "rgb"], skip_broken: bool
    ) -> None:
        self.folder, self.size, self.fit, self.colour, self.skip_broken = folder, size, fit, colour, skip_broken

    def fingerprint(self) -> str:
        settings = f"{self.folder} {self.size} {self.fit} {self.colour} {self.skip_broken}"
        stamps = (f"{file.path} {file.part} {_stamp(file.path)}" for file in self._files())
        return "\n".join([settings, *stamps])

    def read(self) -> Pictures:
        files = self._files()
        broken: dict[Path, str] = {}
        channels, side = self._form(files, broken)
        images = np.empty((len(files), channels, side, side), np.uint8)
        kept: list[_File] = []
        for file in files:
            if file.path not in broken:
                try:
                    with Image.open(file.path) as picture:
                        images[len(kept)] = to_array(picture, side, side, channels, self.fit)
                    kept.append(file)
                except UNREADABLE as error:
                    broken[file.path] = why_unreadable(error)
        faults = self._class_faults(kept if self.skip_broken else files)
        if broken and self.skip_broken:
            _log.warning(
                "%d of %d pictures below %s cannot be read and are left out", len(broken), len(files), self.folder
            )
        elif broken:
            faults.append(self._broken_fault(broken, len(files)))
        if faults:
            raise DataError(faults)
        classes = sorted({file.label for file in kept})
        index = {name: number for number, name in enumerate(classes)}
        return Pictures(
            images[: len(kept)],
            np.array([index[file.label] for file in kept], np.int64),
            np.array([file.part for file in kept], np.uint8),
            tuple(classes),
            self.fit,
        )

    def _form(self, files: list[_File], broken: dict[Path, str]) -> tuple[int, int]:
        """Channels and side that suit the pictures, from their headers; those without one are noted in `broken`."""
        shorter, coloured = [], False
        for file in files:
            try:
                with Image.open(file.path) as picture:
                    shorter.append(min(picture.size))
                    coloured = coloured or not picture.mode.startswith(("1", "L", "I", "F"))
            except UNREADABLE as error:
                broken[file.path] = why_unreadable(error)
        if self.colour != "auto":
            coloured = self.colour == "rgb"
        median = int(np.median(shorter)) if shorter else LARGEST
        return 3 if coloured else 1, self.size or min(max(median // STEP * STEP, STEP), LARGEST)

    def _files(self) -> list[_File]:
        """Every file with the ending of a picture, sorted.

        Raises:
            DataError: when the folder is missing, unreadable or holds no pictures in class folders.
        """
        works = "Expected: DIR/<class>/*.png, or DIR/train/<class>/*.png with val and test beside."
        try:
            names = sorted(
                entry.name for entry in os.scandir(self.folder) if entry.is_dir() and not entry.name.startswith(".")
            )
        except FileNotFoundError as error:
            raise DataError(Fault("data.path", "must be a folder that exists", str(self.folder), works)) from error
        except NotADirectoryError as error:
            raise DataError(Fault("data.path", "must be a folder, not a file", str(self.folder), works)) from error
        except OSError as error:
            raise DataError(Fault("data.path", "must be a folder that can be read", str(error), works)) from error
        faults: list[Fault] = []
        files: list[_File] = []
        roots = (
            [(self.folder / name, PARTS[name]) for name in names if name in PARTS]
            if "train" in names
            else [(self.folder, TRAIN)]
        )
        if "train" in names and (others := [name for name in names if name not in PARTS]):
            must = f"must hold either class folders or parts (train, val, test), {self.folder} holds both"
            faults.append(Fault("data.path", must, ", ".join(others), works))
        for root, part in roots:
            for path in pictures_below(root, "data.path", faults):
                inside = path.relative_to(root).parts
                if len(inside) > 1:
                    files.append(_File(path, inside[0], part))
        if not files:
            faults.append(Fault("data.path", "must hold pictures in class folders", f"none below {self.folder}", works))
        if faults:
            raise DataError(faults)
        return files

    def _class_faults(self, files: list[_File]) -> list[Fault]:
        faults = []
        counts = Counter(file.label for file in files)
        if len(counts) < 2:
            got = f"{len(counts)} below {self.folder}" + "".join(f" ({name})" for name in counts)
            faults.append(
                Fault("data.path", "must hold pictures of at least 2 classes", got, "Add a folder for each class.")
            )
        trained = Counter(file.label for file in files if file.part == TRAIN)
        fewest = 1 + len({VAL, TEST} - {file.part for file in files})
        for name in sorted(counts):
            if trained[name] < fewest:
                must = f"must have at least {fewest} readable pictures to train on and to cut missing parts off"
                faults.append(Fault(f"class {name}", must, str(trained[name])))
        return faults

    def _broken_fault(self, broken: dict[Path, str], total: int) -> Fault:
        named = [f"{path.relative_to(self.folder)} ({reason})" for path, reason in sorted(broken.items())[:NAMED]]
        more = f" and {len(broken) - NAMED} more" if len(broken) > NAMED else ""
        works = "Mend or remove them, or give data.skip_broken=true to leave them out."
        got = f"{len(broken)} of {total} that cannot be read: " + ", ".join(named) + more
        return Fault("data.path", "must hold pictures that can be read", got, works)
