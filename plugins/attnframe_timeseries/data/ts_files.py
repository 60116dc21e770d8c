"""Labelled series of two files, a user's own or an archive's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_timeseries.data.cases import Cases
from attnframe_timeseries.data.ts_format import TsFile, read_ts


def read_ts_files(folder: Path) -> Cases:
    """The series of a folder with ``NAME_TRAIN.ts`` and perhaps ``NAME_TEST.ts``.

    Args:
        folder: where they lie.

    Raises:
        DataError: with everything that is wrong with folder and files.
    """
    works = "Write a folder with NAME_TRAIN.ts and, if there is a test part, NAME_TEST.ts."
    if not folder.is_dir():
        must = "must be a folder with NAME_TRAIN.ts and NAME_TEST.ts"
        raise DataError(Fault("data.path", must, str(folder), works))
    trains = sorted(folder.glob("*_TRAIN.ts"))
    if len(trains) != 1:
        got = ", ".join(path.name for path in trains[:5]) or "none"
        raise DataError(Fault(str(folder), "must hold one file NAME_TRAIN.ts", got, works))
    test = trains[0].with_name(trains[0].name.replace("_TRAIN.ts", "_TEST.ts"))
    return read_parts([(TRAIN, trains[0]), *([(TEST, test)] if test.exists() else [])])


def read_parts(files: Sequence[tuple[int, Path]]) -> Cases:
    """The series of files that are a part each, with the classes of all of them.

    Raises:
        DataError: with everything that is wrong with the files.
    """
    faults: list[Fault] = []
    read = [(part, path, read_ts(path, faults)) for part, path in files]
    channels = {path: file.series[0].shape[1] for _, path, file in read if file.series}
    if len(set(channels.values())) > 1:
        got = ", ".join(f"{count} in {path.name}" for path, count in channels.items())
        faults.append(Fault(str(files[0][1].parent), "must have files of as many channels", got))
    if faults:
        raise DataError(faults)
    return join([(part, file) for part, _, file in read])


def join(files: Sequence[tuple[int, TsFile]]) -> Cases:
    """Files of one number of channels as one set; classes are those declared, or else those that occur, sorted."""
    declared = dict.fromkeys(name for _, file in files for name in file.classes)
    classes = tuple(declared) or tuple(sorted({label for _, file in files for label in file.labels}))
    number = {name: place for place, name in enumerate(classes)}
    return Cases(
        series=tuple(one for _, file in files for one in file.series),
        labels=np.array([number[label] for _, file in files for label in file.labels], np.int64),
        classes=classes,
        parts=np.array([part for part, file in files for _ in file.series], np.uint8),
    )
