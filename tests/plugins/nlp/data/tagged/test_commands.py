"""The grammar."""

from __future__ import annotations

from collections import defaultdict

from attnframe_nlp.data.tagged.commands import TEMPLATES, CommandsSource


def test_sentences_differ_and_all_intents_occur() -> None:
    found = CommandsSource(1500).read()
    assert len(set(found.tokens)) == 1500
    assert set(found.intents) == set(TEMPLATES)
    assert all(len(words) == len(tags) for words, tags in zip(found.tokens, found.tags, strict=True))
    assert not [word for words in found.tokens for word in words if "<" in word]


def test_many_words_stand_in_several_slots() -> None:
    found = CommandsSource(1500).read()
    slots: defaultdict[str, set[str]] = defaultdict(set)
    for words, tags in zip(found.tokens, found.tags, strict=True):
        for word, tag in zip(words, tags, strict=True):
            slots[word].add(tag[2:])
    assert len([word for word, kinds in slots.items() if len(kinds) > 2]) >= 10


def test_it_is_the_same_every_time() -> None:
    assert CommandsSource(100).read().digest == CommandsSource(100).read().digest
