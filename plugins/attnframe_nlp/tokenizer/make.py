"""Tokenizers by name: fitted to a text, or rebuilt from saved values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from attnframe_nlp.tokenizer.base import Tokenizer
from attnframe_nlp.tokenizer.byte import ByteTokenizer
from attnframe_nlp.tokenizer.character import CharacterTokenizer

TokenizerName = Literal["character", "byte", "bpe"]


def fit_tokenizer(name: TokenizerName, *, train: Iterable[str], every: Iterable[str], size: int) -> Tokenizer:
    """Fit a tokenizer.

    Args:
        name: which one.
        train: pieces of the training part, which merges are learnt from.
        every: pieces of all parts, which the character vocabulary is listed from, so that each character has a
            probability.
        size: vocabulary size of ``bpe``.
    """
    if name == "character":
        return CharacterTokenizer.fit(every)
    if name == "byte":
        return ByteTokenizer()
    from attnframe_nlp.tokenizer.bpe import BytePairTokenizer

    return BytePairTokenizer.fit(train, size)


def tokenizer_from(values: Mapping[str, Any]) -> Tokenizer:
    """Rebuild a tokenizer from `Tokenizer.values`."""
    if values["name"] == "character":
        return CharacterTokenizer(values["vocabulary"])
    if values["name"] == "byte":
        return ByteTokenizer()
    from attnframe_nlp.tokenizer.bpe import BytePairTokenizer

    return BytePairTokenizer(values["fitted"])
