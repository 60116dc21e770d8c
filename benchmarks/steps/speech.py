"""Speech recognisers."""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from interleaved import Step
from torch import Tensor, nn

from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.none import NoPositionScheme
from steps.base import Case, training

SPEECH: Final = (8, 200, 80)
"""Recordings, frames of each, and channels."""


def spoken() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Features, frames of each recording, letters, and the length of each transcript."""
    recordings, frames, _ = SPEECH
    lengths = torch.full((recordings,), 30)
    return torch.randn(SPEECH), torch.full((recordings,), frames), torch.randint(1, 32, (recordings, 30)), lengths


def asr_ours() -> Step:
    """Our speech plugin's module without subsampling; features are normalised in the step."""
    from attnframe_speech.recipes.recogniser_models import RecogniserConformer
    from attnframe_speech.recogniser import Recogniser

    _, frames, mels = SPEECH
    facts = {
        "letters": [chr(65 + number) for number in range(31)], "frontend": {"name": "log_mel", "mels": mels},
        "frames": frames, "centre": True, "mean": [0.0] * mels, "std": [1.0] * mels,
    }  # fmt: skip
    model = RecogniserConformer(dim=144, depth=4, subsampling=1, kernel_size=31)
    module = Recogniser(Parts(MultiHeadAttention(num_heads=4), NoPositionScheme(), model), facts)
    batch = dict(zip(("features", "frames", "letters", "lengths"), spoken(), strict=True))
    return training(module, lambda: module.loss(batch)[0])


def asr_torchaudio() -> Step:
    from torchaudio.models import Conformer

    conformer = Conformer(input_dim=144, num_heads=4, ffn_dim=576, num_layers=4, depthwise_conv_kernel_size=31)
    inner, outer = nn.Linear(SPEECH[2], 144), nn.Linear(144, 32)
    features, frames, letters, lengths = spoken()

    def loss() -> Tensor:
        states, _ = conformer(inner(features), frames)
        return F.ctc_loss(outer(states).log_softmax(2).transpose(0, 1), letters, frames, lengths)

    return training(nn.ModuleList([conformer, inner, outer]), loss)


CASES: Final[dict[str, Case]] = {
    "asr": Case(
        "training step, Conformer 144 x 4, 4 heads, kernel 31, batch 8 x 200 frames of 80 channels, CTC",
        asr_ours,
        {"torchaudio Conformer": asr_torchaudio},
        0.98,
        ("torchaudio",),
    ),
}
