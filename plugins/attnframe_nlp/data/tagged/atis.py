"""The files of ATIS."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_nlp.data.sequences.published import ready_all
from attnframe_nlp.data.tagged.sentences import Sentences, SentenceSource

_ADDRESS: Final = (
    "https://raw.githubusercontent.com/MiuLab/SlotGated-SLU/61f0307c729b1fad479ef1de94aa5ac5dee601b0/data/atis"
)
_CHECKSUMS: Final = {
    "train/seq.in": "3a670980841b21ab39088b2595efc17d487cdc45769c075a3e5f9458bba28c7f",
    "train/seq.out": "14c7131bd66562f797dbd7189bc7358f0cf354c6afb0785a9ab973c35b58f34c",
    "train/label": "d0a771547665eecbdf9f96ea015ef07d1f6ee9f063e861020dafabb3c2a04377",
    "valid/seq.in": "c7435b96e7948393608c34819628e863c5338f11ca68e8f896d2cc041d8e17f8",
    "valid/seq.out": "83ccff3e36f83a993f8e5b5b82adf3256076f234abda4d784051381d7ac76922",
    "valid/label": "06957cfe6fdffac84f8280bc3a1f8ca85c85631b363817aa4543aac611f8addf",
    "test/seq.in": "4b2119fc59c37f9398c6605db435d4f467505009e6ee3e5af04fed09f39dc397",
    "test/seq.out": "a4690d6bceadc06876d1ff99bc401744aa981cb321e598ae12a3859d7be53254",
    "test/label": "ce4bfe6590d9498e1078f30b4137d3e8b3e94277b444b26360c0bf2e9e282761",
}
FILES: Final = tuple(
    PublishedFile("atis", f"{_ADDRESS}/{name}", sha256, f"atis/{name}") for name, sha256 in _CHECKSUMS.items()
)
"""Tokens, tags and intents of each part, a sentence a line."""


class AtisSource(SentenceSource):
    """``atis/`` below the root of the datasets. Tags and intents that only the test part has count as wrong answers, as
    in every published figure.

    Args:
        data_dir: root of the datasets.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def read(self) -> Sentences:
        files = [path.read_text(encoding="utf-8").splitlines() for path in ready_all(FILES, self.data_dir)]
        tokens, tags, intents, parts = [], [], [], []
        for number, part in enumerate((TRAIN, VAL, TEST)):
            words, slots, labels = files[3 * number : 3 * number + 3]
            tokens += [tuple(line.split()) for line in words]
            tags += [tuple(line.split()) for line in slots]
            intents += labels
            parts += [part] * len(words)
        return Sentences(tuple(tokens), tuple(tags), np.array(parts, np.uint8), tuple(intents), {"split": "official"})
