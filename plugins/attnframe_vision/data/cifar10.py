"""Source of CIFAR-10 in its official Python form."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_vision.data.pictures import Pictures, Source
from attnframe_vision.data.published import absent, checksum_faults, fetch, stamp
from attnframe_vision.recipes.cifar10 import CLASSES

CHECKSUMS = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
"""md5 of the official files."""


class Cifar10Source(Source):
    """CIFAR-10 below a data root as torchvision lays it out: ``cifar-10-batches-py/`` with five training batches and
    a test batch.

    Args:
        data_dir: root of the datasets.
        checksums: file name to md5 of the files that must be the published ones.
    """

    name = "cifar10"

    def __init__(self, data_dir: Path, checksums: Mapping[str, str] = CHECKSUMS) -> None:
        self.data_dir, self.checksums = data_dir, checksums
        self.folder = data_dir / "cifar-10-batches-py"

    def fingerprint(self) -> str:
        if not self._complete():
            raise absent(self.name, self.data_dir, [self.folder / "{data_batch_1 to data_batch_5, test_batch}"])
        return "\n".join(stamp(self.folder / name) for name in CHECKSUMS)

    def read(self) -> Pictures:
        if faults := checksum_faults(self.name, {self.folder / name: value for name, value in self.checksums.items()}):
            raise DataError(faults)
        batches = [_read_batch(self.folder / name) for name in CHECKSUMS]
        counts = [len(labels) for _, labels in batches]
        return Pictures(
            np.concatenate([images for images, _ in batches]),
            np.concatenate([labels for _, labels in batches]),
            np.repeat(np.array([TRAIN] * 5 + [TEST], np.uint8), counts),
            CLASSES,
        )

    def download(self) -> None:
        """Fetch and unpack the official archive by torchvision's class; does nothing when the files are there.

        Raises:
            DataError: when that fails.
        """
        if self._complete():
            return
        from torchvision.datasets import CIFAR10

        fetch(self.name, self.data_dir, lambda: CIFAR10(self.data_dir, download=True))

    def _complete(self) -> bool:
        return all((self.folder / name).is_file() for name in CHECKSUMS)


class _ArraysOnly(pickle.Unpickler):
    """An unpickler that builds numpy arrays and plain values, and nothing else."""

    ALLOWED = frozenset({"_reconstruct", "ndarray", "dtype", "_frombuffer", "scalar"})

    def find_class(self, module: str, name: str) -> Any:
        if (module.split(".")[0] == "numpy" and name in self.ALLOWED) or (module, name) == ("_codecs", "encode"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"it would load {module}.{name}")


def _read_batch(path: Path) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], np.ndarray[Any, np.dtype[np.int64]]]:
    try:
        content = _ArraysOnly(io.BytesIO(path.read_bytes()), encoding="latin1").load()
        images, labels = np.asarray(content["data"], np.uint8), np.asarray(content["labels"], np.int64)
        if len(images) != len(labels) or not 0 <= labels.min() <= labels.max() < len(CLASSES):
            raise ValueError(f"{len(images)} pictures for {len(labels)} labels")
        return images.reshape(-1, 3, 32, 32), labels
    except (OSError, EOFError, KeyError, TypeError, ValueError, AttributeError, pickle.UnpicklingError) as error:
        raise DataError(Fault(str(path), "must be a batch of CIFAR-10's Python form", repr(error))) from error
