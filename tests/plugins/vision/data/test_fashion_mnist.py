from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest
from attnframe_vision.data.fashion_mnist import CHECKSUMS, FashionMnistSource
from PIL import Image

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN

IMAGES = np.random.default_rng(0).integers(0, 256, (30, 28, 28), dtype=np.uint8)
LABELS = (np.arange(30) % 10).astype(np.uint8)


def idx(array: np.ndarray) -> bytes:
    return b"\x00\x00\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write_idx(root: Path, packed: bool = True) -> Path:
    """The official layout: 20 training and 10 test pictures."""
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    contents = (IMAGES[:20], LABELS[:20], IMAGES[20:], LABELS[20:])
    for name, array in zip((name for name in CHECKSUMS if "idx" in name), contents, strict=True):
        path = raw / (name if packed else name.removesuffix(".gz"))
        path.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    return raw


def png(picture: np.ndarray) -> bytes:
    written = io.BytesIO()
    Image.fromarray(picture).save(written, "PNG")
    return written.getvalue()


def members() -> dict[str, bytes]:
    places = [("train" if i < 20 else "test", LABELS[i], i) for i in range(30)]
    return {f"fashion_mnist_images/{part}/{label}/{i:04}.png": png(IMAGES[i]) for part, label, i in places}


def write_tar(root: Path, contents: dict[str, bytes]) -> Path:
    path = root / "fashion_mnist_png" / "fashion_mnist_images.tar.xz"
    path.parent.mkdir(parents=True)
    with tarfile.open(path, "w:xz") as archive:
        for name, content in {"fashion_mnist_images/LICENSE": b"MIT", **contents}.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return path


def check(source: FashionMnistSource) -> None:
    """The source gives exactly the pictures written above, each with its label and part."""
    found = source.read()
    given = {(IMAGES[i].tobytes(), int(LABELS[i]), TRAIN if i < 20 else TEST) for i in range(30)}
    read = {(found.images[i].tobytes(), int(found.labels[i]), int(found.parts[i])) for i in range(len(found.labels))}
    assert read == given
    assert found.images.shape == (30, 1, 28, 28)
    assert found.classes[9] == "Ankle boot"


@pytest.mark.parametrize("packed", [True, False])
def test_official_files(tmp_path: Path, packed: bool) -> None:
    write_idx(tmp_path, packed)
    check(FashionMnistSource(tmp_path, {}))


def test_torchvision_reads_the_same_layout(tmp_path: Path) -> None:
    from torchvision.datasets import FashionMNIST

    write_idx(tmp_path, packed=False)
    theirs = FashionMNIST(tmp_path, train=False)
    found = FashionMnistSource(tmp_path, {}).read()
    assert (theirs.data.numpy() == found.images[found.parts == TEST, 0]).all()
    assert tuple(theirs.classes) == found.classes


def test_archive_of_pictures(tmp_path: Path) -> None:
    write_tar(tmp_path, members())
    check(FashionMnistSource(tmp_path, {}))


def test_unpacked_pictures(tmp_path: Path) -> None:
    for name, content in members().items():
        path = tmp_path / "fashion_mnist_png" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    check(FashionMnistSource(tmp_path, {}))


def test_absent_files_tell_where_and_how_to_fetch_them(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        FashionMnistSource(tmp_path).fingerprint()
    text = str(raised.value)
    assert str(tmp_path / "FashionMNIST" / "raw") in text
    assert str(tmp_path / "fashion_mnist_png" / "fashion_mnist_images.tar.xz") in text
    assert f"attnframe download data=fashion_mnist data_dir={tmp_path}" in text


def test_files_that_are_not_the_published_ones_are_all_named(tmp_path: Path) -> None:
    raw = write_idx(tmp_path)
    with pytest.raises(DataError) as raised:
        FashionMnistSource(tmp_path).read()
    assert len(raised.value.faults) == 4
    first = raw / "train-images-idx3-ubyte.gz"
    assert raised.value.faults[0].where == str(first)
    assert "must be the published file (md5 8d4fb7e6c68d591d4c3dfef9ec88bf0d)" in str(raised.value)
    assert hashlib.md5(first.read_bytes()).hexdigest() in str(raised.value)
    assert "Delete it and run: attnframe download data=fashion_mnist" in str(raised.value)


def test_an_archive_that_is_not_the_published_one_is_named(tmp_path: Path) -> None:
    path = write_tar(tmp_path, members())
    with pytest.raises(DataError, match=r"must be the published file \(sha256 30e34504") as raised:
        FashionMnistSource(tmp_path).read()
    assert str(path) in str(raised.value)


def test_an_archive_that_is_cut_off(tmp_path: Path) -> None:
    path = write_tar(tmp_path, members())
    path.write_bytes(path.read_bytes()[:-4000])
    with pytest.raises(DataError, match="must be a whole tar archive"):
        FashionMnistSource(tmp_path, {}).read()


def test_an_idx_file_that_is_cut_off(tmp_path: Path) -> None:
    raw = write_idx(tmp_path, packed=False)
    broken = raw / "t10k-images-idx3-ubyte"
    broken.write_bytes(broken.read_bytes()[:-1])
    with pytest.raises(DataError, match="must be an idx file of bytes") as raised:
        FashionMnistSource(tmp_path, {}).read()
    assert raised.value.faults[0].where == str(broken)


def test_more_pictures_than_labels(tmp_path: Path) -> None:
    raw = write_idx(tmp_path, packed=False)
    (raw / "train-labels-idx1-ubyte").write_bytes(idx(LABELS[:19]))
    with pytest.raises(DataError, match=r"must hold one picture for each label. Got 20 for 19"):
        FashionMnistSource(tmp_path, {}).read()


def test_every_broken_picture_of_an_archive_is_named(tmp_path: Path) -> None:
    contents = members()
    contents["fashion_mnist_images/train/0/9998.png"] = b"no picture"
    contents["fashion_mnist_images/train/0/9999.png"] = png(np.zeros((5, 5), np.uint8))
    write_tar(tmp_path, contents)
    with pytest.raises(DataError) as raised:
        FashionMnistSource(tmp_path, {}).read()
    assert ["9998.png" in str(raised.value.faults[0]), "9999.png" in str(raised.value.faults[1])] == [True, True]
    assert len(raised.value.faults) == 2


def test_the_fingerprint_follows_the_files(tmp_path: Path) -> None:
    raw = write_idx(tmp_path)
    source = FashionMnistSource(tmp_path, {})
    before = source.fingerprint()
    assert source.fingerprint() == before
    path = raw / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx(LABELS[:20][::-1])) + b"\x00")
    assert source.fingerprint() != before


def test_download_leaves_files_that_are_there_alone(tmp_path: Path) -> None:
    raw = write_idx(tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in raw.iterdir()}
    FashionMnistSource(tmp_path).download()
    assert {path.name: path.stat().st_mtime_ns for path in raw.iterdir()} == before
