"""The alignment of a translation, read from cross attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from attnframe.attention.mixer import Call, Mixer
from attnframe.errors import UnsupportedError
from attnframe.interpretation import attention_layers, head_mean, watch, weights_of
from attnframe.masks import Padding
from attnframe.models import EncoderDecoder


def cross_layer(network: EncoderDecoder) -> str:
    """The layer of cross attention that is read: the last but one where there are several, which aligns words better
    than the last (Garg et al. 2019, https://arxiv.org/abs/1909.02074)."""
    names = [name for name, layer in attention_layers(network).items() if layer.context_dim is not None]
    return names[max(0, len(names) - 2)]


@torch.no_grad()
def weights_of_source(network: EncoderDecoder, source: Tensor, target: Tensor, source_valid: Tensor) -> Tensor | None:
    """How much each token that is written looks at each token of the source, meaned over heads.

    Args:
        network: in evaluation mode.
        source: (B, S, D) embedded. target: (B, T, D) embedded, the token before each that is written.
        source_valid: (B, S) True = real token.

    Returns:
        (B, T, S); None when the variant has no weights to show.
    """
    found: list[Tensor] = []

    def look(name: str, mixer: Mixer, query: Tensor, key: Tensor, call: Call) -> None:
        found.append(weights_of(mixer, query, key, call, head_mean))

    mask = Padding(source_valid)
    try:
        with watch(network, [cross_layer(network)], look):
            network(source, target, source_mask=mask, context_mask=mask)
    except UnsupportedError:
        return None
    # A recurrent decoder may run the layer once for each token.
    return torch.cat(found, 2)[:, 0]


def aligned(weights: Tensor, source: Sequence[str], target: Sequence[str]) -> dict[str, Any]:
    """Plain values of one alignment.

    Args:
        weights: (T, S) of a translation's tokens over those of its source; what falls on others (the end of the
            sentence) is left out, and the rest shared out anew.
        source: what each token of the source stands for. target: likewise.

    Returns:
        ``pairs`` (token of the translation, the source token that it looks at most, its weight), and ``source``,
        ``target`` and ``weights`` of the whole picture.
    """
    shares = weights[: len(target), : len(source)].double()
    shares = shares / shares.sum(1, keepdim=True).clamp_min(1e-12)
    rows = [[round(share, 4) for share in row] for row in shares.tolist()]
    most = shares.argmax(1).tolist()
    pairs = [[word, source[place], row[place]] for word, place, row in zip(target, most, rows, strict=True)]
    return {"pairs": pairs, "source": list(source), "target": list(target), "weights": rows}
