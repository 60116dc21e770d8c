"""The data module of text classification."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import complete_parts
from attnframe_nlp.data.labelled.evidence import Evidence, fold_of
from attnframe_nlp.data.labelled.floor import Floor
from attnframe_nlp.data.labelled.texts import Texts, TextSource
from attnframe_nlp.data.sequences.lexicon import Lexicon
from attnframe_nlp.data.sequences.parts import rows_of
from attnframe_nlp.data.sequences.ragged import Ragged
from attnframe_nlp.data.sequences.vocabulary import PADDING, Vocabulary, fit_vocabulary, vocabulary_from
from attnframe_nlp.data.source import PARTS
from attnframe_nlp.recipes.labelled_texts import LabelledTexts

LabelledBatch = dict[str, Tensor]
"""``tokens`` (B, T) padded with 0, ``labels`` (B,), ``spellings`` (B, T, S), S being 0 without subwords, all int64, and
``evidence`` (B, T, C), one number a class, C being 0 without evidence."""


class LabelledSplit:
    """One part of labelled texts.

    Args:
        tokens: the words of each text. labels: (N,) class indices. lexicon: what the numbers in `tokens` are of.
        evidence: what tokens say. folds: (N,) which of its tables serves each text.
    """

    def __init__(self, tokens: Ragged, labels: Tensor, lexicon: Lexicon, evidence: Evidence, folds: Tensor) -> None:
        self.tokens, self.labels, self.lexicon = tokens, labels, lexicon
        self.evidence, self.folds = evidence, folds

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def lengths(self) -> Tensor:
        """(N,) tokens of each text."""
        return self.tokens.lengths

    def batch(self, indices: Tensor) -> LabelledBatch:
        """The texts at `indices` (B,), padded to the longest of them."""
        tokens, spellings = self.lexicon.look_up(self.tokens.batch(indices, PADDING))
        evidence = self.evidence.look_up(tokens, self.folds[indices])
        return {"tokens": tokens, "labels": self.labels[indices], "spellings": spellings, "evidence": evidence}


class LabelledModule(DataModule):
    """Texts with a label each.

    `facts`: ``classes``, ``vocabulary`` (`Vocabulary.values`), ``vocabulary_size``, ``stops``, ``max_length``,
    ``subwords`` (buckets) and ``evidence`` (`Evidence.values`; empty without). Validation and test
    texts are ordered by length, so that batches hold little padding.

    Args:
        recipe: the data's settings.
        source: where the texts come from.
    """

    train: LabelledSplit
    val: LabelledSplit
    test: LabelledSplit

    def __init__(self, recipe: LabelledTexts, source: TextSource) -> None:
        self.recipe, self.source = recipe, source

    def setup(self) -> None:
        texts = self.source.read()
        self.protocol = texts.protocol
        classes = self._classes(texts)
        numbers = {name: number for number, name in enumerate(classes)}
        labels = np.array([numbers[label] for label in texts.labels], np.int64)
        parts = complete_parts(texts.parts, labels, self.recipe.split)
        rows = rows_of(parts, "texts")
        self.texts = {name: [texts.texts[row] for row in rows[name]] for name in PARTS}
        self.labels = {name: labels[rows[name]].tolist() for name in PARTS}
        self.digest = Texts(texts.texts, texts.labels, parts).digest
        vocabulary = self._vocabulary()
        self.facts = self.known_facts or self._facts(classes, vocabulary)
        lexicon = Lexicon(vocabulary, self.facts["subwords"])
        self.train, self.val, self.test = (self._split(name, lexicon, self.facts["max_length"]) for name in PARTS)

    def floor(self) -> dict[str, Any]:
        """Naive Bayes, as the data's recipe says, learnt from the training part; and the share of the most frequent
        class."""
        return Floor(self.recipe.floor_features).scores(
            self.texts["train"], self.labels["train"], self.texts["test"], self.labels["test"]
        )

    def _classes(self, texts: Texts) -> list[str]:
        found = sorted(set(texts.labels))
        if self.known_facts is None:
            return found
        known: list[str] = self.known_facts["classes"]
        must, works = "must be one that the model was trained on", f"Known: {', '.join(known[:20])}."
        if faults := [Fault(f"label {name!r}", must, "", works) for name in found if name not in known]:
            raise DataError(faults)
        return known

    def _vocabulary(self) -> Vocabulary:
        if self.known_facts is not None:
            return vocabulary_from(self.known_facts["vocabulary"])
        recipe = self.recipe
        return fit_vocabulary(
            recipe.tokens,
            self.texts["train"],
            lowercase=recipe.lowercase,
            min_count=recipe.min_count,
            size=recipe.vocabulary_size,
        )

    def _facts(self, classes: list[str], vocabulary: Vocabulary) -> Facts:
        return {
            "classes": classes,
            "vocabulary": vocabulary.values(),
            "vocabulary_size": vocabulary.size,
            "stops": vocabulary.stops,
            "max_length": self.recipe.max_length,
            "subwords": self.recipe.subwords,
            "evidence": self._evidence(vocabulary, len(classes), folds=False).values() if self.recipe.evidence else {},
        }

    def _evidence(self, vocabulary: Vocabulary, classes: int, folds: bool) -> Evidence:
        rows = [vocabulary.encode(text) for text in self.texts["train"]]
        return Evidence.count(rows, np.array(self.labels["train"], np.int64), vocabulary.size, classes, folds)

    def _split(self, name: str, lexicon: Lexicon, longest: int) -> LabelledSplit:
        rows = [lexicon.encode(text)[:longest] for text in self.texts[name]]
        labels = np.array(self.labels[name], np.int64)
        if name != "train":
            order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
            rows, labels = [rows[row] for row in order], labels[order]
        evidence = Evidence.of(self.facts["evidence"], self.facts["vocabulary_size"])
        folds = np.zeros(len(rows), np.int64)
        if name == "train" and self.facts["evidence"]:
            evidence, folds = self._evidence(lexicon.vocabulary, len(self.facts["classes"]), True), fold_of(len(rows))
        return LabelledSplit(Ragged(rows), torch.from_numpy(labels), lexicon, evidence, torch.from_numpy(folds))
