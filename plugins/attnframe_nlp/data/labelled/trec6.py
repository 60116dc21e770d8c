"""The files of TREC's questions."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_nlp.data.labelled.texts import Texts, TextSource
from attnframe_nlp.data.sequences.published import ready_all

_ADDRESS: Final = (
    "https://raw.githubusercontent.com/harvardnlp/sent-conv-torch/d61ded09c99c0199d8c5bca946cd65864de2b296/data/raw"
)
_CHECKSUMS: Final = {
    "TREC.train": "9e4c8bdcaffb96ed61041bd64b564183d52793a8e91d84fc3a8646885f466ec3",
    "TREC.test": "033f22c028c2bbba9ca682f68ffe204dc1aa6e1cf35dd6207f2d4ca67f0d0e8e",
}
FILES: Final = tuple(
    PublishedFile("trec6", f"{_ADDRESS}/{name}", sha256, f"trec6/{name}") for name, sha256 in _CHECKSUMS.items()
)
"""Training and test part: in each line a class, a colon, a finer class and a question, in Latin-1."""


class Trec6Source(TextSource):
    """``trec6/`` below the root of the datasets; validation is cut off the training questions.

    Args:
        data_dir: root of the datasets.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def read(self) -> Texts:
        rows: list[tuple[str, str, int]] = []
        for path, part in zip(ready_all(FILES, self.data_dir), (TRAIN, TEST), strict=True):
            for line in path.read_text(encoding="latin-1").splitlines():
                label, _, text = line.partition(" ")
                rows.append((text, label.partition(":")[0], part))
        texts, labels, parts = zip(*rows, strict=True)
        return Texts(texts, labels, np.array(parts, np.uint8), {"classes": "the 6 coarse ones", "split": "official"})
