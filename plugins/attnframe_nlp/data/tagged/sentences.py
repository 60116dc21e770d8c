"""Sentences of tokens with a tag each, and the contract of what gives them."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from attnframe.errors import Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL

UNTAGGED: Final = ""
"""Tag of a token that is read, but neither learnt nor scored."""


@dataclass(frozen=True)
class Sentences:
    """Sentences, each with a part and, on request, an intent.

    Args:
        tokens: the tokens of each. tags: the tag of each token, by name; `UNTAGGED` for none.
        parts: (N,) `TRAIN`, `VAL` or `TEST`; parts that do not occur are cut off the training part.
        intents: the label of each sentence as a whole, by name; empty when there are none.
        protocol: how test figures are to be read, by name; see `DataModule`.
    """

    tokens: tuple[tuple[str, ...], ...]
    tags: tuple[tuple[str, ...], ...]
    parts: npt.NDArray[np.uint8]
    intents: tuple[str, ...] = ()
    protocol: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """sha256 (hex) of all of it."""
        found = hashlib.sha256()
        intents = self.intents or ("",) * len(self.tokens)
        for tokens, tags, part, intent in zip(self.tokens, self.tags, self.parts.tolist(), intents, strict=True):
            found.update(f"{part}\t{intent}\t{' '.join(tokens)}\t{' '.join(tags)}\n".encode())
        return found.hexdigest()


class SentenceSource(ABC):
    """Where sentences with tags come from."""

    @abstractmethod
    def read(self) -> Sentences:
        """Find and check the sentences.

        Raises:
            DataError: with every fault at once.
        """


def tag_faults(sentences: Sentences, where: str) -> list[Fault]:
    """What is wrong with the tags of sentences that a user gave: fewer than two, or one that training does not have.

    Args:
        sentences: the sentences. where: the path that they came from.
    """
    counts: Counter[str] = Counter()
    trained: set[str] = set()
    for tags, part in zip(sentences.tags, sentences.parts.tolist(), strict=True):
        counts.update(tags)
        if part == TRAIN:
            trained.update(tags)
    faults = []
    if len(counts) < 2:
        got = f"only {next(iter(counts))!r}" if counts else "no token"
        faults.append(Fault(where, "must hold at least 2 different tags", got))
    for tag in sorted(set(counts) - trained):
        must = "must occur in the training part, or it cannot be learnt"
        got = f"{counts[tag]} times in the other parts"
        faults.append(Fault(f"tag {tag!r}", must, got, "Move a sentence with it to train, or rename the tag."))
    fewest = 1 + len({VAL, TEST} - set(sentences.parts.tolist()))
    count = int((sentences.parts == TRAIN).sum())
    if count < fewest:
        must = f"must hold at least {fewest} sentences to train on and to cut missing parts off"
        faults.append(Fault(where, must, str(count)))
    return faults
