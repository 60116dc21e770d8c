"""The one kind of mask that recurrent and pooling layers can obey."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.errors import Fault, UnsupportedError
from attnframe.masks import Causal, Extent, Mask, Padding, check, key_padding, terms


def valid_tokens(mask: Mask | None, x: Tensor, layer: nn.Module) -> Tensor | None:
    """Which tokens of a sequence are real.

    Args:
        mask: `Padding` terms; causality may stand beside them, since it changes nothing here.
        x: (B, T, D) the sequence.
        layer: named in errors.

    Returns:
        (B, T) bool, True = real token; None when all are.

    Raises:
        ConfigurationError: when the mask does not fit the sequence.
        UnsupportedError: when the mask says more than which tokens are real.
    """
    if mask is None:
        return None
    other = [term for term in terms(mask) if not isinstance(term, Padding | Causal)]
    if other:
        must = f"must say no more than which tokens are padding: {type(layer).__name__} reads tokens in their order"
        works = "Use masks.Padding(valid), one sequence a row."
        raise UnsupportedError(Fault(f"mask ({type(layer).__name__})", must, repr(other[0]), works))
    check(mask, Extent(x.shape[0], 1, x.shape[1], x.shape[1], device=x.device))
    padding = key_padding(mask)
    return None if padding is None else padding.valid.expand(x.shape[0], x.shape[1])
