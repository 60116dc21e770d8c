"""The data module of language modelling."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule
from attnframe_nlp.data.ngram import WittenBell
from attnframe_nlp.data.source import PARTS, Corpus, Source
from attnframe_nlp.data.tokens import Encoded, encode, fitted
from attnframe_nlp.data.windows import TextBatch, Windows
from attnframe_nlp.recipes.text import TextData
from attnframe_nlp.tokenizer.base import Tokenizer
from attnframe_nlp.tokenizer.make import tokenizer_from

FLOOR_ORDER: Final = 5
FLOOR_TOKENS: Final = 5_000_000
"""Most tokens that the floor learns from: of a longer text the last ones."""


class TextModule(DataModule):
    """Text as windows of tokens.

    `facts`: ``tokenizer`` (the values of `Tokenizer.values`), ``vocabulary_size``, ``context``. With `known_facts` the
    text is encoded by the tokenizer and cut into the windows of the checkpoint.

    Args:
        recipe: the data's settings.
        source: where the text comes from.
        cache_dir: where the tokens are kept.
    """

    train: Windows
    val: Windows
    test: Windows

    def __init__(self, recipe: TextData, source: Source, cache_dir: Path) -> None:
        self.recipe, self.source, self.cache_dir = recipe, source, cache_dir

    def setup(self) -> None:
        recipe, known = self.recipe, self.known_facts
        corpus = self.source.read()
        if known is None:
            tokenizer = fitted(corpus, recipe.tokenizer, recipe.vocabulary_size, self.cache_dir)
        else:
            tokenizer = tokenizer_from(known["tokenizer"])
            _check_characters(corpus, tokenizer)
        self.context: int = recipe.context if known is None else known["context"]
        self.facts = {"tokenizer": tokenizer.values(), "vocabulary_size": tokenizer.size, "context": self.context}
        self.encoded = encode(corpus, tokenizer, self.cache_dir)
        self.digest = self.encoded.digest
        if faults := self._length_faults(self.encoded):
            raise DataError(faults)
        self.train, self.val, self.test = (Windows(self.encoded.parts[part], self.context) for part in PARTS)

    def augment(self, batch: TextBatch) -> TextBatch:
        """The training windows at random places; as many as cover the part are an epoch."""
        return self.train.shifted(batch)

    def _length_faults(self, encoded: Encoded) -> list[Fault]:
        faults = []
        for part in PARTS:
            tokens = len(encoded.parts[part])
            # Training needs one whole window and its last target, the others one token and its target.
            least = self.context + 1 if part == "train" else 2
            if tokens < least:
                works = f"Give a longer text, or another {self.recipe.key('split')}."
                if part == "train" and tokens > 2:
                    works = f"Give a longer text, or a {self.recipe.key('context')} of at most {tokens - 1}."
                faults.append(
                    Fault(f"The {part} part of the text", f"must have at least {least} tokens", str(tokens), works)
                )
        return faults

    def floor(self) -> dict[str, Any]:
        """A 5-gram model of the tokens, learnt from the training and validation parts; see `WittenBell`."""
        parts, tokenizer = self.encoded.parts, self.encoded.tokenizer
        known = np.concatenate([parts["train"].tokens[-FLOOR_TOKENS:], parts["val"].tokens])[-FLOOR_TOKENS:]
        model = WittenBell(FLOOR_ORDER, tokenizer.size, known)
        test = parts["test"].tokens
        characters_of, nats, characters, at = tokenizer.characters(), 0.0, 0, 0
        for chunk in model.nats(test):
            # The first token of all is no target of the model's either.
            skipped = 1 if at == 0 else 0
            nats += float(chunk[skipped:].sum())
            characters += int(characters_of[test[at + skipped : at + len(chunk)]].sum())
            at += len(chunk)
        loss = nats / (len(test) - 1)
        return {
            "name": f"{FLOOR_ORDER}-gram, Witten-Bell",
            "test/loss": loss,
            "test/perplexity": float(np.exp(loss)),
            "test/nats_per_character": nats / characters,
        }


def _check_characters(corpus: Corpus, tokenizer: Tokenizer) -> None:
    """Refuse a text with characters that a tokenizer does not know."""
    unknown: set[str] = set()
    for text in corpus.parts.values():
        for piece in text.pieces():
            unknown |= tokenizer.unknown(piece)
    if unknown:
        raise DataError(
            Fault(
                "The text",
                f"must use only the {tokenizer.size} characters that the checkpoint was trained with",
                " ".join(repr(character) for character in sorted(unknown)[:20]),
                "Leave them out, or train with data.tokenizer=byte or bpe, which know every character.",
            )
        )
