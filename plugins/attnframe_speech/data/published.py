"""Published sets of many small files: fetched as one archive, verified by what is in them."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from attnframe.errors import DataError, Fault


@dataclass(frozen=True)
class PublishedTree:
    """Files that are the same for everyone, in an archive whose own bytes may change.

    Args:
        dataset: name that ``data=NAME`` selects.
        url: of a gzipped tar file at a fixed version.
        folder: where the files lie below the root of the datasets.
        inside: folder of the archive, below its first one, that the files lie in; empty for that first one.
        wanted: whether a file is wanted, by its path below `folder`.
        sha256: of the lines ``sha256 path`` of all wanted files, sorted by path, hex.
    """

    dataset: str
    url: str
    folder: str
    inside: str
    wanted: Callable[[str], bool]
    sha256: str

    def ready(self, data_dir: Path) -> dict[str, Path]:
        """The verified files by path below `folder`, sorted; fetched when there are none.

        Raises:
            DataError: when they cannot be fetched, or are not those that were published.
        """
        root = data_dir / self.folder
        if not self._files(root):
            self._fetch(root)
        files = self._files(root)
        got = tree_digest(files)
        if got != self.sha256:
            works = f"Delete {root} and run attnframe download data={self.dataset}."
            must = f"must hold the published files (sha256 of all {self.sha256})"
            raise DataError(Fault(str(root), must, f"{len(files)} files, sha256 of all {got}", works))
        return files

    def _files(self, root: Path) -> dict[str, Path]:
        found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
        return {name: found[name] for name in sorted(found) if self.wanted(name)}

    def _fetch(self, root: Path) -> None:
        import pooch

        pooch.get_logger().setLevel("WARNING")
        try:
            root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                loader = pooch.HTTPDownloader(progressbar=True, timeout=60)
                archive = pooch.retrieve(self.url, None, fname="archive.tar.gz", path=folder, downloader=loader)
                self.unpack(Path(archive), root)
        except (OSError, ValueError, tarfile.TarError) as error:
            reason = " ".join(str(error).split())
            works = f"Run attnframe download data={self.dataset} where there is a network and copy the folder."
            must = f"must hold the data, or data_dir be writable and {self.url} reachable"
            raise DataError(Fault(str(root), must, reason[:200], works)) from error

    def unpack(self, archive: Path, root: Path) -> None:
        """Write the wanted files of an archive below a folder."""
        with tarfile.open(archive) as content:
            for member in content:
                below = member.name.partition("/")[2].removeprefix(self.inside)
                stream = content.extractfile(member) if member.isfile() and self.wanted(below) else None
                if stream is not None and ".." not in below.split("/"):
                    target = root / below
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(stream.read())


def tree_digest(files: Mapping[str, Path]) -> str:
    """sha256 (hex) of the lines ``sha256 path`` of files by path, sorted."""
    found = hashlib.sha256()
    for name in sorted(files):
        found.update(f"{hashlib.sha256(files[name].read_bytes()).hexdigest()} {name}\n".encode())
    return found.hexdigest()
