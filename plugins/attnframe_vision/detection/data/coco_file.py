"""What one JSON file in the form of COCO tells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attnframe_vision.data.image_folder import PARTS
from attnframe_vision.detection.data.listing import Box, Labelled, ListedPicture
from attnframe_vision.detection.data.report import (
    BAD_OBJECT,
    NO_PICTURE,
    SAME_ID,
    UNKNOWN_CATEGORY,
    UNKNOWN_PICTURE,
    Report,
)


class CocoFile:
    """The lists ``images``, ``annotations`` and ``categories`` of a file. Entries of another form than COCO's are
    faults; ids may be numbers or texts.

    Args:
        folder: the user's. file: in it. part: that it describes.
        content: of the file, with the three lists.
        report: takes the faults.
    """

    def __init__(self, folder: Path, file: Path, part: int, content: Mapping[str, Any], report: Report) -> None:
        self.folder, self.file, self.part, self.report = folder, file, part, report
        self.images, self.annotations = _entries(content["images"]), _entries(content["annotations"])
        listed = [one for one in _entries(content["categories"]) if {"id", "name"} <= set(one)]
        listed.sort(key=lambda one: (len(_key(one["id"])), _key(one["id"])))  # numbers by their size
        self.categories = {_key(one["id"]): str(one["name"]) for one in listed}

    def pictures(self) -> Iterator[ListedPicture]:
        """The pictures with their objects."""
        objects = self._objects()
        places = self._places()
        for one in self.images:
            name = str(one.get("file_name") or "")
            found = next((place / name for place in places if name and (place / name).is_file()), None)
            shown = objects.pop(_key(one.get("id")), None)
            if found is None:
                self.report.add(NO_PICTURE, name or f"{self.file.name}: a picture without file_name")
            elif shown is None:
                self.report.add(SAME_ID, f"{name} (id {one.get('id')})")
            else:
                yield ListedPicture(found, name, self.part, tuple(shown))

    def _places(self) -> list[Path]:
        """Folders in which pictures may lie."""
        stem = re.sub(r"^instances_", "", self.file.stem)
        parts = [stem, *(name for name, number in PARTS.items() if number == self.part)]
        homes = (self.folder / "images", self.folder)
        return [self.file.parent, *(home / inner for home in homes for inner in (*parts, "."))]

    def _objects(self) -> dict[str, list[Labelled]]:
        """The objects by the id of their picture."""
        found: dict[str, list[Labelled]] = {_key(one.get("id")): [] for one in self.images}
        for number, one in enumerate(self.annotations, start=1):
            told = f"{self.file.name} annotation {one.get('id', number)}"
            category, picture = _key(one.get("category_id")), _key(one.get("image_id"))
            box = _box(one.get("bbox"))
            if box is None:
                self.report.add(BAD_OBJECT, told)
            elif category not in self.categories:
                self.report.add(UNKNOWN_CATEGORY, f"{told} (category_id {category})")
            elif picture not in found:
                self.report.add(UNKNOWN_PICTURE, f"{told} (image_id {picture})")
            else:
                found[picture].append(Labelled(self.categories[category], box, one.get("iscrowd") == 1))
        return found


def _entries(listed: Sequence[Any]) -> list[Mapping[str, Any]]:
    """The entries of a list; one that is no object counts as an empty one."""
    return [one if isinstance(one, Mapping) else {} for one in listed]


def _key(identity: Any) -> str:
    return str(identity)


def _box(given: Any) -> Box | None:
    """Left, top, right, bottom of ``bbox``, which is left, top, width, height; None where it is none."""
    try:
        left, top, width, height = (float(number) for number in given)
    except (TypeError, ValueError):
        return None
    return (left, top, left + width, top + height) if math.isfinite(left + top + width + height) else None
