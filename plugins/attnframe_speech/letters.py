"""Letters as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

BLANK = 0
"""The number that CTC writes between letters."""


class Letters:
    """Letters numbered from 1; 0 is CTC's blank.

    Args:
        letters: what may be written, in order.
    """

    def __init__(self, letters: Sequence[str]) -> None:
        self.letters = tuple(letters)
        self._numbers = {letter: number for number, letter in enumerate(letters, 1)}

    def __len__(self) -> int:
        """How many numbers there are, the blank among them."""
        return len(self.letters) + 1

    def names(self) -> list[str]:
        """What each number stands for, the blank first."""
        return ["blank", *(f"letter {letter}" for letter in self.letters)]

    def numbers(self, text: str) -> list[int]:
        """The numbers of a text that has no other letters."""
        return [self._numbers[letter] for letter in text]

    def text(self, numbers: Iterable[int]) -> str:
        """The text of numbers; blanks are left out."""
        return "".join(self.letters[number - 1] for number in numbers if number != BLANK)

    def padded(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Numbers (n, U), 0 where a text is over, and the length of each text (n,); both int64."""
        rows = [torch.tensor(self.numbers(text), dtype=torch.int64) for text in texts]
        lengths = torch.tensor([len(row) for row in rows], dtype=torch.int64)
        if not rows or not int(lengths.max()):
            return torch.zeros(len(rows), 1, dtype=torch.int64), lengths
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), lengths
