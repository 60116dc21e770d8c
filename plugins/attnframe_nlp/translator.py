"""The module of translation: embeddings, encoder-decoder, head, loss, metrics and search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchmetrics import Metric

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Padding
from attnframe.models import Conditional, Found, beam_search
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import TaskModule
from attnframe_nlp.alignment.picture import save_alignments
from attnframe_nlp.exhibits.translations import Translations
from attnframe_nlp.explaining.translated import TranslatedSentence
from attnframe_nlp.metrics import Perplexity
from attnframe_nlp.recipes.translate import Translate
from attnframe_nlp.recipes.translation_model import TranslationModel
from attnframe_nlp.sentence_pairs.split import PairBatch
from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, PAD, UNKNOWN, Vocabulary, vocabulary_from
from attnframe_nlp.translating import read_sentences, translated
from attnframe_nlp.translation_metrics import TRANSLATION_METRICS

EXAMPLE_LENGTH = 8
"""Tokens of a sentence of the example batch."""


class Translator(TaskModule):
    r"""Encoder-decoder of sentences (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).

    .. math:: p(y_{t+1} \mid y_1 .. y_t, x) = \mathrm{softmax}(E\, \mathrm{Network}(x, y_1 .. y_t)_t)

    with E the embedding of the target's tokens, which is the source's too where they have one vocabulary; embeddings
    enter multiplied by the root of the width.

    Args:
        parts: attention, position and `TranslationModel`.
        facts: of `PairsModule`.

    Shapes: source (B, S) and target (B, T + 1) to logits (B, T, V).
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = parts.model
        if not isinstance(model, TranslationModel):
            raise ConfigurationError(Fault("model", "must be a TranslationModel", type(model).__name__))
        self.smoothing, self.beams, self.length_penalty = model.label_smoothing, model.beams, model.length_penalty
        self.scale = model.dim**0.5
        self.target_embedding = nn.Embedding(facts["target_size"], model.dim)
        self.source_embedding = (
            self.target_embedding if facts["joint"] else nn.Embedding(facts["source_size"], model.dim)
        )
        self.network = model.build(parts, facts["max_length"])
        for embedding in dict.fromkeys((self.target_embedding, self.source_embedding)):
            nn.init.normal_(embedding.weight, std=model.dim**-0.5)

    def row_names(self) -> dict[str, Sequence[str]]:
        found: dict[str, Sequence[str]] = {}
        for side in ("source", "target"):
            names = vocabulary_from(self.facts[f"{side}_vocabulary"]).names()
            found[f"{side}_embedding.weight"] = [f"token {name}" for name in names]
        return found

    def forward(self, batch: PairBatch) -> Tensor:
        """Logits (B, T, V) of the token after each but the last of ``batch["target"]`` (B, T + 1)."""
        return self.head(self._written(batch))

    def loss(self, batch: PairBatch) -> tuple[Tensor, Tensor]:
        """Mean cross entropy in nats a token, padding left out, targets smoothed in training; and that of each token
        (B, T), 0 at padding."""
        targets = batch["target"][:, 1:]
        written = self._written(batch)
        logits = self.head(written).flatten(0, 1)
        nats = F.cross_entropy(logits.float(), targets.flatten(), ignore_index=PAD, reduction="none").view_as(targets)
        if self.training and self.smoothing:
            nats = nats + self.smoothing * self._above_mean(written, targets)
        return nats.sum() / (targets != PAD).sum(), nats

    def _above_mean(self, written: Tensor, targets: Tensor) -> Tensor:
        """How far the logit of each target lies above the mean logit of its place, (B, T), 0 at padding.

        That times e is what smoothing targets by e adds to the cross entropy: ln Z - (1 - e) x_y - e mean(x) is
        (ln Z - x_y) + e (x_y - mean(x)). Logits are products with the embedding, so their mean is one with its mean,
        and the wide logits are not read again."""
        weight = self.target_embedding.weight
        above: Tensor = (written * (self.target_embedding(targets) - weight.mean(0))).sum(2)
        return above.masked_fill(targets == PAD, 0.0)

    def _written(self, batch: PairBatch) -> Tensor:
        """(B, T, D) what the head takes."""
        source, target = batch["source"], batch["target"][:, :-1]
        mask = Padding(source != PAD)
        written: Tensor = self.network(
            self.embedded_source(source), self.embedded_target(target), source_mask=mask, context_mask=mask
        )
        return written

    def metrics(self) -> dict[str, Metric]:
        """Perplexity of a token of the reference, and what is measured on the translations."""
        scores = {name: metric(self.facts["tokenised"]) for name, metric in TRANSLATION_METRICS.items()}
        return {"perplexity": Perplexity(), **scores}

    def update_metrics(self, metrics: dict[str, Metric], batch: PairBatch, outputs: Tensor) -> None:
        metrics["perplexity"].update(outputs[batch["target"][:, 1:] != PAD])
        found = self.translate(batch["source"], self.beams if self.final else 1, self.length_penalty)
        _, writing = self.vocabularies
        translations = [writing.decode(tokens) for tokens in found.tokens.tolist()]
        for name in TRANSLATION_METRICS:
            metrics[name].update(translations, batch["references"])

    def translate(self, source: Tensor, beams: int, length_penalty: float) -> Found:
        """The best translations (B, T) of `source` (B, S) that `beam_search` finds.

        Args:
            source: token ids with the end of each sentence, padded.
            beams, length_penalty: as in `beam_search`.
        """
        valid = source != PAD
        context = self.network.encode(self.embedded_source(source), mask=Padding(valid))
        reader = Conditional(self.network.decoder, self.embedded_target, self.head, context, valid)
        begin = torch.full((len(source), 1), BEGIN, device=source.device)
        longest = min(self.facts["max_length"], 2 * source.shape[1] + 20)
        return beam_search(reader, begin, longest, stop=END, beams=beams, length_penalty=length_penalty)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.target_embedding.weight.device

    def embedded_source(self, tokens: Tensor) -> Tensor:
        """What the encoder takes for tokens (B, S): (B, S, D)."""
        embedded: Tensor = self.source_embedding(tokens) * self.scale
        return embedded

    def embedded_target(self, tokens: Tensor) -> Tensor:
        """What the decoder takes for tokens (B, T): (B, T, D)."""
        embedded: Tensor = self.target_embedding(tokens) * self.scale
        return embedded

    def head(self, written: Tensor) -> Tensor:
        """Logits (..., V) of what the decoder gives, (..., D)."""
        return F.linear(written, self.target_embedding.weight)

    @cached_property
    def vocabularies(self) -> tuple[Vocabulary, Vocabulary]:
        """Those of source and target."""
        return vocabulary_from(self.facts["source_vocabulary"]), vocabulary_from(self.facts["target_vocabulary"])

    def exhibits(self) -> list[Exhibit]:
        """The first sentences with their translations."""
        reading, writing = self.vocabularies

        def translated(source: Tensor) -> list[str]:
            found = self.translate(source, self.beams, self.length_penalty)
            return [writing.decode(tokens) for tokens in found.tokens.tolist()]

        return [Translations(reading, translated)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> PairBatch:
        tokens = torch.full((batch_size, EXAMPLE_LENGTH), UNKNOWN, device=device)
        return {"source": tokens, "target": tokens}

    def example_input(self, folder: Path) -> str:
        """A file of two sentences: pieces of the vocabulary."""
        reading, _ = self.vocabularies
        words = [piece for piece in reading.pieces(range(reading.size)) if piece.isalpha()]
        path = folder / "sentences.txt"
        path.write_text(f"{' '.join(words[:3])}\n{' '.join(words[-2:])}\n", encoding="utf-8")
        return str(path)

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, str]]:
        """The sentences of a UTF-8 file, one a line, or the text itself: see `read_sentences`."""
        return read_sentences(source)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, str]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """One record a sentence: see `translated`."""
        if not isinstance(options, Translate):
            raise ConfigurationError(Fault("predict", "must be Translate", type(options).__name__))
        self.eval()
        yield from translated(self, [*inputs], options)

    def subjects(
        self, inputs: Iterable[tuple[str, str]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each sentence with its translation."""
        for name, sentence in inputs:
            yield name, partial(TranslatedSentence, name, self, sentence)

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """The alignment of each sentence, its tokens across and those of its translation down."""
        return save_alignments(records, folder)
