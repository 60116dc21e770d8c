"""A mask as what flex attention takes: a function of four indices, and the blocks in which it shows anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.masks.algebra import leaves
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.edges import Edges
from attnframe.masks.kept import kept

if TYPE_CHECKING:
    from torch.nn.attention.flex_attention import BlockMask

MaskMod: TypeAlias = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""(batch row, head, query row, key row), each an integer tensor of rank 0, to a bool of rank 0: True = may attend."""
BLOCK = 128
"""Queries and keys of a block."""
CHUNK = 2**23
"""Pairs of a query and a key, in all batch rows and heads, that are looked at together."""


def why_no_mask_mod(mask: Mask) -> list[str]:
    """Every reason why a mask is no such function; empty when it is one."""
    edges = any(isinstance(leaf, Edges) for leaf in leaves(mask))
    return ["an Edges mask looks its pairs up in a list, which is no elementwise function"] if edges else []


def mask_mod(mask: Mask, extent: Extent) -> MaskMod:
    """The rule of a settled mask for the rows of one call."""
    mask, start, key_positions = mask.tabled(extent), extent.start, extent.key_positions

    def allowed(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        # Kernels count in 32 bits, in which the draws of a random mask would come out as others.
        batch, head, query, key = batch.long(), head.long(), query.long(), key.long()
        # Torch's kernel for a CPU cannot compute with a head that stands alone.
        head = head + 0 * (query + key)
        position = key if key_positions is None else key_positions[key]
        return mask.allows(Indices(batch, head, query, key, query + start, position))

    return allowed


def make_block_mask(mask: Mask, extent: Extent) -> BlockMask:
    """The function of a settled mask with the blocks of `BLOCK` queries and keys in which it shows some pair, and those
    in which it shows every pair.

    What is the same for all batch rows or heads is looked at for one.
    """
    from torch.nn.attention.flex_attention import BlockMask

    some, every = _blocks(mask, extent)
    return BlockMask.from_kv_blocks(
        *_ordered(some & ~every),
        *_ordered(every),
        BLOCK_SIZE=BLOCK,
        mask_mod=mask_mod(mask, extent),
        seq_lengths=(extent.queries, extent.keys),
    )


block_mask = kept(make_block_mask)
"""`make_block_mask`, which keeps the forms of the last few masks."""


def _blocks(mask: Mask, extent: Extent) -> tuple[Tensor, Tensor]:
    """Whether some pair of each block is shown, and whether every pair is: (B or 1, H or 1, T / BLOCK, S / BLOCK)."""
    if torch.compiler.is_compiling():  # The graph of one expression is fused; that of all chunks would be long.
        return _of_rows(mask, extent, 0, extent.queries)
    pairs = extent.batch * extent.heads * extent.keys * BLOCK
    rows = BLOCK * max(1, CHUNK // max(1, pairs))
    starts = range(0, extent.queries, rows)
    some, every = zip(
        *(_of_rows(mask, extent, first, min(first + rows, extent.queries)) for first in starts), strict=True
    )
    return torch.cat(some, dim=2), torch.cat(every, dim=2)


def _of_rows(mask: Mask, extent: Extent, first: int, last: int) -> tuple[Tensor, Tensor]:
    visible = mask.allows(extent.indices(slice(first, last)))
    visible = visible.expand(*visible.shape[:2], last - first, extent.keys)
    visible = F.pad(visible, (0, -extent.keys % BLOCK, 0, (first - last) % BLOCK))
    blocks = visible.view(*visible.shape[:2], visible.shape[2] // BLOCK, BLOCK, -1, BLOCK)
    return blocks.any(dim=5).any(dim=3), blocks.all(dim=5).all(dim=3)


def _ordered(blocks: Tensor) -> tuple[Tensor, Tensor]:
    """How many blocks of each row are True, and which, those first and in order."""
    count = blocks.sum(dim=-1, dtype=torch.int32)
    order = blocks.int().argsort(dim=-1, descending=True, stable=True)
    return count, order.int()
