"""The paragraphs of `pydoc_data.topics` by chapter."""

from __future__ import annotations

from typing import Final

import numpy as np

from attnframe.plugin.splitting import TRAIN
from attnframe_nlp.data.labelled.texts import Texts, TextSource

CHAPTERS: Final = {
    "data model": ("attribute-access", "customization", "objects", "specialnames", "types"),
    "debugger": ("debugger",),
    "expressions": (
        *("atom-identifiers", "attribute-references", "await", "binary", "bitwise", "booleans", "calls", "comparisons"),
        *("conversions", "dict", "exprlists", "in", "lambda", "lists", "numeric-types", "operator-summary", "power"),
        *("shifting", "slicings", "subscriptions", "unary", "yield"),
    ),
    "formatting": ("formatstrings",),
    "lexical analysis": ("floating", "identifiers", "imaginary", "integers", "numbers", "strings"),
    "statements": (
        *("assert", "assignment", "augassign", "break", "compound", "continue", "del", "global", "import", "nonlocal"),
        *("pass", "raise", "return", "with"),
    ),
    "standard types": (
        *("bltin-code-objects", "bltin-type-objects", "string-methods", "truth", "typesfunctions", "typesmapping"),
        *("typesmethods", "typesmodules", "typesseq", "typesseq-mutable"),
    ),
}
"""Topics by the chapter that they are from; topics that a Python does not have are passed over."""
FEWEST_WORDS: Final = 5
"""Shorter paragraphs say too little."""


class PythonTopicsSource(TextSource):
    """Paragraphs in the order of chapters and topics; one that several chapters hold is left out, one that several
    topics of a chapter hold is kept once."""

    def read(self) -> Texts:
        from pydoc_data.topics import topics

        chapters: dict[str, set[str]] = {}
        for chapter, names in CHAPTERS.items():
            for name in names:
                for paragraph in topics.get(name, "").split("\n\n"):
                    text = " ".join(paragraph.split())
                    if len(text.split()) >= FEWEST_WORDS:
                        chapters.setdefault(text, set()).add(chapter)
        kept = {text: next(iter(found)) for text, found in chapters.items() if len(found) == 1}
        return Texts(tuple(kept), tuple(kept.values()), np.full(len(kept), TRAIN, np.uint8))
