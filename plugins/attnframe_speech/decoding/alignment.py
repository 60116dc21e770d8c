"""When each word of a text is said."""

from __future__ import annotations

from typing import Any

import torch
import torchaudio
from torch import Tensor

from attnframe_speech.letters import BLANK, Letters


def word_times(log_probabilities: Tensor, numbers: list[int], letters: Letters, seconds: float) -> list[dict[str, Any]]:
    """``word``, ``start`` and ``end`` (seconds) and ``confidence`` (mean probability of its letters where they are
    said) of each word of a text, by the likeliest alignment under CTC (torchaudio's ``forced_align``).

    Args:
        log_probabilities: (T, V) of one recording.
        numbers: the text, possible in T positions.
        letters: names the numbers.
        seconds: from one position to the next.
    """
    if not numbers:
        return []
    targets = torch.tensor([numbers], dtype=torch.int32)
    path, scores = torchaudio.functional.forced_align(
        log_probabilities.float().unsqueeze(0).cpu(), targets, blank=BLANK
    )
    spans = torchaudio.functional.merge_tokens(path[0], scores[0].exp(), blank=BLANK)
    words: list[dict[str, Any]] = []
    inside = False
    for span in spans:
        letter = letters.text([span.token])
        if letter == " ":
            inside = False
            continue
        if not inside:
            words.append({"word": "", "start": round(span.start * seconds, 3), "end": 0.0, "scores": []})
            inside = True
        words[-1]["word"] += letter
        words[-1]["end"] = round(span.end * seconds, 3)
        words[-1]["scores"].append(span.score)
    for word in words:
        told = word.pop("scores")
        word["confidence"] = sum(told) / len(told)
    return words
