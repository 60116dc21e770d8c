"""The decode-once cache: the frames of a corpus as one memory-mapped array, keyed by what it was made of."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from attnframe_speech.data.corpus import Corpus, Source

FORMAT = 1
"""Raised whenever the layout of the cache or the features change, so that older caches are not read."""
_log = logging.getLogger(__name__)


def load(source: Source, cache_dir: Path) -> tuple[Corpus, str]:
    """The corpus of a source and the sha256 (hex) of its content, from the cache if it holds them, else made and stored
    there. Its remarks are told each time.

    The key is the sha256 of the source's fingerprint; the folder appears whole or not at all, and one that cannot be
    read is made again.

    Raises:
        DataError: with every fault of the source.
    """
    key = hashlib.sha256(f"{FORMAT}\n{source.fingerprint()}".encode()).hexdigest()
    folder = cache_dir / "speech" / f"{source.name}-{key[:16]}"
    try:
        corpus, digest = _open(folder)
    except (OSError, ValueError, KeyError):
        _store(source.read(), folder)
        corpus, digest = _open(folder)
    for remark in corpus.remarks:
        _log.warning("%s", remark)
    return corpus, digest


def _open(folder: Path) -> tuple[Corpus, str]:
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    frames = np.load(folder / "frames.npy", mmap_mode="c")
    starts, parts = np.load(folder / "starts.npy"), np.load(folder / "parts.npy")
    if len(frames) != starts[-1] or len(parts) != len(about["targets"]):
        raise ValueError(f"{folder} does not hold what it says")
    corpus = Corpus(frames, starts, tuple(about["targets"]), parts, about["frontend"], tuple(about["remarks"]))
    return corpus, about["digest"]


def _store(corpus: Corpus, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))
    try:
        for name in ("frames", "starts", "parts"):
            np.save(made / f"{name}.npy", getattr(corpus, name))
        about = {
            "targets": corpus.targets,
            "frontend": dict(corpus.frontend),
            "remarks": corpus.remarks,
            "digest": digest(corpus),
        }
        (made / "about.json").write_text(json.dumps(about), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(made, folder)
    except OSError:
        if not folder.is_dir():  # otherwise another process stored the same corpus first
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def digest(corpus: Corpus) -> str:
    """sha256 (hex) of frames, lengths, targets and parts."""
    found = hashlib.sha256(json.dumps([corpus.targets, dict(corpus.frontend)]).encode())
    for array in (corpus.frames, corpus.starts, corpus.parts):
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
