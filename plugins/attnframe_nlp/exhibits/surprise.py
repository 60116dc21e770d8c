"""What surprised a language model, and what it writes."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit
from attnframe_nlp.data.windows import IGNORED, TextBatch
from attnframe_nlp.tokenizer.base import Tokenizer

MOST = 400
"""Tokens of the test text that are shown."""
PROMPT = 48
"""Tokens of it that the model writes on from."""


class Surprise(Exhibit):
    """The first test text with the loss of each token, and a continuation of its beginning.

    Args:
        tokenizer: the model's. continued: from a prompt to its continuation.
    """

    def __init__(self, tokenizer: Tokenizer, continued: Callable[[str], str]) -> None:
        self.tokenizer, self.continued = tokenizer, continued
        self._first: tuple[list[int], list[int], list[float]] | None = None

    def update(self, batch: TextBatch, outputs: Tensor) -> None:
        if self._first is None:
            tokens, targets = (batch[name][0, :MOST].tolist() for name in ("tokens", "targets"))
            self._first = tokens, targets, outputs[0, :MOST].tolist()

    def panels(self) -> list[Panel]:
        if self._first is None:
            return []
        tokens, targets, nats = self._first
        told = [(target, loss) for target, loss in zip(targets, nats, strict=True) if target != IGNORED]
        shaded = {
            "words": [self.tokenizer.decode([target]) for target, _ in told],
            "weights": [round(loss, 3) for _, loss in told],
            "title": "Surprise: the loss of each token of the first test text, in nats",
            "joined": True,
        }
        prompt = self.tokenizer.decode(tokens[:PROMPT]).replace("\ufffd", "")  # of a character that is cut in two
        written = f"{prompt} ▸ {self.continued(prompt)}"
        return [
            Panel("tokens", shaded),
            Panel("preformatted", {"text": written, "title": "What the model writes after the sign ▸"}),
        ]
