"""Published files: fetched once at a fixed address, and verified. Torch-free."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from attnframe.errors import DataError, Fault

BLOCK = 1 << 20
"""Bytes hashed at a time."""


@dataclass(frozen=True)
class PublishedFile:
    """A file that is the same for everyone.

    Args:
        dataset: name that ``data=NAME`` selects.
        url: address at a fixed commit.
        sha256: of its bytes, hex.
        place: where it lies below the root of the datasets.
    """

    dataset: str
    url: str
    sha256: str
    place: str

    def ready(self, data_dir: Path) -> Path:
        """The verified file, fetched when it is not there.

        Raises:
            DataError: naming the file whose checksum differs, or that cannot be fetched or read.
        """
        path = data_dir / self.place
        if not path.exists():
            self._fetch(path)
        try:
            got = _sha256(path)
        except OSError as error:
            raise DataError(Fault(str(path), "must be a readable file", error.strerror or str(error))) from error
        if got != self.sha256:
            raise self._differs(path, got)
        return path

    def _fetch(self, path: Path) -> None:
        import pooch

        pooch.get_logger().setLevel("WARNING")
        try:
            # Without a hash, so that a file that differs is told in the same words wherever it came from.
            pooch.retrieve(
                self.url,
                None,
                fname=path.name,
                path=path.parent,
                downloader=pooch.HTTPDownloader(progressbar=True, timeout=60),
            )
        except (OSError, ValueError) as error:
            reason = " ".join(str(error).split())
            raise DataError(
                Fault(
                    str(path),
                    f"must be there, or data_dir writable and {self.url} reachable",
                    reason if len(reason) <= 200 else reason[:200] + " …",
                    f"Run attnframe download data={self.dataset} where there is a network and copy the file.",
                )
            ) from error

    def _differs(self, path: Path, got: str) -> DataError:
        works = f"Delete it and run attnframe download data={self.dataset}."
        return DataError(Fault(str(path), f"must be the published file (sha256 {self.sha256})", f"sha256 {got}", works))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
