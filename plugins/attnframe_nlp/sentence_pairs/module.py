"""The data module of translation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe_nlp.recipes.sentence_pairs import SentencePairs
from attnframe_nlp.sentence_pairs.floor import simple_translation
from attnframe_nlp.sentence_pairs.pairs import PARTS, Pair, PairSource
from attnframe_nlp.sentence_pairs.piece_vocabulary import PieceVocabulary
from attnframe_nlp.sentence_pairs.split import PairSplit
from attnframe_nlp.sentence_pairs.vocabulary import Vocabulary, vocabulary_from
from attnframe_nlp.sentence_pairs.word_vocabulary import WordVocabulary
from attnframe_nlp.translation_metrics import TRANSLATION_METRICS, signatures

VALIDATED: Final = 2000
"""Most pairs that a validation translates: of a larger part, as many evenly spaced by length."""


class PairsModule(DataModule):
    """Sentence pairs as padded batches.

    `facts`: ``source`` and ``target`` (languages), ``joint`` (whether both have one vocabulary), ``source_vocabulary``
    and ``target_vocabulary`` (of `Vocabulary.values`), ``source_size`` and ``target_size`` (their token ids),
    ``tokenised`` and ``max_length``. With `known_facts` sentences are encoded by the vocabularies of the checkpoint.

    Val and test come in order of length, so that little is padded there too. Of val at most `VALIDATED` pairs are
    taken.

    Args:
        recipe: the data's settings.
        source: where the pairs come from.
    """

    train: PairSplit
    val: PairSplit
    test: PairSplit

    def __init__(self, recipe: SentencePairs, source: PairSource) -> None:
        self.recipe, self.source = recipe, source

    def setup(self) -> None:
        pairs = self.source.read()
        self.parts, self.digest = dict(pairs.parts), pairs.digest
        self.facts = self._fitted() if self.known_facts is None else self._known(self.known_facts)
        vocabularies = [vocabulary_from(self.facts[f"{side}_vocabulary"]) for side in ("source", "target")]
        limit = self.facts["max_length"] - 1  # The end of the sentence is a token too.
        self.protocol = {
            "direction": f"{self.facts['source']}->{self.facts['target']}",
            "test pairs": len(self.parts["test"]),
            **({"split off train": ", ".join(pairs.split_off)} if pairs.split_off else {}),
            **signatures(self.facts["tokenised"]),
        }
        for part in PARTS:
            setattr(self, part, self._split(part, vocabularies, limit))

    def _known(self, facts: Facts) -> Facts:
        """The facts of the checkpoint, whose direction must be that of the data."""
        wrong = [
            Fault(f"data.{side}", f"must be {facts[side]}, as in training", str(getattr(self.recipe, side)))
            for side in ("source", "target")
            if getattr(self.recipe, side) != facts[side]
        ]
        if wrong:
            raise DataError(wrong)
        return dict(facts)

    def _fitted(self) -> Facts:
        """The facts of this data, its vocabularies fitted to the training part."""
        recipe = self.recipe
        sides = tuple([pair[side] for pair in self.parts["train"]] for side in (0, 1))
        vocabularies: list[Vocabulary]
        if recipe.tokenizer == "bpe":
            vocabularies = [PieceVocabulary.fit([*sides[0], *sides[1]], recipe.vocabulary_size, recipe.lower_case)] * 2
        else:
            vocabularies = [
                WordVocabulary.fit(sentences, recipe.min_count, recipe.lower_case, recipe.tokenised)
                for sentences in sides
            ]
        return {
            "source": recipe.source,
            "target": recipe.target,
            "joint": recipe.tokenizer == "bpe",
            "source_vocabulary": vocabularies[0].values(),
            "target_vocabulary": vocabularies[1].values(),
            "source_size": vocabularies[0].size,
            "target_size": vocabularies[1].size,
            "tokenised": recipe.tokenised,
            "max_length": recipe.max_length,
        }

    def _split(self, part: str, vocabularies: Sequence[Vocabulary], limit: int) -> PairSplit:
        pairs = self.parts[part]
        source, target = (vocabularies[side].encode(pair[side] for pair in pairs) for side in (0, 1))
        if part != "train":
            order = sorted(range(len(pairs)), key=lambda place: (len(source[place]), len(target[place])))
            if part == "val" and len(order) > VALIDATED:
                order = [order[number * len(order) // VALIDATED] for number in range(VALIDATED)]
            return PairSplit(
                [source[place][:limit] for place in order],
                [target[place][:limit] for place in order],
                [pairs[place][1] for place in order],
            )
        fitting = [place for place in range(len(pairs)) if max(len(source[place]), len(target[place])) <= limit]
        if not fitting:
            shortest = min(max(len(one), len(other)) for one, other in zip(source, target, strict=True)) + 1
            must = f"must be at least {shortest}, the tokens of the shortest training pair"
            raise DataError(Fault("data.max_length", must, str(limit + 1)))
        if len(fitting) < len(pairs):
            self.protocol = {**self.protocol, "training pairs left out as too long": len(pairs) - len(fitting)}
        return PairSplit([source[place] for place in fitting], [target[place] for place in fitting])

    def floor(self) -> dict[str, Any]:
        """The better of two by chrF: the sentence itself, and the translation of the training sentence most like it."""
        sentences, references = ([pair[side] for pair in self.parts["test"]] for side in (0, 1))
        train: Sequence[Pair] = self.parts["train"]
        name, translations = simple_translation(train, sentences, references)
        found: dict[str, Any] = {"name": name}
        for metric, kind in TRANSLATION_METRICS.items():
            counted = kind(self.facts["tokenised"])
            counted.update(translations, references)
            found[f"test/{metric}"] = float(counted.compute())
        return found
