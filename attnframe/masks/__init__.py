"""Who may see whom: an immutable algebra of masks. True means "may attend"; axes are (B, H, T, S).

from attnframe import masks

mask = masks.Causal() & masks.Padding(valid)
mask = masks.Causal() | masks.Prefix(lengths)
allowed = masks.lower(mask, masks.Extent(batch=2, heads=8, queries=128, keys=128))
"""

from attnframe.masks.algebra import And, Not, Or, check, key_padding, lower, terms
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.causal import Causal
from attnframe.masks.dense import Dense
from attnframe.masks.documents import Documents
from attnframe.masks.edges import Edges
from attnframe.masks.full import Full
from attnframe.masks.function import Function
from attnframe.masks.padding import Padding
from attnframe.masks.prefix import Prefix
from attnframe.masks.window import Window

__all__ = [
    "And",
    "Causal",
    "Dense",
    "Documents",
    "Edges",
    "Extent",
    "Full",
    "Function",
    "Indices",
    "Mask",
    "Not",
    "Or",
    "Padding",
    "Prefix",
    "Window",
    "check",
    "key_padding",
    "lower",
    "terms",
]
