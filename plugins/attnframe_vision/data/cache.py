"""The decode-once cache: a set of pictures as memory-mapped arrays, keyed by what it was decoded from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from attnframe_vision.data.pictures import Pictures, Source

FORMAT = 1
"""Raised whenever the layout of the cache or the decoding changes, so that older caches are not read."""


def load(source: Source, cache_dir: Path) -> tuple[Pictures, str]:
    """The pictures of a source and the sha256 (hex) of what was decoded, from the cache if it holds them, else
    decoded and stored there.

    The images come back as a copy-on-write memory map: batches are read from the file cache, and nothing can change
    the file. A cache that cannot be read is made again. The key is the sha256 of the source's fingerprint; the folder
    appears whole or not at all.

    Raises:
        DataError: with every fault of the source.
    """
    key = hashlib.sha256(f"{FORMAT}\n{source.fingerprint()}".encode()).hexdigest()
    folder = cache_dir / "vision" / f"{source.name}-{key[:16]}"
    try:
        return _open(folder)
    except (OSError, ValueError, KeyError):
        _store(source.read(), folder)
        return _open(folder)


def _open(folder: Path) -> tuple[Pictures, str]:
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    images = np.load(folder / "images.npy", mmap_mode="c")
    labels, parts = np.load(folder / "labels.npy")
    if list(images.shape) != about["shape"] or len(labels) != len(images):
        raise ValueError(f"{folder} does not hold what it says")
    return Pictures(images, labels, parts.astype(np.uint8), tuple(about["classes"]), about["fit"]), about["digest"]


def _store(pictures: Pictures, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))
    try:
        np.save(made / "images.npy", pictures.images)
        np.save(made / "labels.npy", np.stack([pictures.labels, pictures.parts.astype(np.int64)]))
        about = {
            "shape": list(pictures.images.shape),
            "classes": list(pictures.classes),
            "fit": pictures.fit,
            "digest": digest(pictures),
        }
        (made / "about.json").write_text(json.dumps(about), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(made, folder)
    except OSError:
        if not folder.is_dir():  # otherwise another process stored the same pictures first
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def digest(pictures: Pictures) -> str:
    """sha256 (hex) of pixels, labels, parts and class names."""
    found = hashlib.sha256(json.dumps([pictures.images.shape, pictures.classes]).encode())
    for array in (pictures.images, pictures.labels, pictures.parts):
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
