"""Who may see whom: an immutable algebra of masks. True means "may attend"; axes are (B, H, T, S).

from attnframe import masks

mask = masks.Causal() & masks.Padding(valid)
mask = masks.Causal() | masks.Prefix(lengths)
allowed = masks.lower(mask, masks.Extent(batch=2, heads=8, queries=128, keys=128))
"""

from attnframe.masks.algebra import And, Not, Or, check, key_padding, lower, terms
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.block_layout import BlockLayout
from attnframe.masks.block_window import BlockWindow
from attnframe.masks.causal import Causal
from attnframe.masks.dense import Dense
from attnframe.masks.dilated import Dilated
from attnframe.masks.documents import Documents
from attnframe.masks.edges import Edges
from attnframe.masks.full import Full
from attnframe.masks.function import Function
from attnframe.masks.global_tokens import Global
from attnframe.masks.padding import Padding
from attnframe.masks.places import Placed, Places, settle
from attnframe.masks.prefix import Prefix
from attnframe.masks.random_blocks import RandomBlocks
from attnframe.masks.reach import Reach
from attnframe.masks.window import Window

__all__ = [
    "And",
    "BlockLayout",
    "BlockWindow",
    "Causal",
    "Dense",
    "Dilated",
    "Documents",
    "Edges",
    "Extent",
    "Full",
    "Function",
    "Global",
    "Indices",
    "Mask",
    "Not",
    "Or",
    "Padding",
    "Placed",
    "Places",
    "Prefix",
    "RandomBlocks",
    "Reach",
    "Window",
    "check",
    "key_padding",
    "lower",
    "settle",
    "terms",
]
