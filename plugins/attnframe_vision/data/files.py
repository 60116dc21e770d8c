"""Finding picture files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from attnframe.errors import Fault


def pictures_below(root: Path, where: str, faults: list[Fault]) -> Iterator[Path]:
    """Files below a folder, sorted, whose ending is that of a format that Pillow opens; hidden ones left out.

    Args:
        root: the folder.
        where: the key that named it, for faults.
        faults: takes a fault for each folder that cannot be read.
    """
    Image.init()
    endings = {ending for ending, name in Image.registered_extensions().items() if name in Image.OPEN}

    def unreadable(error: OSError) -> None:
        faults.append(Fault(where, "must hold folders that can be read", str(error)))

    for folder, folders, names in os.walk(root, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in endings:
                yield Path(folder, name)
