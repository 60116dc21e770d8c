from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from attnframe_vision.data.cifar10 import CHECKSUMS, Cifar10Source

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 10, 3072), dtype=np.uint8)


class Malicious:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("echo pwned",)


def write(root: Path) -> Path:
    """The official Python form: six batches of ten pictures, pickled as in 2009."""
    folder = root / "cifar-10-batches-py"
    folder.mkdir()
    for images, name in zip(IMAGES, CHECKSUMS, strict=True):
        batch = {
            b"batch_label": name.encode(),
            b"labels": list(range(10)),
            b"data": images,
            b"filenames": [b"a.png"] * 10,
        }
        text = {key.decode(): value for key, value in batch.items()}
        (folder / name).write_bytes(pickle.dumps(text, protocol=2))
    return folder


def test_official_form(tmp_path: Path) -> None:
    write(tmp_path)
    found = Cifar10Source(tmp_path, {}).read()
    assert found.images.shape == (60, 3, 32, 32)
    assert (found.images.reshape(6, 10, 3072) == IMAGES).all()
    assert found.labels.tolist() == list(range(10)) * 6
    assert found.parts.tolist() == [TRAIN] * 50 + [TEST] * 10
    assert found.classes[:2] == ("airplane", "automobile")


def test_absent_files_tell_where_and_how_to_fetch_them(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        Cifar10Source(tmp_path).fingerprint()
    assert str(tmp_path / "cifar-10-batches-py" / "{data_batch_1 to data_batch_5, test_batch}") in str(raised.value)
    assert f"attnframe download data=cifar10 data_dir={tmp_path}" in str(raised.value)


def test_one_absent_batch_counts_as_absent(tmp_path: Path) -> None:
    (write(tmp_path) / "data_batch_4").unlink()
    with pytest.raises(DataError, match="attnframe download data=cifar10"):
        Cifar10Source(tmp_path).fingerprint()


def test_files_that_are_not_the_published_ones_are_all_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with pytest.raises(DataError, match="must be the published file") as raised:
        Cifar10Source(tmp_path).read()
    assert [fault.where for fault in raised.value.faults] == [str(folder / name) for name in CHECKSUMS]


def test_a_pickle_that_would_run_code_is_refused_before_it_runs(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path)
    (folder / "data_batch_2").write_bytes(pickle.dumps({"data": Malicious(), "labels": []}))
    with pytest.raises(DataError, match=r"it would load posix.system") as raised:
        Cifar10Source(tmp_path, {}).read()
    assert raised.value.faults[0].where == str(folder / "data_batch_2")
    assert "pwned" not in capfd.readouterr().out


@pytest.mark.parametrize(
    "content", [b"", b"no pickle", pickle.dumps([1, 2]), pickle.dumps({"data": np.zeros((2, 3072))})]
)
def test_a_batch_of_another_form_is_named(tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path)
    (folder / "test_batch").write_bytes(content)
    with pytest.raises(DataError, match="must be a batch of CIFAR-10's Python form") as raised:
        Cifar10Source(tmp_path, {}).read()
    assert raised.value.faults[0].where == str(folder / "test_batch")


def test_more_pictures_than_labels(tmp_path: Path) -> None:
    folder = write(tmp_path)
    content = {"data": IMAGES[0], "labels": [1, 2]}
    (folder / "data_batch_1").write_bytes(pickle.dumps(content, protocol=2))
    with pytest.raises(DataError, match="10 pictures for 2 labels"):
        Cifar10Source(tmp_path, {}).read()
