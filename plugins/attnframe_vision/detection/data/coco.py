"""Source of a user's own pictures with boxes in the form of COCO."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TRAIN
from attnframe_vision.data.image_folder import PARTS
from attnframe_vision.detection.data.coco_file import CocoFile
from attnframe_vision.detection.data.listing import ListedPicture, decode, require_folder, stamps
from attnframe_vision.detection.data.report import BROKEN_FILE, NO_FORM, NO_ROWS, TWICE, Report
from attnframe_vision.detection.data.scenes import Scenes, SceneSource

WORKS: Final = (
    "Expected: DIR/annotations/*.json with pictures in DIR/images or a folder for each part, or a JSON file beside the "
    "pictures, in DIR or in DIR/train, val and test."
)
LISTS: Final = ("images", "annotations", "categories")


class CocoSource(SceneSource):
    """Pictures with boxes in JSON files (Lin et al. 2014); crowds are neither learned nor scored.

    Args:
        folder: the user's folder.
        size: height and width in pixels that pictures are fitted into; None for their median shape.
        skip_broken: leave out what is wrong.
    """

    name = "coco_folder"

    def __init__(self, folder: Path, size: tuple[int, int] | None, skip_broken: bool) -> None:
        self.folder, self.size, self.skip_broken = folder, size, skip_broken

    def resized(self, size: tuple[int, int]) -> CocoSource:
        return CocoSource(self.folder, size, self.skip_broken)

    def fingerprint(self) -> str:
        require_folder(self.folder, WORKS)
        return "\n".join([f"{self.size} {self.skip_broken}", *stamps(self.folder)])

    def read(self) -> Scenes:
        report = Report(self.skip_broken)
        listed: list[ListedPicture] = []
        classes: dict[str, None] = {}
        seen: set[Path] = set()
        for file, part in _files(self.folder):
            content = _content(file, report)
            if content is None:
                continue
            reader = CocoFile(self.folder, file, part, content, report)
            classes |= dict.fromkeys(reader.categories.values())
            found = [*reader.pictures()]
            if not found:
                report.add(NO_ROWS, file.name)
            for one in found:
                if one.path in seen:
                    report.add(TWICE, one.name)
                else:
                    seen.add(one.path)
                    listed.append(one)
        return decode(listed, classes, self.size, report)


def _files(folder: Path) -> list[tuple[Path, int]]:
    """The JSON files with the part that each describes.

    Raises:
        DataError: when there is none, or several do not say which part they describe.
    """
    candidates = [folder / "annotations", folder, *(folder / name for name in PARTS)]
    found = {place: sorted(place.glob("*.json")) for place in candidates if place.is_dir()}
    files = found.get(folder / "annotations") or [file for some in found.values() for file in some]
    files = [file for file in files if file.stem.startswith("instances_")] or files
    if not files:
        raise DataError(Fault("data.path", "must hold JSON files of COCO", f"none in {folder}", WORKS))
    parts = [_part(file, folder) for file in files]
    unclear = [file.name for file, part in zip(files, parts, strict=True) if part is None]
    if unclear and len(files) > 1:
        works = "Let the name say it, e.g. train.json."
        raise DataError(Fault("data.path", "must hold JSON files for train, val or test", ", ".join(unclear), works))
    return [(file, TRAIN if part is None else part) for file, part in zip(files, parts, strict=True)]


def _part(file: Path, folder: Path) -> int | None:
    """The part that a file's name or folder names."""
    words = re.split(r"[^a-z]+", file.stem.lower())
    if file.parent != folder:
        words.append(file.parent.name)
    return next((PARTS[word] for word in words if word in PARTS), None)


def _content(file: Path, report: Report) -> Mapping[str, Any] | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        report.add(BROKEN_FILE, f"{file.name} ({error})")
        return None
    if not isinstance(content, dict) or not all(isinstance(content.get(name), list) for name in LISTS):
        report.add(NO_FORM, file.name)
        return None
    return content
