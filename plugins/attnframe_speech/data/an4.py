"""Source of the census recordings of CMU (AN4) as cepstra."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_speech.data.corpus import Corpus, Source
from attnframe_speech.data.published import PublishedTree
from attnframe_speech.data.reading import File, read_files
from attnframe_speech.frontends.cepstra import Cepstra

WANTED: Final = re.compile(r"etc/an4_(train|test)\.(fileids|transcription)|feat/.*\.mfc")
TREE: Final = PublishedTree(
    dataset="an4_mfcc",
    url="https://github.com/cphazen/Machine-Learning-Project-ASR/archive/5e478f0ee6c5b060edf702acdd563948cad5545f.tar.gz",
    folder="an4_mfcc",
    inside="an4/",
    wanted=lambda name: WANTED.fullmatch(name) is not None,
    sha256="9ed28242dd6fb13fa1f3f59a3e97c982337697fcab6742c1c7ac80c8d7b2f8c6",
)


class An4Source(Source):
    """948 utterances to train on and 130 of other speakers for test, by the lists of the data.

    Args:
        data_dir: root of the datasets.
    """

    name = "an4_mfcc"

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.frontend = data_dir, Cepstra()

    @property
    def protocol(self) -> Mapping[str, str]:
        return {"split": "official, 130 utterances of 10 other speakers for test"}

    def fingerprint(self) -> str:
        return f"{TREE.sha256} {self.frontend.facts}"

    def read(self) -> Corpus:
        found = TREE.ready(self.data_dir)
        files = []
        for name, part in (("train", TRAIN), ("test", TEST)):
            ids = found[f"etc/an4_{name}.fileids"].read_text(encoding="ascii").split()
            lines = found[f"etc/an4_{name}.transcription"].read_text(encoding="ascii").splitlines()
            for place, line in zip(ids, lines, strict=True):
                files.append(File(found[f"feat/{place}.mfc"], transcript_of(line), part))
        heard = read_files(files, self.frontend, "data=an4_mfcc")
        if heard.faults:
            raise DataError(heard.faults)
        targets, parts = [file.target for file in files], [file.part for file in files]
        return Corpus.of(heard.recordings, targets, parts, self.frontend.facts)


def transcript_of(line: str) -> str:
    """The words of a line ``<s> WORDS </s> (id)``, in lower case."""
    words = re.sub(r"\([^()]*\)\s*$", "", line).replace("<s>", " ").replace("</s>", " ").split()
    return " ".join(words).lower()
