"""The module: embedding, blocks of attention, mean, one logit a class. Loss and metrics are those of `Classifier`."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from attnframe.bridges import MeanPooling
from attnframe.explanation.subjects.labelled_tokens import LabelledTokens
from attnframe.masks import Padding
from attnframe.models import Encoder
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.tables import read_lines
from attnframe_control.offline_policy.data import encode


class WordClassifier(Classifier):
    """Logits (B, classes) of a batch ``{"tokens": (B, T) int64, 0 where padded, "labels": (B,) int64}``."""

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = parts.model
        position = parts.build_position(max_length=facts["max_length"])
        self.embedding = nn.Embedding(len(facts["letters"]) + 2, model.dim)
        self.encoder = Encoder(model.dim, model.depth, parts.attention, position, dropout=model.dropout)
        self.pooling = MeanPooling()
        self.head = nn.Linear(model.dim, len(facts["classes"]))

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        mask = Padding(batch["tokens"] != 0)
        return self.head(self.pooling(self.encoder(self.embedding(batch["tokens"]), mask=mask), mask=mask))

    def example_batch(self, batch_size: int, device: str = "cpu") -> dict[str, Tensor]:
        tokens = torch.ones(batch_size, self.facts["max_length"], dtype=torch.int64, device=device)
        return {"tokens": tokens, "labels": tokens[:, 0] - 1}

    def example_input(self, folder: Path) -> str:
        return "hello"

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Tensor]]:
        return [(text, encode(text, self.facts)) for text in read_lines(source)]

    def predict(self, inputs: Iterable[tuple[str, Tensor]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        return self.records(inputs, options.batch_size, lambda texts: {"tokens": pad_sequence(texts, batch_first=True)})

    def subjects(self, inputs: Iterable[tuple[str, Tensor]], options: PredictRecipe) -> Iterator[tuple[str, Any]]:
        for text, tokens in inputs:
            yield text, partial(LabelledTokens, text, self, text[: len(tokens)], tokens, unknown=1, joined=True)
