"""Reading the recordings that a user wants predictions for."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import PredictRecipe
from attnframe_speech.data.reading import File, files_below, read_files
from attnframe_speech.frontends.base import Frames, Frontend
from attnframe_speech.recipes.predict import SpeechPredict

_log = logging.getLogger(__name__)


def read_recordings(source: str, frontend: Frontend, options: PredictRecipe) -> Iterable[tuple[str, Frames]]:
    """Path and frames of a recording, or of every recording below a folder, in the order of their names. What a user
    should know of them is told.

    Raises:
        DataError: when there is none, or with every file that cannot be read.
    """
    root = Path(source)
    if not root.exists():
        raise DataError(Fault("input", "must be a recording or a folder of recordings that exists", source))
    faults: list[Fault] = []
    paths = list(files_below(root, frontend.endings, "input", faults)) if root.is_dir() else [root]
    if not paths and not faults:
        endings = ", ".join(sorted(frontend.endings))
        faults.append(Fault("input", f"must hold recordings ({endings})", f"none below {source}"))
    clipped = options.clipped if isinstance(options, SpeechPredict) else "tell"
    heard = read_files([File(path, "", 0) for path in paths], frontend, "input", clipped)
    if faults := [*faults, *heard.faults]:
        raise DataError(faults)
    for remark in heard.remarks:
        _log.warning("%s", remark)
    return [(str(file.path), frames) for file, frames in zip(heard.kept, heard.recordings, strict=True)]
