"""Source of Fashion-MNIST, in the official idx form or as PNG pictures."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_vision.data.pictures import Pictures, Source
from attnframe_vision.data.published import absent, checksum_faults, fetch, stamp
from attnframe_vision.recipes.fashion_mnist import CLASSES

CHECKSUMS = {
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    "fashion_mnist_images.tar.xz": "30e345046a0a2e1ddaed4518ec857a7a2f68f2cba00b3fd1f54119bfa0525ec2",
}
"""md5 of the official files, sha256 of the archive of pictures."""
PARTS = {"train": TRAIN, "test": TEST}


class FashionMnistSource(Source):
    """Fashion-MNIST below a data root, in the first of these forms that is there.

    - ``FashionMNIST/raw/`` as torchvision lays it out: the four idx files, packed (.gz) or not;
    - ``fashion_mnist_png/fashion_mnist_images.tar.xz``, or the same folder unpacked: ``train|test/<label 0-9>/*.png``.

    Args:
        data_dir: root of the datasets.
        checksums: file name to md5 or sha256 of the files that must be the published ones.
    """

    name = "fashion_mnist"

    def __init__(self, data_dir: Path, checksums: Mapping[str, str] = CHECKSUMS) -> None:
        self.data_dir, self.checksums = data_dir, checksums
        self.raw = data_dir / "FashionMNIST" / "raw"
        self.tar = data_dir / "fashion_mnist_png" / "fashion_mnist_images.tar.xz"
        self.folder = data_dir / "fashion_mnist_png" / "fashion_mnist_images"

    def fingerprint(self) -> str:
        if idx := self._idx_files():
            return "\n".join(stamp(path) for path in idx)
        if self.tar.is_file():
            return stamp(self.tar)
        if self.folder.is_dir():
            return "\n".join(f"{path.parent} {stamp(path)}" for path in sorted(self.folder.glob("*/*/*.png")))
        raise absent(self.name, self.data_dir, (self.raw, self.tar, self.folder))

    def read(self) -> Pictures:
        if idx := self._idx_files():
            return self._read_idx(idx)
        if self.tar.is_file():
            self._verify([self.tar])
            return _decode(self.tar, _tar_members(self.tar))
        return _decode(self.folder, _folder_members(self.folder))

    def download(self) -> None:
        """Fetch the official files by torchvision's class; does nothing when any form is there.

        Raises:
            DataError: when that fails.
        """
        if self._idx_files() or self.tar.is_file() or self.folder.is_dir():
            return
        from torchvision.datasets import FashionMNIST

        fetch(self.name, self.data_dir, lambda: FashionMNIST(self.data_dir, download=True))

    def _idx_files(self) -> list[Path]:
        """Images and labels of train, then of test; empty unless all four are there."""
        found = []
        for name in CHECKSUMS:
            if name.endswith("ubyte.gz"):
                packed = self.raw / name
                path = packed if packed.is_file() else packed.with_suffix("")
                if not path.is_file():
                    return []
                found.append(path)
        return found

    def _verify(self, paths: list[Path]) -> None:
        known = {path: self.checksums[path.name] for path in paths if path.name in self.checksums}
        if faults := checksum_faults(self.name, known):
            raise DataError(faults)

    def _read_idx(self, paths: list[Path]) -> Pictures:
        self._verify(paths)
        train_images, train_labels, test_images, test_labels = (_read_idx_file(path) for path in paths)
        for images, labels, path in ((train_images, train_labels, paths[0]), (test_images, test_labels, paths[2])):
            if len(images) != len(labels) or images.ndim != 3:
                raise DataError(
                    Fault(str(path), "must hold one picture for each label", f"{len(images)} for {len(labels)}")
                )
        return Pictures(
            np.concatenate([train_images, test_images])[:, None],
            np.concatenate([train_labels, test_labels]).astype(np.int64),
            np.repeat(np.array([TRAIN, TEST], np.uint8), [len(train_labels), len(test_labels)]),
            CLASSES,
        )


def _read_idx_file(path: Path) -> npt.NDArray[np.uint8]:
    """An idx file of bytes: two zeros, type 8, rank, one big-endian uint32 a dimension, then the values."""
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if content[:3] != b"\x00\x00\x08":
            raise ValueError("it does not begin like one")
        shape = np.frombuffer(content, ">u4", content[3], offset=4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(tuple(int(size) for size in shape))
    except (OSError, EOFError, ValueError) as error:
        raise DataError(Fault(str(path), "must be an idx file of bytes", str(error))) from error


def _tar_members(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".png") and (file := archive.extractfile(member)):
                    yield member.name, file.read()
    except (OSError, EOFError, tarfile.TarError) as error:
        raise DataError(Fault(str(path), "must be a whole tar archive", str(error))) from error


def _folder_members(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*/*/*.png")):
        yield str(path), path.read_bytes()


def _decode(root: Path, members: Iterator[tuple[str, bytes]]) -> Pictures:
    images: list[npt.NDArray[np.uint8]] = []
    labels: list[int] = []
    parts: list[int] = []
    faults: list[Fault] = []
    for name, content in members:
        part, label = name.split("/")[-3:-1]
        try:
            picture = np.asarray(Image.open(io.BytesIO(content)).convert("L"))
            if picture.shape != (28, 28) or part not in PARTS or label not in set("0123456789"):
                raise ValueError(f"{picture.shape[1]} x {picture.shape[0]} pixels as {part}/{label}")
        except (OSError, ValueError) as error:
            faults.append(
                Fault(f"{root}: {name}", "must be a picture of 28 x 28 pixels in train|test/<0-9>/", str(error))
            )
            continue
        images.append(picture)
        labels.append(int(label))
        parts.append(PARTS[part])
    if not images and not faults:
        faults.append(Fault(str(root), "must hold pictures in train|test/<0-9>/", "none"))
    if faults:
        raise DataError(faults)
    return Pictures(np.stack(images)[:, None], np.array(labels, np.int64), np.array(parts, np.uint8), CLASSES)
