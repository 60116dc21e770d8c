"""The module of click prediction: fields, attention among them and over the history, one logit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchmetrics import Metric
from torchmetrics.classification import BinaryAUROC

from attnframe.attention.dropout import dropout
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Padding
from attnframe.models import Encoder, initialise
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch, TaskModule
from attnframe_recommendation.data.event_module import known_fields
from attnframe_recommendation.data.events import Field
from attnframe_recommendation.data.events_csv import read_unlabelled, write_example
from attnframe_recommendation.exhibits.chances import Chances
from attnframe_recommendation.explaining.clicked import PredictedClick
from attnframe_recommendation.recipes.field_transformer import FieldTransformer


class ClickPredictor(TaskModule):
    r"""Whether an event happens.

    .. math:: \mathrm{logit} = b + \sum_f w_f[v_f] + u \cdot [z_1 .. z_F], \qquad z = \mathrm{Encoder}(e_1 .. e_F)

    with a vector e and a bias w for each value of each field: the mean over the values of a field with many, and for a
    history what the target attends in it (cross attention of the target's vector). The encoder is AutoInt's (Song et
    al. 2019), the history DIN's (Zhou et al. 2018).

    Args:
        parts: attention, position and `FieldTransformer`.
        facts: of `EventModule`.

    Shapes: columns (B,) or (B, S) to logits (B,).
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = parts.model
        if not isinstance(model, FieldTransformer):
            raise ConfigurationError(Fault("model", "must be a FieldTransformer", type(model).__name__))
        self.fields = known_fields(facts)
        self.field_dropout, dim = model.field_dropout, model.dim
        own = [field for field in self.fields if field.kind != "history"]
        sizes = {field.name: size(field) for field in own}
        self.numbers = {name: number for number, name in enumerate(sizes)}
        self.vectors = nn.ModuleList(_table(count, dim, 0.05) for count in sizes.values())
        self.biases = nn.ModuleList(_table(count, 1, 0.0) for count in sizes.values())
        history = any(field.kind == "history" for field in self.fields)
        self.history = parts.attention.build(dim, context_dim=dim) if history else None
        # What stands first in every history: it has something to attend, and a place to attend when nothing fits.
        self.nothing = nn.Parameter(torch.zeros(1, 1, dim)) if history else None
        self.kinds = nn.Parameter(torch.empty(len(self.fields), dim).normal_(std=0.05))
        self.encoder = Encoder(
            dim,
            model.depth,
            parts.attention,
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        initialise(self.encoder, std=0.02)
        self.head = nn.Linear(len(self.fields) * dim, 1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def row_names(self) -> dict[str, Sequence[str]]:
        own = [field for field in self.fields if field.kind != "history"]
        found: dict[str, Sequence[str]] = {"kinds": [f"field {field.kind} {field.name}" for field in self.fields]}
        for field in own:
            for tables in ("vectors", "biases"):
                found[f"{tables}.{self.numbers[field.name]}.weight"] = names(field)
        return found

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B,)."""
        tokens, biases = zip(*(self._field(field, batch) for field in self.fields), strict=True)
        x = dropout(torch.stack(tokens, 1), self.field_dropout, self.training) + self.kinds
        logits: Tensor = self.head(self.encoder(x).flatten(1)).squeeze(1)
        return logits + torch.stack(biases).sum(0)

    def _field(self, field: Field, batch: Batch) -> tuple[Tensor, Tensor]:
        """Vector (B, D) and bias (B,) of a field."""
        column = batch[field.name]
        if field.kind == "history":
            found = self._attended(field, column, batch[field.of])
            return found, found.new_zeros(len(found))
        number = self.numbers[field.name]
        tables = [cast("nn.Embedding", part[number]).weight for part in (self.vectors, self.biases)]
        if field.kind == "many":
            found, bias = (F.embedding_bag(column, table, mode="mean", padding_idx=0) for table in tables)
        else:
            found, bias = (F.embedding(column, table, padding_idx=0) for table in tables)
        return found, bias.squeeze(1)

    def _attended(self, field: Field, history: Tensor, target: Tensor) -> Tensor:
        """What the target (B,) attends in a history (B, S)."""
        assert self.history is not None
        assert self.nothing is not None
        table = self.vectors[self.numbers[field.of]]
        context = torch.cat([self.nothing.expand(len(history), -1, -1), table(history)], 1)
        real = F.pad(history > 0, (1, 0), value=True)
        found: Tensor = self.history(table(target).unsqueeze(1), context, mask=Padding(real))
        return found.squeeze(1)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean log loss in nats, and the logits (B,)."""
        logits = self(batch)
        return F.binary_cross_entropy_with_logits(logits, batch["labels"]), logits

    def metrics(self) -> dict[str, Metric]:
        """``auc``, the area under the ROC curve, from 0 to 1."""
        return {"auc": BinaryAUROC(validate_args=False)}

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        metrics["auc"].update(outputs, batch["labels"].long())

    def exhibits(self) -> list[Exhibit]:
        """Whether chances come true."""
        return [Chances()]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        batch = {"labels": torch.ones(batch_size, device=device)}
        for field in self.fields:
            shape = (batch_size,) if field.kind in ("one", "number") else (batch_size, 3)
            batch[field.name] = torch.ones(shape, dtype=torch.int64, device=device)
        return batch

    def example_input(self, folder: Path) -> str:
        return str(write_example(folder / "events.csv", self.fields))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, dict[str, Tensor]]]:
        """The events of a CSV file with the columns of the training data; a label is not looked at.

        Raises:
            DataError: with everything that is wrong with the file.
        """
        columns = read_unlabelled(Path(source), self.fields)
        number = len(next(iter(columns.values())))
        return (
            (f"row {row + 2}", {name: torch.from_numpy(column[row : row + 1]) for name, column in columns.items()})
            for row in range(number)
        )

    @torch.no_grad()
    def predict(
        self, inputs: Iterable[tuple[str, dict[str, Tensor]]], options: PredictRecipe
    ) -> Iterator[dict[str, Any]]:
        """``input`` (the row, counted below the names of columns from 2) and ``probability`` that it happens."""
        self.eval()
        device = self.kinds.device
        some: list[tuple[str, dict[str, Tensor]]] = []
        for one in inputs:
            some.append(one)
            if len(some) == options.batch_size:
                yield from self._records(some, device)
                some = []
        if some:
            yield from self._records(some, device)

    def subjects(
        self, inputs: Iterable[tuple[str, dict[str, Tensor]]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each event with its chance."""
        for name, columns in inputs:
            yield name, partial(PredictedClick, name, self, columns)

    def _records(self, some: list[tuple[str, dict[str, Tensor]]], device: torch.device) -> Iterator[dict[str, Any]]:
        batch = {name: torch.cat([columns[name] for _, columns in some]).to(device) for name in some[0][1]}
        for (name, _), chance in zip(some, self(batch).sigmoid().tolist(), strict=True):
            yield {"input": name, "probability": chance}


def _table(rows: int, width: int, deviation: float) -> nn.Embedding:
    table = nn.Embedding(rows, width, padding_idx=0)
    nn.init.normal_(table.weight, std=deviation)
    return table


def names(field: Field) -> list[str]:
    """What the rows of a field's tables stand for; no value of another field has such a name."""
    own = range(len(field.edges) + 1) if field.kind == "number" else field.values
    bounds = f" of {field.edges}" if field.kind == "number" else ""
    return [f"value of {field.name}{bounds}: {value}" for value in ("missing", *own)]


def size(field: Field) -> int:
    """Rows of a field's tables, that of what is missing among them."""
    return (len(field.edges) + 1 if field.kind == "number" else len(field.values)) + 1
