"""Explanations of recordings: which stretches of time, and so of the spectrogram, an answer was read from."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from attnframe.explanation.classes import class_answer, log_share
from attnframe.explanation.read_out import read
from attnframe.pictures import image
from attnframe.pictures.png import shrink
from attnframe.plugin.contract import Facts
from attnframe.plugin.subject import Drawing, Maps, Subject, Values
from attnframe_speech.data.batches import padded
from attnframe_speech.decoding.alignment import word_times
from attnframe_speech.frontends.base import HOP_SECONDS, Frames
from attnframe_speech.letters import BLANK
from attnframe_speech.networks.ctc import ctc_losses

if TYPE_CHECKING:
    from attnframe_speech.keyword_spotter import KeywordSpotter
    from attnframe_speech.recogniser import Recogniser

WIDE, SMALL = 240, 100
"""Columns of a spectrogram that is drawn, and of one of many."""
MOST_WORDS: Final = 6
"""Words that are drawn one by one, the first ones."""


class RecordingSubject(Subject, ABC):
    """Base of subjects whose units are the positions of the encoder, stretches of some frames each. Frames that are
    deleted become average ones, which the network takes for 0.

    Args:
        name: of the recording. answer: what the model says.
        model: what runs.
        frames: (T, F) log mel energies. facts: of the data.
        subsampling: frames of a position.
    """

    unit, many = "stretch of time", "stretches of time"
    deletion = "replaced by average frames"

    def __init__(
        self, name: str, answer: str, model: nn.Module, frames: Frames, facts: Facts, subsampling: int
    ) -> None:
        seconds = HOP_SECONDS * subsampling
        units = [f"{place * seconds:.2f} s" for place in range(-(-len(frames) // subsampling))]
        super().__init__(name, answer, model, units)
        self.frames, self.subsampling = frames.astype(np.float32), subsampling
        device = next(model.parameters()).device
        self.given = {key: part.to(device) for key, part in padded([frames]).items()}
        neutral = torch.tensor(facts["mean"], device=device)
        self.neutral = neutral + self.given["features"][0].mean(0) if facts["centre"] else neutral

    def batch(self, kept: Tensor) -> dict[str, Tensor]:
        """Versions of the recording, as the model takes them.

        Args:
            kept: (n, U) bool.
        """
        features = self.given["features"]
        frames = kept.to(features.device).repeat_interleave(self.subsampling, 1)[:, : features.shape[1]]
        versions = torch.where(frames.unsqueeze(2), features, self.neutral)
        return {"features": versions, "frames": self.given["frames"].expand(len(kept))}

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        columns = SMALL if small else WIDE
        whole = np.full((self.subsampling * len(values), self.frames.shape[1]), self.frames.min(), np.float64)
        whole[: len(self.frames)] = self.frames
        drawn = shrink(whole.T[::-1], columns)
        drawn = drawn.repeat(max(1, round(0.3 * drawn.shape[1] / len(drawn))), 0)
        low, high = float(drawn.min()), float(drawn.max())
        return image(1 - (drawn - low) / ((high - low) or 1.0), title, overlay=values[None])


class SpottedKeyword(RecordingSubject):
    """A recording and its label.

    Args:
        name: of the recording. spotter: in evaluation mode. frames: (T, F).
    """

    read_out = "over the whole recording"

    def __init__(self, name: str, spotter: KeywordSpotter, frames: Frames) -> None:
        self.spotter = spotter
        device = spotter.head.weight.device
        with torch.no_grad():
            logits = spotter({key: part.to(device) for key, part in padded([frames]).items()})
        self.record = spotter.record(name, logits.float().softmax(1)[0].tolist())
        self.label = spotter.facts["classes"].index(self.record["label"])
        self.score = f"log-probability of {self.record['label']}"
        subsampling = spotter.encoder.stem.subsampling
        super().__init__(name, class_answer(self.record), spotter, frames, spotter.facts, subsampling)

    def scores(self, kept: Tensor) -> Tensor:
        return log_share(self.spotter(self.batch(kept)), self.label)

    def relevance(self, maps: Maps) -> Tensor:
        return read(maps.through("encoder.encoder."))[0]

    def plain(self) -> Mapping[str, Any]:
        return {"label": self.record["label"], "probability": self.record["probability"]}


class Transcript(RecordingSubject):
    """A recording and what was said in it, under CTC.

    Args:
        name: of the recording. recogniser: in evaluation mode. frames: (T, F).
    """

    read_out = "where letters are written"
    score = "log-probability of a letter of the transcript"

    def __init__(self, name: str, recogniser: Recogniser, frames: Frames) -> None:
        self.recogniser = recogniser
        subsampling = recogniser.model.subsampling
        super().__init__(name, "", recogniser, frames, recogniser.facts, subsampling)
        with torch.no_grad():
            states, _, self.lengths = recogniser.encoder(self.given["features"], self.given["frames"])
            scores = recogniser.log_probabilities(states)
            self.numbers = recogniser.decode(states, scores, self.lengths)[0]
        self.text = recogniser.letters.text(self.numbers)
        self.answer = f"The model hears: {self.text}" if self.text else "The model hears nothing."
        self.words = word_times(scores[0], self.numbers, recogniser.letters, HOP_SECONDS * subsampling)
        self.written = (scores[0].argmax(1) != BLANK).nonzero().flatten()

    def scores(self, kept: Tensor) -> Tensor:
        told = self.recogniser(self.batch(kept))
        # One letter at least, for the shape; its length says that it does not count.
        letters = torch.tensor([self.numbers or [BLANK + 1]], device=told.device).expand(len(kept), -1)
        lengths = torch.full((len(kept),), len(self.numbers), device=told.device)
        return -ctc_losses(told, self.lengths.expand(len(kept)), letters, lengths)

    def relevance(self, maps: Maps) -> Tensor:
        parts = maps.through("encoder.encoder.")[0]
        return parts[self.written].mean(0) if len(self.written) else parts.mean(0)

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        parts = maps.through("encoder.encoder.")[0].cpu().double()
        seconds = HOP_SECONDS * self.subsampling
        found = []
        for number, word in enumerate(self.words[:MOST_WORDS], start=1):
            first, last = round(word["start"] / seconds), round(word["end"] / seconds)
            values = parts[first : max(last, first + 1)].mean(0).numpy()
            title = f"Where “{word['word']}” was read ({word['start']:.2f} to {word['end']:.2f} s)"
            found.append(Drawing(f"word-{number}", title, self.picture(values, title)))
        return found

    def plain(self) -> Mapping[str, Any]:
        return {"text": self.text, "words": self.words}
