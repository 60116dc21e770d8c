"""Explanations of the token that comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnframe.explanation.classes import log_share
from attnframe.explanation.read_out import last
from attnframe.explanation.subjects.tokens import TokenSubject
from attnframe.plugin.subject import Maps
from attnframe_nlp.tokenizer.make import tokenizer_from

if TYPE_CHECKING:
    from attnframe_nlp.language_model import LanguageModel


class ContinuedText(TokenSubject):
    """A prompt and the token that most likely follows it. The vocabulary has no token for nothing, so one that is
    deleted gets the mean of all tokens' vectors.

    Args:
        name: of the prompt. model: in evaluation mode. prompt: at least one character that it knows.
    """

    deletion = "given the mean vector of all tokens"
    read_out = "at the last token"

    def __init__(self, name: str, model: LanguageModel, prompt: str) -> None:
        self.language_model = model
        tokenizer = tokenizer_from(model.facts["tokenizer"])
        tokens = torch.from_numpy(tokenizer.encode(prompt))[-model.context :]
        weight = model.embedding.weight
        with torch.no_grad():
            self.vectors = model.embedding(tokens.to(weight.device)).unsqueeze(0)
            self.neutral = weight.mean(0)
            logits = model.head(model.network(self.vectors)[:, -1])
        shares, following = logits[0].float().softmax(0).topk(min(3, logits.shape[1]))
        self.next, self.chance = int(following[0]), float(shares[0])
        said = [
            f"{tokenizer.decode([token])!r} ({share:.1%})"
            for token, share in zip(following.tolist(), shares.tolist(), strict=True)
        ]
        self.written = tokenizer.decode([self.next])
        self.score = f"log-probability of {self.written!r}"
        words = [tokenizer.decode([token]) for token in tokens.tolist()]
        super().__init__(name, f"The model goes on with {', or '.join(said)}.", model, words, joined=True)

    def scores(self, kept: Tensor) -> Tensor:
        vectors = torch.where(kept.to(self.neutral.device).unsqueeze(2), self.vectors, self.neutral)
        model = self.language_model
        return log_share(model.head(model.network(vectors)[:, -1]), self.next)

    def relevance(self, maps: Maps) -> Tensor:
        return last(maps.through("network."))[0]

    def plain(self) -> Mapping[str, Any]:
        return {"next": self.written, "probability": self.chance}
