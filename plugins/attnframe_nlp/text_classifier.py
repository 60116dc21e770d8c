"""The module of the task `text_classification`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, DataError, Fault
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe_nlp.data.labelled.evidence import Evidence
from attnframe_nlp.data.labelled.module import LabelledBatch
from attnframe_nlp.data.sequences.inputs import read_texts
from attnframe_nlp.data.sequences.lexicon import Lexicon
from attnframe_nlp.data.sequences.ragged import Ragged
from attnframe_nlp.data.sequences.vocabulary import PADDING, vocabulary_from
from attnframe_nlp.exhibits.text_mistakes import TextMistakes
from attnframe_nlp.explaining.labelled import LabelledText
from attnframe_nlp.recipes.text_model import TextModel
from attnframe_nlp.token_networks.embedding import TokenEmbedding


class TextClassifier(Classifier):
    """Embedding of tokens, a network from their vectors to one of the text, and a linear head. Where tokens bring
    evidence r_t (C,), it is one more part of their vectors, and its sum, weighed by a learned number, is added to the
    logits (wide and deep learning, Cheng et al. 2016, https://arxiv.org/abs/1606.07792).

    logits = W reader(x_1 + V r_1, ..) + b + a (r_1 + .. + r_T)

    A batch is a `LabelledBatch`.

    Args:
        parts: attention, position and model recipes, the last a `TextModel`.
        facts: of `LabelledModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        model = parts.model
        if not isinstance(model, TextModel):
            raise ConfigurationError(Fault("model", "must be a TextModel", type(model).__name__))
        super().__init__(facts, model.label_smoothing)
        self.embedding = TokenEmbedding(
            facts["vocabulary_size"],
            model.dim,
            pairs=model.pairs,
            subwords=facts["subwords"],
            word_dropout=model.word_dropout,
            dropout=model.embedding_dropout,
        )
        self.reader = model.build_reader(parts, facts["max_length"], facts["stops"])
        self.head = nn.Linear(model.dim, len(facts["classes"]))
        self.evidence_map: nn.Linear | None = None
        if facts["evidence"]:
            self.evidence_map = nn.Linear(len(facts["classes"]), model.dim, bias=False)
            self.evidence_weight = nn.Parameter(torch.full((), 0.1))

    def row_names(self) -> dict[str, Sequence[str]]:
        tables = self.embedding.row_names(vocabulary_from(self.facts["vocabulary"]).every_name())
        return super().row_names() | {f"embedding.{name}": rows for name, rows in tables.items()}

    def forward(self, batch: LabelledBatch) -> Tensor:
        """Logits (B, classes)."""
        tokens = batch["tokens"]
        vectors = self.embedding(tokens, batch["spellings"])
        if self.evidence_map is not None:
            vectors = vectors + self.evidence_map(batch["evidence"])
        logits: Tensor = self.head(self.reader(vectors, tokens, tokens != PADDING))
        if self.evidence_map is not None:
            logits = logits + self.evidence_weight * batch["evidence"].sum(1)
        return logits

    def exhibits(self) -> list[Exhibit]:
        """Those of every classification, and the texts of the surest mistakes."""
        vocabulary = vocabulary_from(self.facts["vocabulary"])
        return [*super().exhibits(), TextMistakes(self.facts["classes"], vocabulary.text)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> LabelledBatch:
        length = min(self.facts["max_length"], 16)
        tokens = torch.ones(batch_size, length, dtype=torch.int64, device=device)
        pieces = 1 if self.facts["subwords"] else 0
        classes = len(self.facts["classes"]) if self.facts["evidence"] else 0
        return {
            "tokens": tokens,
            "labels": torch.zeros(batch_size, dtype=torch.int64, device=device),
            "spellings": torch.zeros(batch_size, length, pieces, dtype=torch.int64, device=device),
            "evidence": torch.zeros(batch_size, length, classes, device=device),
        }

    def example_input(self, folder: Path) -> str:
        """A file of two texts, one a line."""
        path = folder / "texts.txt"
        path.write_text("The first text.\nAnother one, a little longer.\n", encoding="utf-8")
        return str(path)

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, str]]:
        """The text itself, or those of a file or folder; see `read_texts`."""
        texts = read_texts(source)
        lexicon = Lexicon(vocabulary_from(self.facts["vocabulary"]), 0)
        empty = [name for name, text in texts if not len(lexicon.encode(text))]
        if empty:
            raise DataError([Fault(f"input {name[:60]!r}", "must hold at least one token") for name in empty])
        return texts

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, str]], options: PredictRecipe) -> Iterator[dict[str, object]]:
        """``input`` (name), ``text``, ``label``, ``probability`` and ``probabilities`` (by class) of each text."""
        self.eval()
        lexicon = Lexicon(vocabulary_from(self.facts["vocabulary"]), self.facts["subwords"])
        device, evidence = self.head.weight.device, Evidence.of(self.facts["evidence"], self.facts["vocabulary_size"])
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            rows = Ragged([lexicon.encode(text)[: self.facts["max_length"]] for _, text in some])
            tokens, spellings = lexicon.look_up(rows.batch(torch.arange(len(some)), PADDING))
            batch = {"tokens": tokens, "spellings": spellings, "evidence": evidence.look_up(tokens)}
            logits = self({name: tensor.to(device) for name, tensor in batch.items()})
            for (name, text), shares in zip(some, logits.float().softmax(1).tolist(), strict=True):
                record = self.record(name, shares)
                yield {"input": record.pop("input"), "text": text, **record}

    def subjects(
        self, inputs: Iterable[tuple[str, str]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each text with its label."""
        for name, text in inputs:
            yield name, partial(LabelledText, name, self, text)
