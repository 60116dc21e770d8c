"""The files of the UCR and UEA archives."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_timeseries.data.cases import Cases
from attnframe_timeseries.data.ts_files import join, read_parts
from attnframe_timeseries.data.ts_format import TsFile

SKTIME: Final = (
    "https://raw.githubusercontent.com/sktime/sktime/7bd7d1620c0656f3210eeb850bb1c0034159ee47/sktime/datasets/data"
)
HEARTBEAT: Final = (
    "https://raw.githubusercontent.com/aashish-bidap/Heartbeat_KNN_Classifier/5e3ab88436acb773a26e9ab7756c7165b8718804"
)
CHECKSUMS: Final = {
    "ArrowHead": (
        "a83c470aaf611a5f5284377cce27a5fc9f6292bc3d110257b0fd4905ced5ee72",
        "5417dab42626d41df5e435bb22458c2df40dfad4bcd3b59559bbe72e20e84904",
    ),
    "BasicMotions": (
        "8dc43cc6306cb679c888c01e26f91772ac4441a916da43bac8b79734a538b9d6",
        "79213102bc6fca1a398ad98ce1185dff0208fa3d1465e687f48288946b0ff8dc",
    ),
    "GunPoint": (
        "f842401779fd9800d247d8b33121a1a4643710a19b24917dbdd9a060ca8630d5",
        "79332750788a6227b325b96bd0d70130c8eb707b9731f8d7dec62b7a7d36017e",
    ),
    "ItalyPowerDemand": (
        "341269cb7e6cef96846b30e774580beec79addb93848ba360145219115a74b7c",
        "26122451f87dd0387ef90b18bc8a86c041371b8a1c068004922b939971247144",
    ),
    "JapaneseVowels": (
        "68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd",
        "b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462",
    ),
    "ECG200": (
        "ed96989ec5d5ba7d651b4a3e3e905a8e09931999ed25458914f21faac0f7b3ce",
        "c665e09a1b1d2dedb37de7aef2a81866632e98f498460a0977f4d9bfebaffbb1",
    ),
}
"""sha256 of the training and of the test file."""
FOLDERS: Final = {
    "arrow_head": "ArrowHead",
    "basic_motions": "BasicMotions",
    "ecg200": "ECG200",
    "gun_point": "GunPoint",
    "italy_power_demand": "ItalyPowerDemand",
    "japanese_vowels": "JapaneseVowels",
}
"""The archive's name of each set."""


def fetch(name: str, data_dir: Path) -> list[tuple[int, Path]]:
    """The verified files of a set with their parts, fetched where they are not there.

    Raises:
        DataError: naming each file that differs or cannot be fetched.
    """
    faults: list[Fault] = []
    found: list[tuple[int, Path]] = []
    set_name = FOLDERS[name]
    for part, word, checksum in zip((TRAIN, TEST), ("TRAIN", "TEST"), CHECKSUMS[set_name], strict=True):
        if name == "ecg200":
            file = f"{set_name}_{word}.txt"
            published = PublishedFile(name, f"{HEARTBEAT}/{file}", checksum, f"ecg200/{file}")
        else:
            file = f"{set_name}/{set_name}_{word}.ts"
            published = PublishedFile(name, f"{SKTIME}/{file}", checksum, f"uea_ucr/{file}")
        try:
            found.append((part, published.ready(data_dir)))
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    return found


def read_archive(name: str, data_dir: Path) -> Cases:
    """The series of a set with the archive's training and test parts.

    Args:
        name: one of `FOLDERS`. data_dir: root of the datasets.

    Raises:
        DataError: when a file is missing or differs.
    """
    files = fetch(name, data_dir)
    return join([(part, _columns(path)) for part, path in files]) if name == "ecg200" else read_parts(files)


def _columns(path: Path) -> TsFile:
    """A file of the archive's older form: a row a case, its label first."""
    rows = np.loadtxt(path)
    return TsFile([row[1:, None].astype(np.float32) for row in rows], [f"{row[0]:g}" for row in rows])
