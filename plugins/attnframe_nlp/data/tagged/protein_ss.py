"""Secondary structure of proteins: the sets of FLIP and CB513."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Final, Literal

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_nlp.data.sequences.published import ready_all
from attnframe_nlp.data.tagged.sentences import UNTAGGED, Sentences, SentenceSource

TestSet = Literal["cb513", "flip"]
FILES: Final = (
    PublishedFile(
        "protein_ss",
        "https://raw.githubusercontent.com/J-SNACKKB/FLIP/62cace8735f5610e2743cf06ce0f944b37fffaa6/splits/secondary_structure/splits.zip",
        "2e9bbbfd18a055bcac7edd4e059a6bf4bb35ca3ad8f8fa4fc3106422652a4726",
        "protein_ss/splits.zip",
    ),
    PublishedFile(
        "protein_ss",
        "https://raw.githubusercontent.com/omarperacha/ps4-dataset/e1820264e0762fb44d496f53e08cdcb7ddf92598/ps4_data/data/cb513/CB513_HHblits.csv",
        "829e357259fd132e945af4ea4ffa4233f135e886b749a2fc5111b41102537afc",
        "protein_ss/CB513_HHblits.csv",
    ),
)
"""Proteins to train and validate on, and CB513."""
Row = tuple[tuple[str, ...], tuple[str, ...], int]


class ProteinSource(SentenceSource):
    """``protein_ss/`` below the root of the datasets. Residues that the sets mask are read, but neither learnt nor
    scored.

    Args:
        data_dir: root of the datasets.
        test_set: ``cb513`` (Cuff and Barton 1999), or the test proteins of ``flip`` (Dallago et al. 2021).
    """

    def __init__(self, data_dir: Path, test_set: TestSet) -> None:
        self.data_dir, self.test_set = data_dir, test_set

    def read(self) -> Sentences:
        archive, table = ready_all(FILES, self.data_dir)
        rows = _flip(archive)
        if self.test_set == "cb513":
            rows = [row for row in rows if row[2] != TEST] + _cb513(table)
        tokens, tags, parts = zip(*rows, strict=True)
        protocol = {"test set": self.test_set, "scored": "residues that the set does not mask, 3 states"}
        return Sentences(tokens, tags, np.array(parts, np.uint8), (), protocol)


def _flip(archive: Path) -> list[Row]:
    """The proteins of FLIP's sampled split."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = ("sequences", "sampled", "mask")
            sequences, states, masks = (_fasta(opened.read(f"splits/{name}.fasta").decode("ascii")) for name in names)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        must = "must hold splits/sequences.fasta, splits/sampled.fasta and splits/mask.fasta"
        raise DataError(Fault(str(archive), must, str(error))) from error
    rows: list[Row] = []
    for name, (header, tags) in states.items():
        part = TEST if "SET=test" in header else VAL if "VALIDATION=True" in header else TRAIN
        rows.append((tuple(sequences[name][1]), _masked(tags, masks[name][1]), part))
    return rows


def _fasta(text: str) -> dict[str, tuple[str, str]]:
    """Header and sequence by name, the first word of a header."""
    found = {}
    for record in text.split(">")[1:]:
        header, _, body = record.partition("\n")
        found[header.split()[0]] = header, body.replace("\n", "")
    return found


def _cb513(table: Path) -> list[Row]:
    reader = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"), newline=""), skipinitialspace=True)
    rows: list[Row] = []
    for row in reader:
        masks = "".join("1" if float(shown) else "0" for shown in row["cb513_mask"].split())
        rows.append((tuple(row["input"].split()), _masked("".join(row["dssp3"].split()), masks), TEST))
    return rows


def _masked(tags: str, masks: str) -> tuple[str, ...]:
    return tuple(tag if shown == "1" else UNTAGGED for tag, shown in zip(tags, masks, strict=True))
