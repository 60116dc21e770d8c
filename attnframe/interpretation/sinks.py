"""How much attention rests on a few keys, such as the first one."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.interpretation.shares import shares


def sink_mass(weights: Tensor, keys: int | Sequence[int] = 1) -> Tensor:
    """The share of each query's weight that rests on some keys (attention sinks, Xiao et al. 2023,
    https://arxiv.org/abs/2309.17453).

    m_i = sum_{j in keys} w_ij / sum_j w_ij

    A query that may see no key has mass 0. As a measure: ``capture(model, measure=sink_mass)``, or
    ``measure=partial(sink_mass, keys=[0, 5])`` for keys of one's own.

    Args:
        weights: (..., S) weights of at least 0.
        keys: how many of the first keys, or the indices of keys, each counted once; at least one. A ring cache holds
            its keys in another order than that of the sequence.

    Returns:
        (...), float32 at least, from 0 to 1.

    Raises:
        ConfigurationError: when there is no key, or one lies outside of the S keys.
        UnsupportedError: when a weight is negative, as in differential attention.
    """
    count = weights.shape[-1]
    indices = list(range(keys)) if isinstance(keys, int) else sorted({key % count for key in keys})
    outside = [key for key in ([keys - 1] if isinstance(keys, int) else keys) if not -count <= key < count]
    if not indices or outside:
        must = f"must be one key at least, and within the {count} keys of the call"
        raise ConfigurationError(Fault("keys (sink_mass)", must, str(keys)))
    return shares(weights, "sink_mass")[..., indices].sum(dim=-1)
