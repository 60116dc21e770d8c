"""The module of the task `sequence_tagging`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchmetrics import Metric
from torchmetrics.classification import MulticlassAccuracy

from attnframe.bridges import AttentionPooling, MeanPooling
from attnframe.errors import ConfigurationError, DataError, Fault
from attnframe.masks import Padding
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import TaskModule
from attnframe_nlp.data.sequences.inputs import read_tokens
from attnframe_nlp.data.sequences.lexicon import Lexicon
from attnframe_nlp.data.sequences.ragged import Ragged
from attnframe_nlp.data.sequences.vocabulary import PADDING, PieceVocabulary, vocabulary_from
from attnframe_nlp.data.tagged.module import IGNORED, TaggedBatch
from attnframe_nlp.exhibits.tags import Tags
from attnframe_nlp.explaining.tagged import TaggedSentence
from attnframe_nlp.recipes.token_model import TokenModel
from attnframe_nlp.tagged_text import Form, spans_of, tagged_text
from attnframe_nlp.tagging_metrics import SentenceAccuracy, SpanF1, marks_spans
from attnframe_nlp.token_networks.embedding import TokenEmbedding


class SequenceTagger(TaskModule):
    """Embedding of tokens, an encoder, a linear head for tags and, on data with intents, a pooling and a linear head
    for these (joint slot filling and intent detection, Liu and Lane 2016, https://arxiv.org/abs/1609.01454).

    loss = mean over scored tokens of -ln p(tag) + mean over sentences of -ln p(intent)

    A batch is a `TaggedBatch`.

    Args:
        parts: attention, position and model recipes, the last a `TokenModel`.
        facts: of `TaggedModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        model = parts.model
        if not isinstance(model, TokenModel):
            raise ConfigurationError(Fault("model", "must be a TokenModel", type(model).__name__))
        super().__init__(facts)
        self.label_smoothing = model.label_smoothing
        self.embedding = TokenEmbedding(
            facts["vocabulary_size"],
            model.dim,
            pairs=model.pairs,
            subwords=facts["subwords"],
            word_dropout=model.word_dropout,
            dropout=model.embedding_dropout,
        )
        self.encoder = model.build_encoder(parts, facts["max_length"])
        self.tag_head = nn.Linear(model.dim, len(facts["tags"]))
        self.pooling: nn.Module | None = None
        self.intent_head: nn.Module | None = None
        if facts["intents"]:
            self.pooling = AttentionPooling(model.dim) if model.pool == "attention" else MeanPooling()
            self.intent_head = nn.Linear(model.dim, len(facts["intents"]))

    def row_names(self) -> dict[str, Sequence[str]]:
        tables = self.embedding.row_names(vocabulary_from(self.facts["vocabulary"]).every_name())
        found = {f"embedding.{name}": rows for name, rows in tables.items()}
        for kind in ("tag", "intent") if self.facts["intents"] else ("tag",):
            rows = [f"{kind} {name}" for name in self.facts[f"{kind}s"]]
            found |= {f"{kind}_head.weight": rows, f"{kind}_head.bias": rows}
        return found

    def forward(self, batch: TaggedBatch) -> Tensor:
        """Logits (B, T, tags + intents): those of each token's tag, then those of the sentence's intent, which are the
        same at every token."""
        tokens = batch["tokens"]
        mask = Padding(tokens != PADDING)
        encoded = self.encoder(self.embedding(tokens, batch["spellings"]), mask=mask)
        tags: Tensor = self.tag_head(encoded)
        if self.pooling is None or self.intent_head is None:
            return tags
        intents = self.intent_head(self.pooling(encoded, mask=mask))
        return torch.cat([tags, intents.unsqueeze(1).expand(-1, tags.shape[1], -1)], 2)

    def parted(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs as logits of tags (B, T, tags) and of intents (B, intents)."""
        count = len(self.facts["tags"])
        return logits[..., :count], logits[:, 0, count:]

    def loss(self, batch: TaggedBatch) -> tuple[Tensor, Tensor]:
        """Cross entropy in nats, smoothed in training, and the outputs of `forward`."""
        logits = self(batch)
        tags, intents = self.parted(logits)
        smoothing = self.label_smoothing if self.training else 0.0
        targets = batch["tags"].flatten()
        total = F.cross_entropy(
            tags.flatten(0, 1), targets, ignore_index=IGNORED, reduction="sum", label_smoothing=smoothing
        ) / (targets != IGNORED).sum().clamp(min=1)
        if self.intent_head is not None:
            total = total + F.cross_entropy(intents, batch["intents"], label_smoothing=smoothing)
        return total, logits

    def metrics(self) -> dict[str, Metric]:
        """Accuracy of tags; ``slot_f1`` where tags begin spans and go on; ``intent_accuracy`` and
        ``sentence_accuracy``, tags and intent all right, where there are intents. All from 0 to 1."""
        tags, intents = self.facts["tags"], self.facts["intents"]
        found: dict[str, Metric] = {
            "accuracy": MulticlassAccuracy(
                len(tags), average="micro", ignore_index=IGNORED, multidim_average="global", validate_args=False
            )
        }
        if marks_spans(tags):
            found["slot_f1"] = SpanF1(tags)
        if intents:
            found["intent_accuracy"] = MulticlassAccuracy(len(intents), average="micro", validate_args=False)
            found["sentence_accuracy"] = SentenceAccuracy()
        return found

    def update_metrics(self, metrics: dict[str, Metric], batch: TaggedBatch, outputs: Tensor) -> None:
        tag_logits, intent_logits = self.parted(outputs)
        answers, tags = tag_logits.argmax(2), batch["tags"]
        metrics["accuracy"].update(answers, tags)
        if "slot_f1" in metrics:
            metrics["slot_f1"].update(answers, tags)
        if "intent_accuracy" in metrics:
            intents = intent_logits.argmax(1)
            metrics["intent_accuracy"].update(intents, batch["intents"])
            metrics["sentence_accuracy"].update(answers, tags, intents == batch["intents"])

    def exhibits(self) -> list[Exhibit]:
        """Confusion and scores of tags and intents, and sentences that went wrong."""
        vocabulary, tags = self._vocabulary(), self.facts["tags"]
        form = self._form(vocabulary)

        def shown(tokens: Sequence[int], answers: Sequence[str]) -> str:
            return tagged_text(vocabulary.names(tokens), answers, form)

        return [Tags(tags, self.facts["intents"] or (), self.parted, shown)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> TaggedBatch:
        length = min(self.facts["max_length"], 16)
        tokens = torch.ones(batch_size, length, dtype=torch.int64, device=device)
        pieces = 1 if self.facts["subwords"] else 0
        return {
            "tokens": tokens,
            "tags": torch.zeros_like(tokens),
            "intents": torch.zeros(batch_size, dtype=torch.int64, device=device),
            "spellings": torch.zeros(batch_size, length, pieces, dtype=torch.int64, device=device),
        }

    def example_input(self, folder: Path) -> str:
        """A file of two sentences, one a line."""
        path = folder / "sentences.txt"
        path.write_text("PLAY SEVEN\nCALL ME\n", encoding="utf-8")
        return str(path)

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, list[str]]]:
        """Tokens of a text, or of those of a file or folder; see `read_tokens`."""
        return read_tokens(source, self._vocabulary().split)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, list[str]]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """A record a sentence: ``input`` (name), ``tagged`` (the text with its tags, to be read), ``intent`` and
        ``intent_probability`` where there are intents, ``spans`` where tags begin them and go on, and ``tokens`` (each
        with ``token``, ``tag`` and ``probability``)."""
        self.eval()
        vocabulary, names = self._vocabulary(), self.facts["tags"]
        form = self._form(vocabulary)
        lexicon = Lexicon(vocabulary, self.facts["subwords"])
        device, longest = self.tag_head.weight.device, self.facts["max_length"]
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            if faults := [Fault(f"input {name[:60]!r}", "must hold a token") for name, tokens in some if not tokens]:
                raise DataError(faults)
            rows = [lexicon.encode_pieces(tokens) for _, tokens in some]
            cut = [row[start : start + longest] for row in rows for start in range(0, len(row), longest)]
            numbers, spellings = lexicon.look_up(Ragged(cut).batch(torch.arange(len(cut)), PADDING))
            tags, intents = self.parted(self({"tokens": numbers.to(device), "spellings": spellings.to(device)}).float())
            best, which = (found.tolist() for found in tags.softmax(2).max(2))
            intent_best, intent_which = (
                (found.tolist() for found in intents.softmax(1).max(1)) if self.facts["intents"] else ([], [])
            )
            at = 0
            for (name, tokens), row in zip(some, rows, strict=True):
                pieces = range(at, at + -(-len(row) // longest))
                at = pieces.stop
                answers = [names[number] for piece in pieces for number in which[piece][: len(cut[piece])]]
                shares = [share for piece in pieces for share in best[piece][: len(cut[piece])]]
                record: dict[str, Any] = {"input": name, "tagged": tagged_text(tokens, answers, form)}
                if intent_best:
                    record["intent"] = self.facts["intents"][intent_which[pieces.start]]
                    record["intent_probability"] = intent_best[pieces.start]
                if form == "spans":
                    record["spans"] = spans_of(tokens, answers)
                record["tokens"] = [
                    {"token": token, "tag": tag, "probability": share}
                    for token, tag, share in zip(tokens, answers, shares, strict=True)
                ]
                yield record

    def subjects(
        self, inputs: Iterable[tuple[str, list[str]]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each sentence with its tags."""
        for name, tokens in inputs:
            if not tokens:
                raise DataError(Fault(f"input {name[:60]!r}", "must hold a token"))
            yield name, partial(TaggedSentence, name, self, self._vocabulary(), tokens)

    def _form(self, vocabulary: PieceVocabulary) -> Form:
        return "letters" if vocabulary.kind == "character" else "spans" if marks_spans(self.facts["tags"]) else "words"

    def _vocabulary(self) -> PieceVocabulary:
        values = self.facts["vocabulary"]
        return PieceVocabulary(values["kind"], values["lowercase"], values["pieces"])
