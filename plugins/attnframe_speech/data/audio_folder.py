"""Source of a user's own recordings in class folders."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from attnframe.errors import Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_speech.data.files_source import FilesSource
from attnframe_speech.data.reading import Clipped, File, files_below
from attnframe_speech.frontends.base import Frontend

PARTS = {"train": TRAIN, "val": VAL, "valid": VAL, "validation": VAL, "dev": VAL, "test": TEST}
WORKS = "Expected: DIR/<class>/*.wav, or DIR/train/<class>/*.wav with val and test beside."


class AudioFolderSource(FilesSource):
    """Recordings in ``DIR/<class>/**`` or ``DIR/{train,val,test}/<class>/**``.

    Args:
        folder: DIR.
        frontend: makes the frames.
        clipped: whether clipped recordings are told or refused.
    """

    name = "audio_folder"

    def __init__(self, folder: Path, frontend: Frontend, clipped: Clipped) -> None:
        super().__init__(frontend, "data.path", clipped)
        self.folder = folder

    def files(self, faults: list[Fault]) -> list[File]:
        if not self.folder.is_dir():
            faults.append(Fault("data.path", "must be a folder that exists", str(self.folder), WORKS))
            return []
        folders = sorted(path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        parted = any(path.name == "train" for path in folders)
        roots = (
            [(path, PARTS[path.name]) for path in folders if path.name in PARTS] if parted else [(self.folder, TRAIN)]
        )
        others = [path.name for path in folders if path.name not in PARTS] if parted else []
        if others:
            must = f"must hold either class folders or parts (train, val, test), {self.folder} holds both"
            faults.append(Fault("data.path", must, ", ".join(others), WORKS))
        found: list[File] = []
        for root, part in roots:
            found += self._below(root, part, faults)
        if not found:
            got = f"none below {self.folder}"
            faults.append(Fault("data.path", "must hold recordings in class folders", got, WORKS))
        faults += _count_faults(found)
        return found

    def _below(self, root: Path, part: int, faults: list[Fault]) -> list[File]:
        """The recordings of one part; a class folder without any is a fault."""
        found = []
        for path in files_below(root, self.frontend.endings, "data.path", faults):
            inside = path.relative_to(root).parts
            if len(inside) > 1:
                found.append(File(path, inside[0], part))
        classes = {path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")}
        for name in sorted(classes - {file.target for file in found}):
            works = "Add recordings or remove the folder."
            faults.append(Fault(f"class {name}", "must have recordings", f"none below {root / name}", works))
        return found


def _count_faults(files: list[File]) -> list[Fault]:
    """What is wrong with the numbers of recordings: too few classes, or too few to cut missing parts off."""
    faults = []
    counts = Counter(file.target for file in files)
    if len(counts) == 1:
        faults.append(Fault("data.path", "must hold at least two classes", f"only {next(iter(counts))}", WORKS))
    trained = Counter(file.target for file in files if file.part == TRAIN)
    fewest = 1 + len({VAL, TEST} - {file.part for file in files})
    for name in sorted(counts):
        if trained[name] < fewest:
            must = f"must have at least {fewest} recordings to train on and to cut missing parts off"
            faults.append(Fault(f"class {name}", must, str(trained[name])))
    return faults
