"""Spoken commands made by a small grammar."""

from __future__ import annotations

import random
from typing import Final

import numpy as np

from attnframe.plugin.splitting import TRAIN
from attnframe_nlp.data.tagged.sentences import Sentences, SentenceSource

DAYS: Final = ("monday", "friday", "sunday", "tomorrow", "tonight", "next monday", "this friday")
FILLERS: Final[dict[str, tuple[str, ...]]] = {
    "song": ("yesterday", "blue monday", "seven", "paris", "tonight", "ten to six", "friday on my mind", "georgia"),
    "artist": ("boston", "chicago", "seven", "sunday", "florence", "the new york five", "jordan"),
    "time": ("six", "seven", "ten to six", "half past ten", "noon", "seven thirty", "twenty past seven"),
    "day": DAYS,
    "people": ("two", "five", "six", "seven", "ten"),
    "restaurant": ("paris", "the blue friday", "florence", "seven", "boston", "half past ten", "sunday"),
    "city": ("paris", "boston", "chicago", "florence", "new york", "georgia"),
    "person": ("paris", "georgia", "florence", "jordan", "friday"),
    "room": ("kitchen", "hall", "blue room", "boston room"),
    "level": ("two", "five", "ten", "half"),
}
"""What may stand in a slot: many words stand in several, so only what is around them tells which it is."""
TEMPLATES: Final[dict[str, tuple[str, ...]]] = {
    "play_music": (
        *("play <song>", "play <song> by <artist>", "play something by <artist>", "put on <song> please"),
        *("i want to hear <song> by <artist>", "play <song> in the <room>", "wake me with <song> at <time>"),
    ),
    "set_alarm": (
        *("wake me at <time>", "wake me at <time> on <day>", "set an alarm for <time> <day>", "alarm <day> at <time>"),
        *("remind me <day> to call <person>", "remind me at <time> to call <person>"),
    ),
    "book_table": (
        *("book <restaurant> for <people> on <day>", "a table for <people> at <restaurant> at <time>"),
        *("book a table at <restaurant> for <time>", "table for <people> <day> at <time> please"),
        *("call <restaurant> and ask for a table",),
    ),
    "weather": (
        *("what is the weather in <city>", "weather in <city> <day>", "will it rain <day> in <city>"),
        *("is it warm in <city> at <time>", "how cold is <city> <day>"),
    ),
    "send_message": (
        *("call <person>", "tell <person> i am in <city>", "tell <person> to come at <time>"),
        *("write to <person> that i come <day>", "call <person> at <time>"),
    ),
    "set_light": (
        *("lights in the <room> to <level>", "set the <room> to <level>", "turn the <room> light off at <time>"),
        *("make the <room> blue <day>", "dim the <room> to <level>"),
    ),
}
"""Forms of sentences by intent."""


class CommandsSource(SentenceSource):
    """Sentences of the grammar, each one once, drawn with seed 0.

    Args:
        count: how many are drawn; a sentence that was drawn before is drawn again.
    """

    def __init__(self, count: int) -> None:
        self.count = count

    def read(self) -> Sentences:
        # `Random.random` gives the same numbers in every Python; `Random.choice` does not promise to.
        generator = random.Random(0)
        intents = sorted(TEMPLATES)
        found: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {}
        while len(found) < self.count:
            intent = intents[int(generator.random() * len(intents))]
            forms = TEMPLATES[intent]
            tokens, filled = _filled(forms[int(generator.random() * len(forms))], generator)
            found.setdefault(tokens, (filled, intent))
        tags = tuple(one for one, _ in found.values())
        return Sentences(
            tuple(found), tags, np.full(len(found), TRAIN, np.uint8), tuple(intent for _, intent in found.values())
        )


def _filled(form: str, generator: random.Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tokens and tags of a form, something drawn for each slot."""
    tokens: list[str] = []
    tags: list[str] = []
    for piece in form.split():
        if not piece.startswith("<"):
            tokens.append(piece)
            tags.append("O")
            continue
        slot = piece.strip("<>")
        fillers = FILLERS[slot]
        words = fillers[int(generator.random() * len(fillers))].split()
        tokens += words
        tags += [f"B-{slot}", *[f"I-{slot}"] * (len(words) - 1)]
    return tuple(tokens), tuple(tags)
