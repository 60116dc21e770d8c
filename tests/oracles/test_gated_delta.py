"""The gated delta rule against flash-linear-attention's and transformers' plain functions, its norm and gate against
Qwen3-Next's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.qwen3_next import modeling_qwen3_next as qwen

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import GatedDeltaMixer
from attnframe.masks import Causal, Extent

B, H, T, E = 2, 4, 70, 8


def _call(x: Tensor) -> Call:
    """Queries, keys, values, a gate, and further numbers of which two say how far to move and to forget."""
    return Call(Causal(), Extent(B, H, T, T), signals={"gate": x[3], "rate": x[4, ..., :1], "decay": x[4, ..., 1:2]})


@pytest.mark.parametrize("peer", ["fla steps", "fla chunks", "transformers steps", "transformers chunks"])
def test_equals_the_functions_of_others(agree: Callable[..., None], plain: Callable[[str], Any], peer: str) -> None:
    torch.manual_seed(0)
    mixer = GatedDeltaMixer(H, E)
    log_speed = nn.Parameter(mixer.log_speed.detach().clone())
    fla = plain("gated_delta_rule")
    functions = {
        "fla steps": fla.naive_recurrent_gated_delta_rule,
        "fla chunks": fla.naive_chunk_gated_delta_rule,
        # Without the kernels that a decorator may put in their places.
        "transformers steps": inspect.unwrap(qwen.torch_recurrent_gated_delta_rule),
        "transformers chunks": inspect.unwrap(qwen.torch_chunk_gated_delta_rule),
    }

    def ours(x: Tensor) -> Tensor:
        out: Tensor = mixer(*x[:3], _call(x))
        return out

    def theirs(x: Tensor) -> Tensor:
        query, key, value, _, rest = (part.transpose(1, 2) for part in x)
        decay = -log_speed.exp() * F.softplus(rest[..., 1] + mixer.offset)
        query, key = (qwen.l2norm(F.silu(part), dim=-1, eps=1e-6) for part in (query, key))
        out: Tensor = functions[peer](query, key, value, g=decay, beta=rest[..., 0].sigmoid())[0]
        return out.transpose(1, 2)

    # A head's speed has one gradient for all tokens, whose parts nearly cancel: the rounding of transformers' solver
    # puts 1e-5 out of reach there, and not for the gradients of each token.
    pairs = [] if peer == "transformers chunks" else [(mixer.log_speed, log_speed)]
    agree(ours, theirs, torch.randn(5, B, H, T, E), pairs=pairs)


def test_the_norm_and_gate_equal_qwen3_next(agree: Callable[..., None]) -> None:
    mixer, peer = GatedDeltaMixer(H, E), qwen.Qwen3NextRMSNormGated(E, eps=1e-5)
    nn.init.normal_(mixer.norm.weight)
    peer.load_state_dict(mixer.norm.state_dict())

    def ours(x: Tensor) -> Tensor:
        return mixer.finish(x[2], _call(x))

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x[2].reshape(-1, E), x[3].reshape(-1, E)).view_as(x[2])
        return out

    agree(ours, theirs, torch.randn(5, B, H, T, E), pairs=[(mixer.norm.weight, peer.weight)])
