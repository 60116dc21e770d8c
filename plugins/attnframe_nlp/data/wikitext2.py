"""The files of WikiText-2, raw."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe_nlp.data.source import Corpus, Source, given
from attnframe_nlp.data.text import TextOfFile

ARCHIVE: Final = PublishedFile(
    dataset="wikitext2",
    url="https://huggingface.co/datasets/ggml-org/ci/resolve/"
    "927b3642933080f1b0e811e2f916e14c292992f9/wikitext-2-raw-v1.zip",
    sha256="ef7edb566e3e2b2d31b29c1fdb0c89a4cc683597484c3dc2517919c615435a11",
    place="wikitext2/wikitext-2-raw-v1.zip",
)
FILES: Final = ("wiki.train.raw", "wiki.valid.raw", "wiki.test.raw")


class WikiText2Source(Source):
    """``wikitext2/wikitext-2-raw/wiki.{train,valid,test}.raw`` below the root of the datasets, as the official archive
    lays them out.

    Args:
        data_dir: root of the datasets.
        archive: where the files are unpacked from when they are not there.
    """

    def __init__(self, data_dir: Path, archive: PublishedFile = ARCHIVE) -> None:
        self.data_dir, self.archive = data_dir, archive
        self.folder = data_dir / "wikitext2" / "wikitext-2-raw"

    def read(self) -> Corpus:
        self.download()
        train, val, test = (TextOfFile(self.folder / name) for name in FILES)
        return given(train, val, test)

    def download(self) -> None:
        """Fetch, verify and unpack the archive; does nothing when the three files are there."""
        if all((self.folder / name).is_file() for name in FILES):
            return
        path = self.archive.ready(self.data_dir)
        try:
            with zipfile.ZipFile(path) as archive:
                for name in FILES:
                    archive.extract(f"wikitext-2-raw/{name}", self.folder.parent)
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            must = f"must hold {', '.join(FILES)}, and be unpacked into {self.folder}"
            raise DataError(Fault(str(path), must, str(error))) from error
