"""The files of Multi30k."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

from attnframe.plugin.published import PublishedFile
from attnframe_nlp.sentence_pairs.pairs import Pairs, PairSource

_COMMIT: Final = "a3d2e0d26b56f3846f66a952536ffed4e401d05a"
SHA256: Final = {
    "train.de": "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6",
    "train.en": "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f",
    "val.de": "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a",
    "val.en": "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28",
    "test_2016_flickr.de": "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8",
    "test_2016_flickr.en": "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9",
    "test_2017_flickr.de": "a2c89666db00c495cd8513b9d708d5a3acc205d7de312ef2bf5fb7ebc1540aee",
    "test_2017_flickr.en": "76a444ee25172e72695cddb13ae4a3bda59430617be88e0bb46b60504f054074",
    "test_2017_mscoco.de": "799e4854c25d601cb6cb6be29eabe5667734c61ace2f495e03e429031a0bc338",
    "test_2017_mscoco.en": "aab300bfb4427697987e02cd0aacd44bfe8aa50456231b6474c08038bbed2b58",
}
"""Of the packed files, by what they hold."""


def published(name: str) -> PublishedFile:
    """The packed file of a part in a language, e.g. ``train.de``."""
    return PublishedFile(
        dataset="multi30k",
        url=f"https://raw.githubusercontent.com/multi30k/dataset/{_COMMIT}/data/task1/raw/{name}.gz",
        sha256=SHA256[name],
        place=f"multi30k_en_de/{name}.gz",
    )


class Multi30kSource(PairSource):
    """Task 1 of Multi30k, untokenised.

    Args:
        data_dir: root of the datasets.
        source: ``de`` or ``en``. target: the other.
        test: year and pictures of the test part.
    """

    def __init__(self, data_dir: Path, source: str, target: str, test: str) -> None:
        self.data_dir, self.languages = data_dir, (source, target)
        self.names = {"train": "train", "val": "val", "test": f"test_{test}"}

    def read(self) -> Pairs:
        return Pairs({part: list(zip(*self._both(name), strict=True)) for part, name in self.names.items()})

    def download(self) -> None:
        """Fetch and verify the files."""
        for name in self.names.values():
            for language in self.languages:
                published(f"{name}.{language}").ready(self.data_dir)

    def _both(self, name: str) -> tuple[list[str], list[str]]:
        first, second = (self._sentences(f"{name}.{language}") for language in self.languages)
        return first, second

    def _sentences(self, name: str) -> list[str]:
        text = gzip.decompress(published(name).ready(self.data_dir).read_bytes()).decode("utf-8")
        return [line.strip() for line in text.removesuffix("\n").split("\n")]
