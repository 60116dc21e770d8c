"""The DNA sequences of the UCI repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import numpy as np

from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_nlp.data.labelled.texts import Texts, TextSource

Problem = Literal["splice", "promoters"]
FOLDS: Final = 10
FILES: Final[dict[Problem, PublishedFile]] = {
    "splice": PublishedFile(
        "uci_dna",
        "https://raw.githubusercontent.com/code-cse/Splice-DNA-Gene/68f6e12cada4dc408d145046bff76f30ea021abc/data/spliceData.txt",
        "ebbae10c85d3c285e2a2489a37e42bc2ee8d91d15005e391a9962fa3389a114f",
        "uci_dna/spliceData.txt",
    ),
    "promoters": PublishedFile(
        "uci_dna",
        "https://raw.githubusercontent.com/farhan-137/dna-promoter-classifier/585478d4bcbeb8a6293f777d9d1abfae91c6db59/data/promoters.data",
        "9cba9e8661ab04760d69b857f62259233446f2dce5ec9b515efe0b23c315bb29",
        "uci_dna/promoters.data",
    ),
}
"""In each line a class, a name and a sequence, with commas between them."""
_NAMES: Final = {"+": "promoter", "-": "other", "N": "neither"}


class UciDnaSource(TextSource):
    """``uci_dna/`` below the root of the datasets, a tenth of it the test part, validation cut off the rest.

    Args:
        data_dir: root of the datasets.
        problem: ``splice`` (exon to intron, intron to exon, or neither) or ``promoters``.
        fold: which tenth is the test part, from 0.
    """

    def __init__(self, data_dir: Path, problem: Problem, fold: int) -> None:
        self.data_dir, self.problem, self.fold = data_dir, problem, fold

    def read(self) -> Texts:
        lines = FILES[self.problem].ready(self.data_dir).read_text(encoding="ascii").splitlines()
        rows = [[field.strip() for field in line.split(",")] for line in lines if line.strip()]
        order = np.random.default_rng(0).permutation(len(rows))
        parts = np.full(len(rows), TRAIN, np.uint8)
        parts[np.array_split(order, FOLDS)[self.fold]] = TEST
        return Texts(
            tuple(row[2].upper() for row in rows),
            tuple(_NAMES.get(row[0], row[0]) for row in rows),
            parts,
            {"problem": self.problem, "fold": f"{self.fold} of {FOLDS}, shuffled with seed 0"},
        )
