from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from attnframe_vision.detection.data.bccd import BccdSource, digest_of
from attnframe_vision.detection.recipes.bccd import CLASSES

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", ["bccd/BCCD", "BCCD_Dataset/BCCD", "bccd/bccd.tar.xz", "bccd/BCCD_Dataset.zip"])
def test_every_form_is_read(voc: Path, tmp_path: Path, form: str) -> None:
    root = tmp_path / "data"
    place = root / form
    place.parent.mkdir(parents=True)
    if place.suffix == ".xz":
        with tarfile.open(place, "w:xz") as packed:
            packed.add(voc, "BCCD")
    elif place.suffix == ".zip":
        with zipfile.ZipFile(place, "w") as archive:
            archive.writestr("BCCD_Dataset-1/README.md", "told")
            for name, content in files(voc).items():
                archive.writestr(f"BCCD_Dataset-1/BCCD/{name}", content)
    else:
        shutil.copytree(voc, place)
    source = BccdSource(root, (64, 96), digest_of(files(voc)))
    source.fingerprint()
    scenes = source.read()
    assert len(scenes.images) == 12
    assert scenes.classes == ("cat", "dog")
    with pytest.raises(
        DataError, match=r"must hold the published files \(sha256 9b9c.*\. Got sha256 .* Delete it and run: att"
    ):
        BccdSource(root, (64, 96)).read()


def test_absent_files_say_how_to_fetch_them(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"must be at .*bccd.tar.xz.*Fetch it with: attnframe download data=bccd"):
        BccdSource(tmp_path, (64, 96)).fingerprint()


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bccd").mkdir()
    (tmp_path / "bccd" / "bccd.tar.xz").write_bytes(b"cut")
    with pytest.raises(DataError, match="must be a whole archive or a folder that can be read"):
        BccdSource(tmp_path, (64, 96)).read()


@pytest.mark.skipif("ATTNFRAME_DATA_DIR" not in os.environ, reason="needs ATTNFRAME_DATA_DIR")
def test_the_published_set_has_its_official_split() -> None:
    scenes = BccdSource(Path(os.environ["ATTNFRAME_DATA_DIR"]), (48, 64)).read()
    assert [int((scenes.parts == part).sum()) for part in (TRAIN, VAL, TEST)] == [205, 87, 72]
    assert scenes.classes == CLASSES
    assert [int((scenes.labels == number).sum()) for number in range(3)] == [361, 4153, 372]
