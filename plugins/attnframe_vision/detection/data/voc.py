"""Source of a user's own pictures with boxes in the form of Pascal VOC."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_vision.data.files import pictures_below
from attnframe_vision.data.image_folder import PARTS
from attnframe_vision.detection.data.listing import Labelled, ListedPicture, decode, require_folder, stamps
from attnframe_vision.detection.data.report import (
    BAD_OBJECT,
    BROKEN_FILE,
    NO_PICTURE,
    NO_ROWS,
    NOT_LISTED,
    TWICE,
    Report,
)
from attnframe_vision.detection.data.scenes import Scenes, SceneSource

WORKS: Final = (
    "Expected: DIR/JPEGImages/*.jpg with DIR/Annotations/*.xml, or each picture beside its XML file, "
    "in DIR or in DIR/train, val and test."
)
EDGES: Final = ("xmin", "ymin", "xmax", "ymax")
SETS: Final = {"train": TRAIN, "val": VAL, "test": TEST}
_log = logging.getLogger(__name__)


class VocSource(SceneSource):
    """Pictures with an XML file each (Everingham et al. 2010); objects marked difficult are neither learned nor
    scored.

    Args:
        folder: the user's folder.
        size: height and width in pixels that pictures are fitted into; None for their median shape.
        skip_broken: leave out what is wrong.
    """

    name = "voc_folder"

    def __init__(self, folder: Path, size: tuple[int, int] | None, skip_broken: bool) -> None:
        self.folder, self.size, self.skip_broken = folder, size, skip_broken

    def resized(self, size: tuple[int, int]) -> VocSource:
        return VocSource(self.folder, size, self.skip_broken)

    def fingerprint(self) -> str:
        require_folder(self.folder, WORKS)
        return "\n".join([f"{self.size} {self.skip_broken}", *stamps(self.folder)])

    def read(self) -> Scenes:
        report = Report(self.skip_broken)
        home = _home(self.folder)
        files = _listed_by_sets(home, report) if home is not None else _listed_in_pairs(self.folder, report)
        listed = []
        for file, picture, part in files:
            if picture is None:
                report.add(NO_PICTURE, file.name)
            elif (top := _parsed(file, report)) is not None:
                listed.append(ListedPicture(picture, picture.name, part, tuple(_objects(file, top, report))))
        return decode(listed, (), self.size, report)


File = tuple[Path, "Path | None", int]
"""An XML file, its picture if there is one, and the part."""


def _home(folder: Path) -> Path | None:
    """The folder that holds ``Annotations``: the user's, or the one below it; None when there is none.

    Raises:
        DataError: when several do.
    """
    if (folder / "Annotations").is_dir():
        return folder
    found = sorted(path.parent for path in folder.glob("*/Annotations"))
    if len(found) > 1:
        got = ", ".join(path.name for path in found)
        must = f"must hold one folder with Annotations, {folder} holds several"
        raise DataError(Fault("data.path", must, got, "Give the path of one of them."))
    return found[0] if found else None


def _listed_by_sets(home: Path, report: Report) -> Iterator[File]:
    """The files of ``Annotations`` that ``ImageSets/Main`` lists, or all of them where it lists none."""
    pictures = _pictures(home / "JPEGImages")
    annotations = {file.stem: file for file in sorted((home / "Annotations").glob("*.xml"))}
    sets = {name: home / "ImageSets" / "Main" / f"{name}.txt" for name in SETS}
    if not sets["train"].is_file():
        sets["train"] = sets["train"].with_name("trainval.txt")
    given = {name: path for name, path in sets.items() if path.is_file()}
    if not given:
        yield from ((file, pictures.get(stem), TRAIN) for stem, file in annotations.items())
        return
    seen: set[str] = set()
    for name, path in given.items():
        stems = [
            words[0]
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
            if (words := line.split())
        ]
        if not stems:
            report.add(NO_ROWS, str(path.relative_to(home)))
        for stem in stems:
            if stem in seen:
                report.add(TWICE, stem)
            elif stem in annotations:
                yield annotations[stem], pictures.get(stem), SETS[name]
            else:
                report.add(NOT_LISTED, stem)
            seen.add(stem)
    if "train" not in given:
        report.add(NO_ROWS, "no ImageSets/Main/train.txt")


def _listed_in_pairs(folder: Path, report: Report) -> Iterator[File]:
    """The XML files of a folder, or of its folders ``train``, ``val`` and ``test``, each with the picture of its name.

    Raises:
        DataError: when there is none.
    """
    parts = [path for path in sorted(folder.iterdir()) if path.is_dir() and path.name in PARTS]
    roots = [(path, PARTS[path.name]) for path in parts] if (folder / "train").is_dir() else [(folder, TRAIN)]
    files = {root: sorted(root.rglob("*.xml")) for root, _ in roots}
    if not any(files.values()):
        raise DataError(Fault("data.path", "must hold pictures with XML files", f"no XML below {folder}", WORKS))
    for root, part in roots:
        pictures = _pictures(root)
        if not files[root]:
            report.add(NO_ROWS, root.name)
        if alone := len(set(pictures) - {file.stem for file in files[root]}):
            _log.warning("%d pictures below %s have no XML file and are left out", alone, root)
        yield from ((file, pictures.get(file.stem), part) for file in files[root])


def _pictures(root: Path) -> dict[str, Path]:
    """The pictures below a folder by the stems of their names."""
    faults: list[Fault] = []
    found = {path.stem: path for path in pictures_below(root, "data.path", faults)} if root.is_dir() else {}
    if faults:
        raise DataError(faults)
    return found


def _parsed(file: Path, report: Report) -> ElementTree.Element | None:
    """The content of an XML file; None when it cannot be read."""
    try:
        return ElementTree.parse(file).getroot()
    except (OSError, ValueError, ElementTree.ParseError) as error:
        report.add(BROKEN_FILE, f"{file.name} ({error})")
        return None


def _objects(file: Path, top: ElementTree.Element, report: Report) -> Iterator[Labelled]:
    """The objects that an XML file tells of."""
    for number, found in enumerate(top.iter("object"), start=1):
        label = (found.findtext("name") or "").strip()
        try:
            left, upper, right, lower = (float(found.findtext(f"bndbox/{edge}") or "none") for edge in EDGES)
        except ValueError:
            label = ""
        if not label or not math.isfinite(left + upper + right + lower):
            report.add(BAD_OBJECT, f"{file.name} object {number}")
            continue
        difficult = (found.findtext("difficult") or "0").strip() == "1"
        yield Labelled(label, (left, upper, right, lower), difficult)
