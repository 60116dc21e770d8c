"""Titles and columns of attributes as tokens of items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from attnframe_recommendation.data.interactions import Attributes, numbered

SEPARATOR: Final = "|"
"""Between the values of one cell."""
LEAST: Final = 2
"""Items that share a word before it counts."""


def described(titles: Sequence[str], fields: Mapping[str, Sequence[str]]) -> Attributes:
    """Tokens ``field=value`` of the columns, and ``title=word`` of the words of titles that two items share.

    Args:
        titles: one for each item, or none at all.
        fields: cells by column, values in a cell parted by ``|``.
    """
    number = max([len(titles), *(len(cells) for cells in fields.values())], default=0)
    found: list[list[str]] = [[] for _ in range(number)]
    for field, cells in fields.items():
        for tokens, cell in zip(found, cells, strict=True):
            tokens += [f"{field}={value.strip()}" for value in cell.split(SEPARATOR) if value.strip()]
    words = [list(dict.fromkeys(re.findall(r"\w+", title.lower()))) for title in titles]
    common = Counter(word for title in words for word in title)
    for tokens, title in zip(found, words, strict=False):
        tokens += [f"title={word}" for word in title if common[word] >= LEAST]
    numbers = numbered(token for tokens in found for token in tokens)
    return Attributes(tuple(numbers), tuple(tuple(numbers[token] for token in tokens) for tokens in found))
