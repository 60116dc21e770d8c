"""The data module of sequence tagging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import complete_parts
from attnframe_nlp.data.sequences.lexicon import Lexicon
from attnframe_nlp.data.sequences.parts import rows_of
from attnframe_nlp.data.sequences.ragged import Ragged
from attnframe_nlp.data.sequences.vocabulary import PADDING, PieceVocabulary
from attnframe_nlp.data.source import PARTS
from attnframe_nlp.data.tagged.floor import TagFloor
from attnframe_nlp.data.tagged.sentences import UNTAGGED, Sentences, SentenceSource
from attnframe_nlp.recipes.tagged_tokens import TaggedTokens

IGNORED: Final = -100
"""Tag of padding, and of tokens that are neither learnt nor scored."""

TaggedBatch = dict[str, Tensor]
"""``tokens`` (B, T) padded with 0, ``tags`` (B, T) padded with -100, ``intents`` (B,), all int64, and ``spellings``
(B, T, S), S being 0 without subwords."""


class TaggedSplit:
    """One part of tagged sentences.

    Args:
        tokens: the tokens of each sentence. tags: their tags. intents: (N,) of the sentences, 0 without intents.
        lexicon: what the numbers in `tokens` are of.
    """

    def __init__(self, tokens: Ragged, tags: Ragged, intents: Tensor, lexicon: Lexicon) -> None:
        self.tokens, self.tags, self.intents, self.lexicon = tokens, tags, intents, lexicon

    def __len__(self) -> int:
        return len(self.intents)

    @property
    def lengths(self) -> Tensor:
        """(N,) tokens of each sentence."""
        return self.tokens.lengths

    def batch(self, indices: Tensor) -> TaggedBatch:
        """The sentences at `indices` (B,), padded to the longest of them."""
        tokens, spellings = self.lexicon.look_up(self.tokens.batch(indices, PADDING))
        tags = self.tags.batch(indices, IGNORED)
        return {"tokens": tokens, "tags": tags, "intents": self.intents[indices], "spellings": spellings}


@dataclass(frozen=True)
class Part:
    """The sentences of one part, as they were given: tokens, tags and intents by name."""

    tokens: list[tuple[str, ...]]
    tags: list[tuple[str, ...]]
    intents: list[str]


class TaggedModule(DataModule):
    """Sentences with a tag for each token.

    `facts`: ``tags``, ``intents`` (empty when sentences have none), ``vocabulary`` (`Vocabulary.values`),
    ``vocabulary_size``, ``stops``, ``max_length`` and ``subwords`` (buckets). A sentence that is longer than
    `max_length` is cut into pieces. Validation and test sentences are ordered by length, so that batches hold little
    padding.

    Args:
        recipe: the data's settings.
        source: where the sentences come from.
    """

    train: TaggedSplit
    val: TaggedSplit
    test: TaggedSplit

    def __init__(self, recipe: TaggedTokens, source: SentenceSource) -> None:
        self.recipe, self.source = recipe, source

    def setup(self) -> None:
        sentences = self.source.read()
        self.protocol = sentences.protocol
        labels = np.zeros(len(sentences.parts), np.int64)
        parts = complete_parts(sentences.parts, labels, self.recipe.split)
        rows = rows_of(parts, "sentences")
        self.digest = Sentences(sentences.tokens, sentences.tags, parts, sentences.intents).digest
        self.parts = {name: _part(sentences, rows[name]) for name in PARTS}
        self.facts = self.known_facts or self._facts()
        if faults := self._unknown(self.facts):
            raise DataError(faults)
        values = self.facts["vocabulary"]
        vocabulary = PieceVocabulary(values["kind"], values["lowercase"], values["pieces"])
        lexicon = Lexicon(vocabulary, self.facts["subwords"])
        self.train, self.val, self.test = (self._split(name, lexicon) for name in PARTS)

    def floor(self) -> dict[str, Any]:
        """The most frequent tag of a word, or naive Bayes over a window, as the data's recipe says; and naive Bayes for
        intents. Learnt from the training part."""
        return TagFloor(self.recipe.floor_window).scores(self.parts["train"], self.parts["test"])

    def _facts(self) -> Facts:
        recipe, train = self.recipe, self.parts["train"]
        vocabulary = PieceVocabulary.fit(recipe.split_into, recipe.lowercase, train.tokens, recipe.min_count)
        return {
            "tags": sorted({tag for part in self.parts.values() for tags in part.tags for tag in tags} - {UNTAGGED}),
            "intents": sorted({intent for part in self.parts.values() for intent in part.intents}),
            "vocabulary": vocabulary.values(),
            "vocabulary_size": vocabulary.size,
            "stops": vocabulary.stops,
            "max_length": recipe.max_length,
            "subwords": recipe.subwords,
        }

    def _unknown(self, facts: Facts) -> list[Fault]:
        """Tags and intents that the model whose facts these are was not trained on."""
        must = "must be one that the model was trained on"
        faults = []
        for kind, found in (
            ("tag", {tag for part in self.parts.values() for tags in part.tags for tag in tags} - {UNTAGGED}),
            ("intent", {intent for part in self.parts.values() for intent in part.intents}),
        ):
            known = facts[f"{kind}s"]
            works = f"Known: {', '.join(known[:20])}." if known else "The model has none."
            faults += [Fault(f"{kind} {name!r}", must, "", works) for name in sorted(found - set(known))]
        if facts["intents"] and not self.parts["train"].intents:
            faults.append(Fault("intents", "must be given, because the model was trained with them", "none"))
        return faults

    def _split(self, name: str, lexicon: Lexicon) -> TaggedSplit:
        part, longest = self.parts[name], self.facts["max_length"]
        tag_of = {tag: number for number, tag in enumerate(self.facts["tags"])} | {UNTAGGED: IGNORED}
        intent_of = {intent: number for number, intent in enumerate(self.facts["intents"])}
        tokens: list[npt.NDArray[np.int64]] = []
        tags: list[npt.NDArray[np.int64]] = []
        intents: list[int] = []
        for number, (words, names) in enumerate(zip(part.tokens, part.tags, strict=True)):
            row, targets = lexicon.encode_pieces(words), np.array([tag_of[tag] for tag in names], np.int64)
            for start in range(0, len(row), longest):
                tokens.append(row[start : start + longest])
                tags.append(targets[start : start + longest])
                intents.append(intent_of[part.intents[number]] if part.intents else 0)
        order = range(len(tokens)) if name == "train" else sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        return TaggedSplit(
            Ragged([tokens[row] for row in order]),
            Ragged([tags[row] for row in order]),
            torch.tensor([intents[row] for row in order], dtype=torch.int64),
            lexicon,
        )


def _part(sentences: Sentences, rows: npt.NDArray[np.int64]) -> Part:
    return Part(
        [sentences.tokens[row] for row in rows],
        [sentences.tags[row] for row in rows],
        [sentences.intents[row] for row in rows] if sentences.intents else [],
    )
