"""Words and punctuation marks as tokens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, PAD, SPECIAL, SPECIAL_NAMES, UNKNOWN, Vocabulary

_WORD: Final = re.compile(r"\w+(?:[-'’.]\w+)*|[^\w\s]")
_SHOWN: Final = {PAD: "", BEGIN: "", END: "", UNKNOWN: "⁇"}


class WordVocabulary(Vocabulary):
    """Words and punctuation marks, those that are known; the others are one unknown word.

    Args:
        words: those that are known, without repetition.
        lower_case: whether sentences are read in lower case.
        tokenised: whether tokens stand with spaces between them already.
    """

    def __init__(self, words: Sequence[str], lower_case: bool, tokenised: bool) -> None:
        super().__init__(lower_case)
        self.words, self.tokenised = list(words), tokenised
        self._ids = {word: number for number, word in enumerate(words, start=SPECIAL)}

    @classmethod
    def fit(cls, sentences: Iterable[str], min_count: int, lower_case: bool, tokenised: bool) -> WordVocabulary:
        """The words that occur at least `min_count` times, the most frequent first."""
        empty = cls([], lower_case, tokenised)
        counts = Counter(
            word for sentence in sentences for word in empty.split(sentence.lower() if lower_case else sentence)
        )
        known = sorted(
            (word for word, count in counts.items() if count >= min_count), key=lambda word: (-counts[word], word)
        )
        return cls(known, lower_case, tokenised)

    @property
    def size(self) -> int:
        return SPECIAL + len(self.words)

    def split(self, sentence: str) -> list[str]:
        """The words and marks of a sentence."""
        return sentence.split() if self.tokenised else _WORD.findall(sentence)

    def _encode(self, sentences: Sequence[str]) -> list[list[int]]:
        return [[self._ids.get(word, UNKNOWN) for word in self.split(sentence)] for sentence in sentences]

    def decode(self, tokens: Sequence[int]) -> str:
        text = " ".join(piece for piece in self.pieces(tokens) if piece)
        return text if self.tokenised else detokenised(text)

    def pieces(self, tokens: Sequence[int]) -> list[str]:
        return [_SHOWN[token] if token < SPECIAL else self.words[token - SPECIAL] for token in tokens]

    def names(self) -> list[str]:
        return [*SPECIAL_NAMES, *self.words]

    def values(self) -> dict[str, Any]:
        return {"name": "word", "words": self.words, "lower_case": self.lower_case, "tokenised": self.tokenised}


def detokenised(text: str) -> str:
    """Tokens with spaces between them as prose of languages that are written like English: no space before closing
    marks, after opening ones, and inside plain quotation marks."""
    text = re.sub(r" ([.,;:!?%)\]}…»”])", r"\1", text)
    text = re.sub(r"([(\[{«„“¿¡]) ", r"\1", text)
    text = re.sub(r"\" ([^\"]*) \"", r'"\1"', text)
    return re.sub(r" (n't|'(?:s|re|ve|ll|d|m))\b", r"\1", text)
