"""A large set of short sentence pairs, written as a user's own files for a recorded baseline."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from attnframe_nlp.sentence_pairs.multi30k import Multi30kSource
from attnframe_nlp.sentence_pairs.number_words import drawn, in_words

NUMBER: Final = 50_000
"""How many pairs."""


def write_short_pairs(folder: Path, data_dir: Path) -> None:
    """Write ``train.de`` and ``train.en``: the captions that multi30k trains on, and numbers in words, mixed.

    Args:
        folder: where the files go.
        data_dir: root of the datasets.

    Raises:
        DataError: when multi30k is not in the data directory.
    """
    pairs = [*Multi30kSource(data_dir, "de", "en", "2016_flickr").read().parts["train"]]
    pairs += [(in_words(number, "de"), in_words(number, "en")) for number in drawn(NUMBER - len(pairs))]
    random.Random(0).shuffle(pairs)
    for place, ending in enumerate(("de", "en")):
        (folder / f"train.{ending}").write_text("".join(f"{pair[place]}\n" for pair in pairs), encoding="utf-8")
