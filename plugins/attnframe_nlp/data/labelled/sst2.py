"""The files of SST-2, sentences only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_nlp.data.labelled.texts import Texts, TextSource
from attnframe_nlp.data.sequences.published import ready_all

_ADDRESS: Final = (
    "https://raw.githubusercontent.com/clairett/pytorch-sentiment-classification/"
    "457ffd83de90a9d6d472d8ffc31bbffe40a8b236/data/SST2"
)
_CHECKSUMS: Final = {
    "train.tsv": "ec192f833a64da08f475488a77b0d0b47db47acd0f458bd18433fc793b569920",
    "dev.tsv": "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359",
    "test.tsv": "831169c7e2e429d6026e1bdbb542f33b636e3e596caad9602ebc953c205928b7",
}
FILES: Final = tuple(
    PublishedFile("sst2", f"{_ADDRESS}/{name}", sha256, f"sst2/{name}") for name, sha256 in _CHECKSUMS.items()
)
"""Training, validation and test part: a sentence, a tab and 0 or 1 in each line."""


class Sst2Source(TextSource):
    """``sst2/`` below the root of the datasets.

    Args:
        data_dir: root of the datasets.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def read(self) -> Texts:
        rows: list[tuple[str, str, int]] = []
        for path, part in zip(ready_all(FILES, self.data_dir), (TRAIN, VAL, TEST), strict=True):
            for line in path.read_text(encoding="utf-8").splitlines():
                text, _, label = line.rpartition("\t")
                rows.append((text, "positive" if label == "1" else "negative", part))
        texts, labels, parts = zip(*rows, strict=True)
        return Texts(texts, labels, np.array(parts, np.uint8), {"split": "official, sentences without their phrases"})
