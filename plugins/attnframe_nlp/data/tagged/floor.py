"""The simple methods that every tagger is compared with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from attnframe_nlp.data.labelled.floor import Floor
from attnframe_nlp.data.tagged.sentences import UNTAGGED

if TYPE_CHECKING:
    from attnframe_nlp.data.tagged.module import Part

Tags = Sequence[str]


class TagFloor:
    """The most frequent tag of each token, or naive Bayes over the tokens around it.

    Args:
        window: tokens on each side that naive Bayes reads, with add-one smoothing; 0 takes the most frequent tag of the
            token, and of a token that training does not have the most frequent one of all.
    """

    def __init__(self, window: int) -> None:
        self.window = window

    def scores(self, train: Part, test: Part) -> dict[str, Any]:
        """Accuracy on the test sentences; slot F1 where tags begin and go on (B-, I-); intent accuracy, and that of
        whole sentences, where there are intents."""
        from attnframe_nlp.tagging_metrics import SpanF1, marks_spans

        answers = self.window_answers(train, test) if self.window else self.frequent_answers(train, test)
        flat = [pair for row in zip(answers, test.tags, strict=True) for pair in zip(*row, strict=True)]
        right = [answer == tag for answer, tag in flat if tag != UNTAGGED]
        by_window = f"naive Bayes over {2 * self.window + 1} tokens"
        found: dict[str, Any] = {
            "name": by_window if self.window else "most frequent tag of the word",
            "test/accuracy": float(np.mean(right)),
        }
        known = sorted({tag for _, tag in flat} | {answer for answer, _ in flat})
        if marks_spans(known):
            numbers = {tag: number for number, tag in enumerate(known)}
            metric = SpanF1(known)
            for answer, tags in zip(answers, test.tags, strict=True):
                metric.update(*(torch.tensor([[numbers[tag] for tag in row]]) for row in (answer, tags)))
            found["test/slot_f1"] = float(metric.compute())
        if train.intents:
            guessed = (
                Floor("words")
                .fitted([" ".join(row) for row in train.tokens], train.intents)
                .predict([" ".join(row) for row in test.tokens])
            )
            correct = np.asarray(guessed) == np.asarray(test.intents)
            whole = [a == tuple(t) for a, t in zip(map(tuple, answers), test.tags, strict=True)]
            found["name"] += "; naive Bayes for intents"
            found["test/intent_accuracy"] = float(correct.mean())
            found["test/sentence_accuracy"] = float((correct & np.asarray(whole)).mean())
        return found

    def frequent_answers(self, train: Part, test: Part) -> list[list[str]]:
        """The most frequent tag of each token of the test sentences."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        every: Counter[str] = Counter()
        for words, tags in zip(train.tokens, train.tags, strict=True):
            for word, tag in zip(words, tags, strict=True):
                if tag != UNTAGGED:
                    counts[word][tag] += 1
                    every[tag] += 1
        most = {word: found.most_common(1)[0][0] for word, found in counts.items()}
        usual = every.most_common(1)[0][0]
        return [[most.get(word, usual) for word in words] for words in test.tokens]

    def window_answers(self, train: Part, test: Part) -> list[list[str]]:
        """The tag of each token that naive Bayes over its window gives, places taken as independent of one another."""
        tokens = {word: number for number, word in enumerate(sorted({w for row in train.tokens for w in row}))}
        tags = sorted({tag for row in train.tags for tag in row} - {UNTAGGED})
        tag_of = {tag: number for number, tag in enumerate(tags)} | {UNTAGGED: len(tags)}
        outside, shape = len(tokens), (len(tokens) + 1, len(tags))
        around, at = self._laid(train, tokens, outside)
        targets = np.array([tag_of[name] for names in train.tags for name in names], np.int64)
        at, targets = at[targets < len(tags)], targets[targets < len(tags)]
        answers, test_at = self._laid(test, tokens, outside)
        score = np.log(np.bincount(targets, minlength=len(tags)) + 1.0) * np.ones((len(test_at), 1))
        for place in range(-self.window, self.window + 1):
            counted = np.bincount(around[at + place] * len(tags) + targets, minlength=shape[0] * shape[1])
            counts = counted.reshape(shape) + 1.0
            score += np.log(counts / counts.sum(0))[answers[test_at + place]]
        named = iter([tags[number] for number in score.argmax(1)])
        return [[next(named) for _ in words] for words in test.tokens]

    def _laid(
        self, part: Part, tokens: dict[str, int], outside: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The tokens of all sentences in one row, a window of nothing between them, and where each stands."""
        gap = [outside] * self.window
        row = [*gap]
        places: list[int] = []
        for words in part.tokens:
            places.extend(range(len(row), len(row) + len(words)))
            row.extend(tokens.get(word, outside) for word in words)
            row.extend(gap)
        return np.array(row, np.int64), np.array(places, np.int64)
