"""Settings that all sets of recordings share: features and augmentation. Torch-free."""

from __future__ import annotations

from abc import ABC
from typing import Annotated, Any, Literal

from attnframe.plugin.contract import DataRecipe
from attnframe.recipe import AtLeast, Between, frozen

NOMINAL_FRAMES = 200
"""Frames of the longest recording as they are guessed before any is read."""


@frozen
class SpeechData(DataRecipe, ABC):
    """Recordings as frames of log mel energies. All augmentation works on whole training batches of them.

    Args:
        centre: take the mean of each channel over a recording off (Atal 1974,
            https://doi.org/10.1121/1.1914702), which removes microphone and level.
        stretch: largest random change of tempo, as a share of it, each way (Ko et al. 2015); in [0, 0.5].
        warp: largest random change of all frequencies, as a share of them, each way, as of another vocal tract (Jaitly
            and Hinton 2013); in [0, 0.5].
        shift: largest random lead and tail that are cut off or added, as a share of the recording; in [0, 0.5].
        noise: probability of adding noise of random level and colour to a recording, in [0, 1].
        colour: deviation of a random equaliser before the noise, in units of the natural logarithm of energy. With
            `centre` it counts only where noise is added.
        masks: time masks and frequency masks of a recording (SpecAugment, Park et al. 2019,
            https://arxiv.org/abs/1904.08779).
        time_mask: widest time mask, as a share of the recording, in [0, 1].
        frequency_mask: widest frequency mask, as a share of the channels, in [0, 1].
    """

    centre: bool = True
    stretch: Annotated[float, Between(0, 0.5)] = 0.1
    warp: Annotated[float, Between(0, 0.5)] = 0.1
    shift: Annotated[float, Between(0, 0.5)] = 0.0
    noise: Annotated[float, Between(0, 1)] = 0.5
    colour: Annotated[float, AtLeast(0)] = 0.5
    masks: Annotated[int, AtLeast(0)] = 2
    time_mask: Annotated[float, Between(0, 1)] = 0.1
    frequency_mask: Annotated[float, Between(0, 1)] = 0.2


@frozen
class SoundData(SpeechData, ABC):
    """Recordings read from sound files.

    Args:
        rate: samples a second that sounds are brought to.
        mels: channels of a frame.
    """

    rate: Annotated[int, AtLeast(1000)] = 16_000
    mels: Annotated[int, AtLeast(4)] = 40

    @property
    def frontend_facts(self) -> dict[str, Any]:
        """What makes the frames, as plain values."""
        return {"name": "log_mel", "rate": self.rate, "mels": self.mels}


@frozen
class OwnSoundData(SoundData, ABC):
    """A user's own sound files.

    Args:
        clipped: ``tell`` which recordings were too loud for their microphone, or ``refuse`` them.
    """

    clipped: Literal["tell", "refuse"] = "tell"


def nominal(frontend: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Facts of a set of recordings as they are known before it is read: what is measured stands at a neutral value."""
    mels = frontend["mels"]
    return {
        **more,
        "frontend": frontend,
        "frames": NOMINAL_FRAMES,
        "centre": True,
        "mean": [0.0] * mels,
        "std": [1.0] * mels,
    }
