"""Noise around the embedded speech."""

from __future__ import annotations

import numpy as np
from attnframe_speech.data.voices import LEVELS, SILENCE, in_noise

RATE = 22050


def test_speech_stands_between_silences_in_noise_of_the_level() -> None:
    speech = np.where(np.arange(RATE) % 2, 0.1, -0.1).astype(np.float32)
    for seed in range(5):
        placed = in_noise(speech, np.random.default_rng(seed))
        extra = len(placed) - RATE
        assert 0 <= extra <= 2 * SILENCE * RATE
        lead = int(np.random.default_rng(seed).integers(0, round(SILENCE * RATE), size=2)[0])
        noise = placed - np.pad(speech, (lead, extra - lead))
        ratio = 10 * np.log10(np.square(speech).mean() / np.square(noise).mean())
        assert LEVELS[0] - 0.5 <= ratio <= LEVELS[1] + 0.5
