"""One token per byte of the UTF-8 form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from attnframe_nlp.tokenizer.base import Tokenizer


class ByteTokenizer(Tokenizer):
    """One token per byte of the UTF-8 form of a text; 256 ids, and no text is unknown."""

    @property
    def size(self) -> int:
        return 256

    def encode(self, text: str) -> np.ndarray[Any, Any]:
        return np.frombuffer(text.encode("utf-8"), dtype=np.uint8).astype(np.int64)

    def decode(self, tokens: Sequence[int]) -> str:
        # A generated sequence may end within a character or be no UTF-8 at all; such bytes show as U+FFFD.
        return bytes(tokens).decode("utf-8", errors="replace")

    def unknown(self, text: str) -> set[str]:
        return set()

    def characters(self) -> np.ndarray[Any, Any]:
        return np.array([starts_character(byte) for byte in range(256)], dtype=np.int64)

    def names(self) -> list[str]:
        return [f"0x{byte:02x}" for byte in range(256)]

    def values(self) -> dict[str, Any]:
        return {"name": "byte"}


def starts_character(byte: int) -> bool:
    """Whether a byte of a UTF-8 text is the first of its character: all are but the continuation bytes 10xxxxxx."""
    return byte & 0b1100_0000 != 0b1000_0000
