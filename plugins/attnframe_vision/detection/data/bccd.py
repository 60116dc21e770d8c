"""Source of BCCD."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe_vision.data.published import absent, fetch, stamp
from attnframe_vision.detection.data.listing import stamps
from attnframe_vision.detection.data.scenes import Scenes, SceneSource
from attnframe_vision.detection.data.voc import VocSource

COMMIT: Final = "d272fb14cdff6e473fafeeeba32aba5f560e9e43"
ADDRESS: Final = f"https://github.com/Shenggan/BCCD_Dataset/archive/{COMMIT}.zip"
DIGEST: Final = "9b9c8c784a87b6ec7f3c13089acd16228ebde5723caeb5dc0fdce78e598a52f3"
"""sha256 of the names and contents of the set's files, in the order of their names; see `digest_of`."""
FOLDERS: Final = ("Annotations", "ImageSets", "JPEGImages")


class BccdSource(SceneSource):
    """BCCD below a data root, in the first of these forms that is there:

    - ``bccd/BCCD/``, or ``BCCD_Dataset/BCCD/`` as the upstream repository lays it out, with `FOLDERS`;
    - ``bccd/bccd.tar.xz`` or ``bccd/BCCD_Dataset.zip``, that repository packed.

    Args:
        data_dir: root of the datasets.
        size: height and width in pixels that pictures are fitted into.
        digest: that the set's files must have.
    """

    name = "bccd"

    def __init__(self, data_dir: Path, size: tuple[int, int], digest: str = DIGEST) -> None:
        self.data_dir, self.size, self.digest = data_dir, size, digest

    def resized(self, size: tuple[int, int]) -> BccdSource:
        return BccdSource(self.data_dir, size, self.digest)

    def fingerprint(self) -> str:
        place = self._place()
        return "\n".join([str(self.size), *(stamps(place) if place.is_dir() else [stamp(place)])])

    def read(self) -> Scenes:
        place = self._place()
        files = dict(_members(place))
        got = digest_of(files)
        if got != self.digest:
            works = f"Delete it and run: attnframe download data={self.name}"
            must = f"must hold the published files (sha256 {self.digest})"
            raise DataError(Fault(str(place), must, f"sha256 {got}", works))
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return VocSource(Path(folder), self.size, skip_broken=True).read()

    def download(self) -> None:
        """Fetch the upstream repository, packed; does nothing when any form is there.

        Raises:
            DataError: when that fails.
        """
        if not any(path.exists() for path in self._places()):
            fetch(self.name, self.data_dir, self._retrieve)

    def _retrieve(self) -> None:
        import pooch

        pooch.get_logger().setLevel("WARNING")
        packed = self._places()[-1]
        loader = pooch.HTTPDownloader(progressbar=True, timeout=60)
        # Without a hash of the archive, which the server makes anew; its content is verified when it is read.
        pooch.retrieve(ADDRESS, None, fname=packed.name, path=packed.parent, downloader=loader)

    def _places(self) -> list[Path]:
        home = self.data_dir / self.name
        unpacked = [home / "BCCD", self.data_dir / "BCCD_Dataset" / "BCCD"]
        return [*unpacked, home / "bccd.tar.xz", home / "BCCD_Dataset.zip"]

    def _place(self) -> Path:
        found = next((path for path in self._places() if path.exists()), None)
        if found is None:
            raise absent(self.name, self.data_dir, self._places())
        return found


def digest_of(files: dict[str, bytes]) -> str:
    """sha256 (hex) of names and contents, in the order of the names."""
    found = hashlib.sha256()
    for name in sorted(files):
        found.update(f"{name} {len(files[name])}\n".encode())
        found.update(files[name])
    return found.hexdigest()


def _members(place: Path) -> Iterator[tuple[str, bytes]]:
    """Name below ``BCCD/`` and content of each of the set's files.

    Raises:
        DataError: when the archive is not whole.
    """
    try:
        for name, content in _every_file(place):
            parts = PurePosixPath(name).parts
            first = next((number for number, part in enumerate(parts) if part in FOLDERS), None)
            if first is not None and ".." not in parts:
                yield "/".join(parts[first:]), content
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise DataError(
            Fault(str(place), "must be a whole archive or a folder that can be read", str(error))
        ) from error


def _every_file(place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        yield from (
            (path.relative_to(place).as_posix(), path.read_bytes()) for path in place.rglob("*") if path.is_file()
        )
    elif place.suffix == ".zip":
        with zipfile.ZipFile(place) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist() if not name.endswith("/"))
    else:
        with tarfile.open(place, "r|*") as packed:
            for member in packed:
                if member.isfile() and (file := packed.extractfile(member)):
                    yield member.name, file.read()
