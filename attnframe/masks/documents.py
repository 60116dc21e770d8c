"""Documents packed into one sequence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from attnframe.errors import Fault
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.shapes import look_up, misfits, require


@dataclass(frozen=True, eq=False, repr=False)
class Documents(Mask):
    """A query may attend the keys of its own document, so that documents packed into one row do not see one another.

    allowed(b, q, k) = query_ids[b, q] == key_ids[b, position(k)]

    Ids are only compared: any integers will do, negative ones too, and equal ids need not be neighbours. Padding gets
    an id of its own (it then sees only padding), or is hidden by ``& Padding(valid)``.

    Args:
        query_ids: (B, T) document id of each query. When `key_ids` is None they are the ids (B, S) of the one sequence
            that queries and keys come from, and a query's id is found by its position, as in cached decoding.
        key_ids: (B, S) document id of each key.

    Raises:
        ConfigurationError: when an argument is no integer tensor of rank 2.
    """

    query_ids: Tensor
    key_ids: Tensor | None = None

    def __post_init__(self) -> None:
        require("Documents.query_ids", self.query_ids, axes="BT" if self.key_ids is not None else "BS", integer=True)
        if self.key_ids is not None:
            require("Documents.key_ids", self.key_ids, axes="BS", integer=True)

    def allows(self, at: Indices) -> Tensor:
        if self.key_ids is None:
            ids = self.query_ids
            return look_up(ids, at.batch, at.query_position) == look_up(ids, at.batch, at.key_position)
        return look_up(self.query_ids, at.batch, at.query) == look_up(self.key_ids, at.batch, at.key_position)

    @property
    def sees_self(self) -> bool:
        return self.key_ids is None

    def faults(self, extent: Extent) -> Iterable[Fault]:
        if self.key_ids is None:
            return misfits("Documents.query_ids", self.query_ids, "BS", extent)
        return [
            *misfits("Documents.query_ids", self.query_ids, "BT", extent),
            *misfits("Documents.key_ids", self.key_ids, "BS", extent),
        ]
