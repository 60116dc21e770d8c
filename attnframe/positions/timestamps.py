"""Bias of the time that lies between."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import BiasPosition
from attnframe.positions.look_up import look_up
from attnframe.positions.shapes import require_order


class Timestamps(BiasPosition):
    """A learned number for each head and bucket of the time between query and key (HSTU, Zhai et al. 2024,
    https://arxiv.org/abs/2402.17152; attention by time intervals: TiSASRec, Li, Wang and McAuley 2020,
    https://doi.org/10.1145/3336191.3371786).

    bias(h, q, k) = table[bucket(|t_q - t_k|), h]

    Bucket 0 holds times below `unit`, the last one those of `longest` and more, and the others equally many octaves in
    between. Causal attention has one set of buckets; otherwise keys after the query have a second one.

    HSTU's buckets floor(ln(max(1, time)) / 0.301) come from unit = e^0.301 and longest = e^(0.301 (num_buckets - 1)).
    It adds a bias of the order and shares both between heads.

    Args:
        num_heads: query heads H.
        num_buckets: buckets of a set, at least 3.
        unit: shortest time told from 0, in the unit of the timestamps, above 0.
        longest: time from which on all share a bucket, in the unit of the timestamps, above `unit`.
        causal: whether keys are never later than their query.

    Shapes:
        `bias`: query times (B or 1, T), key times (B or 1, S) -> (B or 1, H, T, S). Seconds since 1970 need int64 or
        float64: float32 steps by two minutes there.

    Raises:
        ConfigurationError: when an argument is out of its range; from `bias`, for times that are no single numbers.
    """

    def __init__(
        self,
        num_heads: int,
        num_buckets: int = 64,
        unit: float = 1.0,
        longest: float = 31536000.0,
        causal: bool = False,
    ) -> None:
        super().__init__()
        found = []
        if num_buckets < 3:
            found.append(Fault("num_buckets (Timestamps)", "must be at least 3", str(num_buckets)))
        if not 0 < unit < longest:
            found.append(Fault("unit (Timestamps)", f"must be above 0 and below longest={longest:g}", str(unit)))
        if found:
            raise ConfigurationError(found)
        self.num_buckets, self.unit, self.longest, self.causal = num_buckets, unit, longest, causal
        self.table = nn.Parameter(torch.empty(num_buckets * (1 if causal else 2), num_heads))  # (buckets, H)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table from a normal distribution with deviation 0.02."""
        nn.init.normal_(self.table, std=0.02)

    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        for positions in (query_positions, key_positions):
            require_order(positions, "Timestamps")
        later = key_positions.unsqueeze(-2) - query_positions.unsqueeze(-1)  # (B or 1, T, S)
        bucket = self.buckets(later.abs())
        return look_up(self.table, bucket if self.causal else bucket + self.num_buckets * (later > 0))

    def buckets(self, time: Tensor) -> Tensor:
        """The bucket of each time of at least 0."""
        wide = time if time.dtype == torch.float64 else time.float()
        share = torch.arange(self.num_buckets - 1, device=time.device, dtype=wide.dtype) / (self.num_buckets - 2)
        return torch.bucketize(wide, self.unit * (self.longest / self.unit) ** share, right=True)
