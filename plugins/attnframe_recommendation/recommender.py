"""The module of sequential recommendation: tables, network, losses, ranks and recommendations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchmetrics import MeanMetric, Metric

from attnframe.errors import ConfigurationError, Fault
from attnframe.models import Decoder, initialise
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch, TaskModule
from attnframe_recommendation.data.floor import last_items
from attnframe_recommendation.data.interactions import from_lines
from attnframe_recommendation.exhibits.ranked_lists import RankedLists
from attnframe_recommendation.explaining.recommended import RecommendedItem
from attnframe_recommendation.inputs import History, read_histories, write_example
from attnframe_recommendation.network import HistoryNetwork
from attnframe_recommendation.ranking import DiscountedGain, HitRate, ranks
from attnframe_recommendation.recipes.recommend import Recommend
from attnframe_recommendation.recipes.sequential_transformer import SequentialTransformer
from attnframe_recommendation.sampled_losses import binary_cross_entropy, sampled_softmax
from attnframe_recommendation.scores import masked, places
from attnframe_recommendation.side_information import AttributeTable, FieldFusion
from attnframe_recommendation.softmax_loss import full_softmax
from attnframe_recommendation.transitions import Transitions, TransitionSkip

REACH = 3
"""Places on that still count as a transition in the skip."""


class SequentialRecommender(TaskModule):
    r"""Scores of all items after a history, by causal attention (SASRec, Kang and McAuley 2018).

    .. math:: \mathrm{score}(x \mid i_1 .. i_t) = h_t \cdot e_x, \qquad
        h = \mathrm{Network}(\sqrt D e_{i_1} .. \sqrt D e_{i_t})

    with the vector e of an item, fused with those of its attributes where `side_information` is ``field``. Where there
    is a skip, `TransitionSkip` mixes them with what followed i_t; its weights are learnt from transitions kept apart,
    with the rest standing still.

    Args:
        parts: attention, position and `SequentialTransformer`.
        facts: of `InteractionModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = parts.model
        if not isinstance(model, SequentialTransformer):
            raise ConfigurationError(Fault("model", "must be a SequentialTransformer", type(model).__name__))
        self.recipe, dim = model, model.dim
        self.max_length: int = facts["max_length"]
        self.number = len(facts["items"])
        self.items = nn.Embedding(self.number + 1, dim, padding_idx=0)
        nn.init.normal_(self.items.weight, std=0.02)
        self.table: AttributeTable | None = None
        self.fusion: FieldFusion | None = None
        if model.side_information != "none":
            if not facts["attributes"]:
                must = "must be none: the data says nothing of its items"
                works = "Leave it out, or give items.csv (item, title, attributes)."
                raise ConfigurationError(Fault("model.side_information", must, model.side_information, works))
            self.table = AttributeTable(len(facts["attributes"]), facts["item_attributes"], dim)
        if model.side_information == "field" and self.table is not None:
            self.fusion = FieldFusion(self.table, parts.attention, dim)
        self._kept: tuple[tuple[tuple[int, int], ...], Tensor] | None = None
        decoder = Decoder(
            dim,
            model.depth,
            parts.attention,
            parts.build_position(max_length=self.max_length, causal=True),
            context_dim=dim if model.side_information == "cross" else None,
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
            activation=model.activation,
            norm=model.norm,
        )
        initialise(decoder, std=0.02)  # small, as the vectors of items: at first the skip decides
        self.network = HistoryNetwork(decoder, parts.position.reads == "time")
        taken, counts = from_lines(facts["histories"])
        self.skip: TransitionSkip | None = None
        if model.transition_skip:
            self.skip = TransitionSkip(Transitions(taken, counts, self.number, reach=REACH))

    def row_names(self) -> dict[str, Sequence[str]]:
        return {"items.weight": ["no item", *(f"item {name}" for name in self.facts["items"])]}

    def vectors(self, items: Tensor) -> Tensor:
        """The vectors (..., D) of items (...), fused with those of their attributes."""
        if self.fusion is None:
            vectors: Tensor = self.items(items)
            return vectors
        if items.is_meta:
            flat = items.flatten()
            fused: Tensor = self.fusion(flat, self.items(flat))
            return fused.view(*items.shape, -1)
        # Each item is fused once, however often it occurs.
        few, at = torch.unique(items, return_inverse=True)
        of_few: Tensor = self.fusion(few, self.items(few))
        return of_few[at]

    def catalogue(self) -> Tensor:
        """The vectors (V + 1, D) of all items, padding first; fused ones are kept while the weights stand still."""
        if self.fusion is None:
            return self.items.weight
        every = torch.arange(self.number + 1, device=self.items.weight.device)
        if self.training or torch.is_grad_enabled():
            return self.vectors(every)
        weights = tuple((w.data_ptr(), w._version) for w in (self.items.weight, *self.fusion.parameters()))
        if self._kept is None or self._kept[0] != weights:
            self._kept = weights, self.vectors(every)
        return self._kept[1]

    def states(self, batch: Batch, vectors: Tensor | None = None) -> Tensor:
        """What is made of each prefix of the histories (B, T, D).

        Args:
            batch: with ``items``, ``lengths`` and, where they are read, ``times``.
            vectors: (B, T, D) of the items, where they are known.
        """
        items = batch["items"]
        context = None if self.table is None or self.fusion is not None else self.table.mean(items)
        vectors = self.vectors(items) if vectors is None else vectors
        scaled = vectors * self.recipe.dim**0.5
        states: Tensor = self.network(scaled, context, batch["lengths"], batch.get("times"))
        return states

    def last_states(self, batch: Batch) -> Tensor:
        """What is made of the whole histories (B, D)."""
        states = self.states(batch)
        at = (batch["lengths"] - 1).view(-1, 1, 1).expand(-1, 1, states.shape[2])
        return states.gather(1, at).squeeze(1)

    def forward(self, batch: Batch) -> Tensor:
        """Scores (B, V + 1) of what comes after each history, the column of padding 0."""
        return self._scores(batch)[0]

    def _scores(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scores (B, V + 1), log-probabilities where there is a skip, and the share of the skip (B,)."""
        scores = F.linear(self.last_states(batch), self.catalogue())
        if self.skip is None:
            return scores, scores.new_zeros(len(scores))
        mixed: tuple[Tensor, Tensor] = self.skip(scores, last_items(batch))
        return mixed

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean loss in nats; beside it rank of the true item and share of the skip (B, 2), or of one column of losses
        in training.

        In training it is that of `loss`, and of the skip where there are transitions kept apart; in evaluation the
        cross entropy over the candidates.
        """
        if "places" in batch:
            return self._training_loss(batch)
        scores, share = self._scores(batch)
        targets = batch["targets"]
        if "candidates" in batch:
            chosen = scores.gather(1, batch["candidates"]).masked_fill(batch["candidates"] == 0, -torch.inf)
            loss = F.cross_entropy(chosen, torch.zeros_like(targets))
        else:
            loss = F.cross_entropy(scores[:, 1:], targets - 1)
        return loss, torch.stack([places(scores, batch), share], 1)

    def _training_loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        at, targets, held = batch["places"], batch["targets"], batch["held_places"]
        if self.skip is None:
            at, targets = torch.cat([at, held]), torch.cat([targets, batch["held_targets"]])
        loss, states = self._item_loss(batch, at, targets)
        if not self.training:  # the same examples for training and validation, as when a few are learnt by heart
            scores = F.linear(states[at], self.catalogue())
            return loss, torch.stack([ranks(scores, targets), torch.zeros_like(scores[:, 0])], 1)
        if self.skip is not None and len(held):
            last = batch["items"].flatten()[held]
            scores, _ = self.skip(F.linear(states[held], self.catalogue()).detach(), last)
            # A mean over all users, so that batches with few of them weigh little.
            mixed = F.cross_entropy(scores[:, 1:], batch["held_targets"] - 1, reduction="sum")
            loss = loss + mixed / len(batch["lengths"])
        return loss, loss.detach().view(1, 1)

    def _item_loss(self, batch: Batch, at: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of the items `targets` (N,) at the flat places `at` (N,), and all states (B * T, D)."""
        if self.recipe.loss == "softmax":
            states = self.states(batch).flatten(0, 1)
            return full_softmax(states[at], self.catalogue()[1:], targets - 1), states
        items, negatives = batch["items"], self.recipe.negatives
        shared = self.recipe.loss == "sampled_softmax"
        shape = (negatives,) if shared else (len(targets), negatives)
        drawn = torch.randint(1, self.number + 1, shape, device=items.device)
        # One look-up, since each brings a gradient as large as the table.
        vectors = self.vectors(torch.cat([items.flatten(), targets, drawn.flatten()]))
        read, true, others = vectors.split_with_sizes([items.numel(), len(targets), drawn.numel()])
        states = self.states(batch, read.view(*items.shape, -1)).flatten(0, 1)
        if shared:
            return sampled_softmax(states[at], true, others, targets, drawn, self.number), states
        return binary_cross_entropy(states[at], true, others.view(*shape, -1)), states

    def metrics(self) -> dict[str, Metric]:
        """``hr@10`` and ``ndcg@10``, from 0 to 1; with the skip also ``transition_share``, its mean share of the
        probability."""
        found: dict[str, Metric] = {"hr@10": HitRate(), "ndcg@10": DiscountedGain()}
        return found if self.skip is None else found | {"transition_share": MeanMetric()}

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        metrics["hr@10"].update(outputs[:, 0])
        metrics["ndcg@10"].update(outputs[:, 0])
        if "transition_share" in metrics:
            metrics["transition_share"].update(outputs[:, 1])

    def exhibits(self) -> list[Exhibit]:
        """Lists of the first users, and hits among the first places."""
        titles = self.facts["titles"] or [None] * self.number
        names = [str(item if title is None else title) for item, title in zip(self.facts["items"], titles, strict=True)]
        return [RankedLists(names, self)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        length = self.max_length
        items = torch.ones(batch_size, length, dtype=torch.int64, device=device)
        batch = {"items": items, "lengths": torch.full((batch_size,), length, device=device)}
        if self.facts["times"]:
            batch["times"] = items
        at = torch.arange(batch_size * length, device=device)
        return batch | {"places": at, "targets": items.flatten(), "held_places": at[:1], "held_targets": items[0, :1]}

    def example_input(self, folder: Path) -> str:
        return str(write_example(folder / "histories.csv", self.facts))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, History]]:
        """Histories of a file (``user``, ``item`` and where the model reads them ``timestamp``), or users of the
        training data by name, parted by commas.

        Raises:
            DataError: with everything that is wrong with the file, and each user that is not known.
        """
        return read_histories(source, self.facts)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, History]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input`` (the user) and ``items``: the best items in order, each with ``item``, ``title`` where titles are
        known, and ``score``."""
        if not isinstance(options, Recommend):
            raise ConfigurationError(Fault("predict", "must be Recommend", type(options).__name__))
        self.eval()
        device = self.items.weight.device
        titles = self.facts["titles"] or [None] * self.number
        for name, history in inputs:
            batch = {key: value.to(device) for key, value in history.batch(self.max_length).items()}
            scores = self(batch)
            scores = masked(scores, history.seen.to(device) if options.exclude_seen else scores.new_zeros(1, 1).long())
            best = scores[0].topk(min(options.top_k, int(scores[0].isfinite().sum())))
            yield {
                "input": name,
                "items": [
                    {"item": self.facts["items"][number - 1]}
                    | ({} if titles[number - 1] is None else {"title": titles[number - 1]})
                    | {"score": score}
                    for score, number in zip(best.values.tolist(), best.indices.tolist(), strict=True)
                ],
            }

    def subjects(
        self, inputs: Iterable[tuple[str, History]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each user with the item that is recommended first."""
        exclude = not isinstance(options, Recommend) or options.exclude_seen
        for name, history in inputs:
            yield name, partial(RecommendedItem, name, self, history, exclude)
