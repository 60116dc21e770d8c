"""Forecasters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
import torch.nn.functional as F
from interleaved import Step
from torch import Tensor, nn

from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.optim import OptimRecipe
from attnframe.recipes.position.learned import LearnedScheme
from attnframe.recipes.position.none import NoPositionScheme
from attnframe.training.optimiser import build_optimiser
from steps.base import Case, training

if TYPE_CHECKING:
    from attnframe_timeseries.recipes.forecast_model import ForecastModel

WINDOWS: Final = (
    "7 channels, 96 rows to 96, batch 32, dropout 0.1, each with the optimiser that a user would have (fused AdamW; "
    "AdamW as torch has it by default)"
)
SERIES: Final = (32, 7, 96)
"""Windows, channels, and rows on each side."""


def forecaster(model: ForecastModel, heads: int) -> Step:
    """Our timeseries plugin's module with the optimiser that it is trained with, on windows of 7 channels, 96 rows to
    96, beside the peers' parts: learned positions (the inverted model has none), dropout 0.1, no linear skip."""
    from attnframe_timeseries.forecaster import Forecaster

    channels, rows = SERIES[1:]
    names = [f"channel {number}" for number in range(channels)]
    facts = {"channels": names, "mean": [0.0] * channels, "std": [1.0] * channels, "lookback": rows, "horizon": rows}
    position = NoPositionScheme() if model.name == "inverted" else LearnedScheme()
    module = Forecaster(Parts(attention=MultiHeadAttention(num_heads=heads), position=position, model=model), facts)
    batch = {"past": torch.randn(SERIES), "future": torch.randn(SERIES)}
    return training(module, lambda: module.loss(batch)[0], build_optimiser(module, OptimRecipe()))


def patches_ours() -> Step:
    """11 patches, as the peer has them, which repeats no last row."""
    from attnframe_timeseries.recipes.patches import PatchesRecipe

    recipe = PatchesRecipe(dim=128, depth=3, mlp_ratio=2.0, dropout=0.1, patch_size=16, stride=8, pad_end=False)
    return forecaster(recipe, 16)


def patches_transformers() -> Step:
    from transformers import PatchTSTConfig, PatchTSTForPrediction

    batch, channels, rows = SERIES
    config = PatchTSTConfig(
        num_input_channels=channels, context_length=rows, prediction_length=rows, patch_length=16, patch_stride=8,
        d_model=128, num_attention_heads=16, ffn_dim=256, num_hidden_layers=3, attention_dropout=0.1, ff_dropout=0.1,
        scaling="std", loss="mse",
    )  # fmt: skip
    model = PatchTSTForPrediction(config)
    past, future = torch.randn(batch, rows, channels), torch.randn(batch, rows, channels)
    return training(model, lambda: model(past_values=past, future_values=future).loss)


def inverted_ours() -> Step:
    from attnframe_timeseries.recipes.inverted import InvertedRecipe

    return forecaster(InvertedRecipe(dim=128, depth=2, mlp_ratio=1.0, dropout=0.1), 8)


class TorchInverted(nn.Module):
    """An iTransformer of torch's encoder layers, with reversible normalisation."""

    def __init__(self) -> None:
        super().__init__()
        rows = SERIES[2]
        self.embedding, self.head = nn.Linear(rows, 128), nn.Linear(128, rows)
        layer = nn.TransformerEncoderLayer(128, 8, 128, 0.1, "gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(128), enable_nested_tensor=False)

    def forward(self, past: Tensor) -> Tensor:
        mean, deviation = past.mean(1, keepdim=True), past.std(1, keepdim=True, unbiased=False) + 1e-5
        tokens = self.encoder(self.embedding(((past - mean) / deviation).transpose(1, 2)))
        return self.head(tokens).transpose(1, 2) * deviation + mean


def inverted_torch() -> Step:
    batch, channels, rows = SERIES
    model = TorchInverted()
    past, future = torch.randn(batch, rows, channels), torch.randn(batch, rows, channels)
    return training(model, lambda: F.mse_loss(model(past), future))


CASES: Final[dict[str, Case]] = {
    "patches": Case(
        f"training step, PatchTST 128 x 3, 16 heads, {WINDOWS}",
        patches_ours,
        {"transformers PatchTST": patches_transformers},
        1.2,
        ("transformers",),
    ),
    "inverted": Case(
        f"training step, iTransformer 128 x 2, 8 heads, {WINDOWS}",
        inverted_ours,
        {"nn.TransformerEncoder": inverted_torch},
        1.2,
        (),
    ),
}
