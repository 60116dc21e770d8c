"""The module of language modelling: embedding, network, head, loss, metrics and generation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchmetrics import Metric

from attnframe.errors import ConfigurationError, DataError, Fault
from attnframe.models import Caches
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import TaskModule
from attnframe_nlp.data.text import TextOfFile
from attnframe_nlp.data.text_file import text_files
from attnframe_nlp.data.windows import IGNORED, TextBatch
from attnframe_nlp.exhibits.surprise import Surprise
from attnframe_nlp.explaining.continued import ContinuedText
from attnframe_nlp.metrics import NatsPerCharacter, Perplexity, Recalled
from attnframe_nlp.recipes.model import LanguageModelRecipe
from attnframe_nlp.recipes.predict import GenerateText
from attnframe_nlp.tokenizer.make import tokenizer_from
from attnframe_nlp.writing import known_prompt, write

CONTINUED = 160
"""Tokens that the model writes for a report."""


class LanguageModel(TaskModule):
    r"""Causal language model: the network is a decoder (GPT, Radford et al. 2018) or recurrent with attention.

    .. math:: p(x_{t+1} \mid x_1 .. x_t) = \mathrm{softmax}(W\, \mathrm{Network}(E x_1 .. E x_t)_t)

    with the embedding E of tokens and the head W, which is E's transpose when the model is tied.

    Args:
        parts: attention, position and `LanguageModelRecipe`.
        facts: ``tokenizer``, ``vocabulary_size`` V and ``context``, from `TextModule`; ``asked``, whether only some
            tokens count, from `RecallModule`.

    Shapes: tokens (B, T) to logits (B, T, V).
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = parts.model
        if not isinstance(model, LanguageModelRecipe):
            raise ConfigurationError(Fault("model", "must be a LanguageModelRecipe", type(model).__name__))
        self.context: int = facts["context"]
        self.embedding = nn.Embedding(facts["vocabulary_size"], model.dim)
        self.head = nn.Linear(model.dim, facts["vocabulary_size"], bias=False)
        self.network = model.build(parts, self.context)
        if model.tied:
            self.head.weight = self.embedding.weight
        nn.init.zeros_(self.head.weight)
        nn.init.normal_(self.embedding.weight, std=0.02)

    def row_names(self) -> dict[str, Sequence[str]]:
        tokens = [f"token {name}" for name in tokenizer_from(self.facts["tokenizer"]).names()]
        return {"embedding.weight": tokens, "head.weight": tokens}

    def example_input(self, folder: Path) -> str:
        # The second token: the first is the line break in many a vocabulary.
        return tokenizer_from(self.facts["tokenizer"]).decode([1])

    def forward(self, batch: TextBatch) -> Tensor:
        """Logits (B, T, V) of the token after each of ``batch["tokens"]`` (B, T)."""
        logits: Tensor = self.head(self.network(self.embedding(batch["tokens"])))
        return logits

    def loss(self, batch: TextBatch) -> tuple[Tensor, Tensor]:
        """Mean loss in nats a token, padding left out, and the loss (B, T) of each token, 0 at padding."""
        targets = batch["targets"]
        logits = self(batch).flatten(0, 1)
        nats = F.cross_entropy(logits.float(), targets.flatten(), ignore_index=IGNORED, reduction="none")
        return nats.sum() / (targets != IGNORED).sum(), nats.view_as(targets)

    def metrics(self) -> dict[str, Metric]:
        characters = torch.from_numpy(tokenizer_from(self.facts["tokenizer"]).characters())
        found: dict[str, Metric] = {"perplexity": Perplexity(), "nats_per_character": NatsPerCharacter(characters)}
        return found | ({"recalled": Recalled()} if self.facts.get("asked") else {})

    def update_metrics(self, metrics: dict[str, Metric], batch: TextBatch, outputs: Tensor) -> None:
        counted = batch["targets"] != IGNORED
        metrics["perplexity"].update(outputs[counted])
        metrics["nats_per_character"].update(outputs[counted], batch["targets"][counted])
        if "recalled" in metrics:
            metrics["recalled"].update(outputs[counted])

    def exhibits(self) -> list[Exhibit]:
        """The loss of each token of the first test text, and a continuation."""
        options = GenerateText(max_new_tokens=CONTINUED)

        def continued(prompt: str) -> str:
            (record,) = self.predict([(prompt, prompt)], options)
            return str(record["continuation"])

        return [Surprise(tokenizer_from(self.facts["tokenizer"]), continued)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> TextBatch:
        tokens = torch.zeros(batch_size, self.context, dtype=torch.int64, device=device)
        return {"tokens": tokens, "targets": tokens}

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        """Logits (B, V) of the token after `tokens` (B, T), which follow those in `caches` and are added to them."""
        logits: Tensor = self.head(self.network(self.embedding(tokens), caches=caches)[:, -1])
        return logits

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        """Empty caches for `batch` sequences of at most `max_length` tokens."""
        return self.network.new_caches(batch, max_length)

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, str]]:
        """The prompt of a UTF-8 file, of every ``.txt`` file below a folder, or the text itself."""
        try:
            is_path = Path(source).exists()
        except OSError:  # A long text is no name of a file.
            is_path = False
        if not is_path:
            return [(source, source)]
        prompts: list[tuple[str, str]] = []
        faults: list[Fault] = []
        for path in text_files(Path(source), "input"):
            try:
                prompts.append((str(path), "".join(TextOfFile(path).pieces())))
            except DataError as error:
                faults += error.faults
        if faults:
            raise DataError(faults)
        return prompts

    def predict(self, inputs: Iterable[tuple[str, str]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """One record a prompt: ``input`` (its name), then what `write` gives."""
        if not isinstance(options, GenerateText):
            raise ConfigurationError(Fault("predict", "must be GenerateText", type(options).__name__))
        tokenizer = tokenizer_from(self.facts["tokenizer"])
        for name, prompt in inputs:
            written = write(self, tokenizer, name, prompt, self.context, options, self.embedding.weight.device)
            yield {"input": name, **written}

    def subjects(
        self, inputs: Iterable[tuple[str, str]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each prompt with the token that follows it."""
        tokenizer = tokenizer_from(self.facts["tokenizer"])
        replacement = options.replace_unknown if isinstance(options, GenerateText) else None
        for name, prompt in inputs:
            yield name, partial(ContinuedText, name, self, known_prompt(tokenizer, name, prompt, replacement))
