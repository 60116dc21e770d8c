"""Subjects that are sequences of tokens."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence

from torch import nn

from attnframe.pictures import tokens
from attnframe.plugin.subject import Subject, Values


class TokenSubject(Subject, ABC):
    """Base of subjects whose units are tokens in reading order.

    Args:
        name: of the input. answer: what the model says.
        model: what runs. words: the tokens.
        joined: whether they follow one another without a gap, as characters do.
    """

    unit, many = "token", "tokens"

    def __init__(self, name: str, answer: str, model: nn.Module, words: Sequence[str], *, joined: bool = False) -> None:
        super().__init__(name, answer, model, words)
        self.joined = joined

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return tokens(self.units, values.tolist(), title, joined=self.joined)
