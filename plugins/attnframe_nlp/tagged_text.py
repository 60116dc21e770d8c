"""Tagged text that a person can read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from attnframe_nlp.tagging_metrics import OUTSIDE

Form = Literal["spans", "words", "letters"]


def spans_of(tokens: Sequence[str], tags: Sequence[str]) -> list[dict[str, Any]]:
    """The spans of a sentence as `SpanF1` counts them: ``kind``, ``text``, ``first`` and ``last`` token, from 0.

    Args:
        tokens: of the sentence. tags: of each token.
    """
    found: list[dict[str, Any]] = []
    before = OUTSIDE
    for number, (token, tag) in enumerate(zip(tokens, tags, strict=True)):
        if tag != OUTSIDE:
            goes_on = before != OUTSIDE and tag[0] in "IE" and before[0] in "BI" and tag[2:] == before[2:]
            if goes_on:
                found[-1] |= {"text": f"{found[-1]['text']} {token}", "last": number}
            else:
                found.append({"kind": tag[2:], "text": token, "first": number, "last": number})
        before = tag
    return found


def tagged_text(tokens: Sequence[str], tags: Sequence[str], form: Form) -> str:
    """A sentence with its tags: ``spans`` as ``[blue monday](song)``, ``words`` as ``word/TAG``, and for ``letters``
    the tags alone, one for each letter when they have one letter too.

    Args:
        tokens: of the sentence. tags: of each token. form: one of the three.
    """
    if form == "letters":
        return "".join(tags) if all(len(tag) == 1 for tag in tags) else " ".join(tags)
    if form == "words":
        return " ".join(f"{token}/{tag}" for token, tag in zip(tokens, tags, strict=True))
    begins = {span["first"]: span for span in spans_of(tokens, tags)}
    shown: list[str] = []
    number = 0
    while number < len(tokens):
        span = begins.get(number)
        shown.append(tokens[number] if span is None else f"[{span['text']}]({span['kind']})")
        number = number + 1 if span is None else span["last"] + 1
    return " ".join(shown)
