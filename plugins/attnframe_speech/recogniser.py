"""The module of the task `speech_recognition`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torchmetrics import Metric
from torchmetrics.text import CharErrorRate, WordErrorRate

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch, TaskModule
from attnframe_speech.data.batches import padded
from attnframe_speech.decoding.alignment import word_times
from attnframe_speech.decoding.greedy import greedy
from attnframe_speech.decoding.prefix_beam import prefix_beam
from attnframe_speech.exhibits.transcripts import Transcripts
from attnframe_speech.explaining import Transcript
from attnframe_speech.frontends.base import HOP_SECONDS, Frames, frontend_of
from attnframe_speech.inputs import read_recordings
from attnframe_speech.letters import Letters
from attnframe_speech.networks.ctc import ctc_losses, flat_start_losses
from attnframe_speech.networks.frames import FrameEncoder, example_features
from attnframe_speech.networks.writer import Writer
from attnframe_speech.recipes.recogniser_models import RecogniserModel
from attnframe_speech.transcript_picture import save_transcripts


class Recogniser(TaskModule):
    """Encoded positions under CTC, on request with an attention decoder beside it.

    A batch is that of `TranscriptSplit`. With a decoder the loss is w CTC + (1 - w) attention, and among the
    hypotheses of the beam search the one with the best w log p_CTC + (1 - w) log p_attention is taken.

    Args:
        parts: attention, position and model recipes, the last a `RecogniserModel`.
        facts: of `TranscriptModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        model = parts.model
        if not isinstance(model, RecogniserModel):
            raise ConfigurationError(Fault("model", "must be a RecogniserModel", type(model).__name__))
        super().__init__(facts)
        self.letters = Letters(facts["letters"])
        self.model = model
        self.encoder = FrameEncoder(model, parts, facts)
        self.head = nn.Linear(model.dim, len(self.letters))
        self.writer = Writer(model, parts, len(self.letters)) if model.decoder else None

    def forward(self, batch: Batch) -> Tensor:
        """Log probabilities (B, T', V) of the letters at each position, the blank first."""
        states, _, _ = self.encoder(batch["features"], batch["frames"])
        return self.log_probabilities(states)

    def row_names(self) -> dict[str, Sequence[str]]:
        letters = self.letters.names()
        found: dict[str, Sequence[str]] = {"head.weight": letters, "head.bias": letters}
        if self.writer is not None:
            edged = [*letters, "edge"]
            found |= {f"writer.{name}": edged for name in ("embedding.weight", "head.weight", "head.bias")}
        return found

    def log_probabilities(self, states: Tensor) -> Tensor:
        """(B, T', V) of the letters at encoded positions (B, T', D)."""
        logits: Tensor = self.head(states)
        return logits.float().log_softmax(2)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean loss of a letter in nats, in training with the flat start, and the encoded positions (B, T', D)."""
        states, present, positions = self.encoder(batch["features"], batch["frames"])
        given = self.log_probabilities(states), positions, batch["letters"], batch["lengths"]
        losses = ctc_losses(*given)
        if self.training and self.model.flat_start:
            losses = losses + self.model.flat_start * flat_start_losses(*given, losses)
        loss = losses.mean()
        if self.writer is not None:
            smoothing = self.model.label_smoothing if self.training else 0.0
            attended = self.writer.loss(batch["letters"], batch["lengths"], states, present, smoothing)
            loss = self.model.ctc_weight * loss + (1 - self.model.ctc_weight) * attended
        return loss, states

    def metrics(self) -> dict[str, Metric]:
        """Errors of words and of letters (spaces are letters) over those of the transcripts, 0 is best."""
        return {"wer": WordErrorRate(), "cer": CharErrorRate()}

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        lengths = self._positions(batch["frames"])
        said = [self.letters.text(one) for one in self.decode(outputs, self.log_probabilities(outputs), lengths)]
        rows = zip(batch["letters"].tolist(), batch["lengths"].tolist(), strict=True)
        truth = [self.letters.text(row[:length]) for row, length in rows]
        for metric in metrics.values():
            metric.update(said, truth)

    def _positions(self, frames: Tensor) -> Tensor:
        """Positions (B,) of recordings of so many frames."""
        return -(-frames // self.model.subsampling)

    def decode(self, states: Tensor, log_probabilities: Tensor, lengths: Tensor) -> list[list[int]]:
        """The text of each recording, as numbers.

        Args:
            states: (B, T', D) encoded positions. log_probabilities: (B, T', V) of letters.
            lengths: (B,) positions of each recording.
        """
        if self.model.beam == 1:
            return greedy(log_probabilities, lengths)
        found = []
        for row, state, length in zip(log_probabilities.cpu(), states, lengths.tolist(), strict=True):
            hypotheses = prefix_beam(row[:length].numpy(), self.model.beam)
            found.append(list(self._best(hypotheses, state[:length])))
        return found

    def _best(self, hypotheses: list[tuple[tuple[int, ...], float]], states: Tensor) -> tuple[int, ...]:
        """The best of some hypotheses: the likeliest, or with a decoder the one that both together prefer."""
        if self.writer is None or len(hypotheses) == 1:
            return hypotheses[0][0]
        texts = [torch.tensor(text, dtype=torch.int64, device=states.device) for text, _ in hypotheses]
        letters = nn.utils.rnn.pad_sequence(texts, batch_first=True)
        lengths = torch.tensor([len(text) for text in texts], device=states.device)
        context = states.unsqueeze(0).expand(len(texts), -1, -1)
        present = torch.ones(context.shape[:2], dtype=torch.bool, device=states.device)
        attended = self.writer.scores(letters, lengths, context, present).tolist()
        weight = self.model.ctc_weight
        scores = [weight * ctc + (1 - weight) * other for (_, ctc), other in zip(hypotheses, attended, strict=True)]
        return hypotheses[max(range(len(scores)), key=scores.__getitem__)][0]

    def exhibits(self) -> list[Exhibit]:
        """The first recordings with their transcripts."""

        def decoded(states: Tensor, frames: Tensor) -> list[list[int]]:
            return self.decode(states, self.log_probabilities(states), self._positions(frames))

        return [Transcripts(self.letters, decoded)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        return {
            **example_features(self.facts, batch_size, device),
            "letters": torch.ones(batch_size, 4, dtype=torch.int64, device=device),
            "lengths": torch.full((batch_size,), 4, dtype=torch.int64, device=device),
        }

    def example_input(self, folder: Path) -> str:
        """A small file of the kind that the model was trained on."""
        return str(frontend_of(self.facts).write_example(folder))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Frames]]:
        """Path and frames of a recording, or of every recording below a folder.

        Raises:
            DataError: when there is none, or with every file that cannot be read.
        """
        return read_recordings(source, frontend_of(self.facts), options)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, ``text``, ``confidence`` (mean over the words) and ``words``, each with ``word``, ``start``,
        ``end`` (seconds) and ``confidence``, of each recording."""
        self.eval()
        device = self.head.weight.device
        seconds = HOP_SECONDS * self.model.subsampling
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            batch = {name: part.to(device) for name, part in padded([frames for _, frames in some]).items()}
            states, _, lengths = self.encoder(batch["features"], batch["frames"])
            scores = self.log_probabilities(states)
            said = self.decode(states, scores, lengths)
            for (name, _), numbers, row, length in zip(some, said, scores, lengths.tolist(), strict=True):
                words = word_times(row[:length], numbers, self.letters, seconds)
                sure = sum(word["confidence"] for word in words) / len(words) if words else None
                yield {"input": name, "text": self.letters.text(numbers), "confidence": sure, "words": words}

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each recording with what was said in it."""
        for name, frames in inputs:
            yield name, partial(Transcript, name, self, frames)

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """Spectrograms, each with its words where they are said."""
        return save_transcripts(records, frontend_of(self.facts), folder)
