"""The check of what models ask of sizes and of the attention variant."""

from __future__ import annotations

from attnframe.errors import ConfigurationError, Fault, UnsupportedError
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Needs


def check_demands(
    attention: AttentionVariant, needs: Needs, dim: int, *, depth: int, dropout: float, mlp_ratio: float | None = None
) -> None:
    """Refuse sizes out of range, and a variant that cannot do what a model asks.

    Args:
        attention: the variant. needs: what it must be capable of.
        dim: width D. depth: number of blocks.
        dropout: probability of dropping an element.
        mlp_ratio: width of the feed-forward layer over `dim`; None for models without one.

    Raises:
        ConfigurationError: naming each size that is out of range.
        UnsupportedError: naming each capability that is missing.
    """
    faults = []
    if depth < 1:
        faults.append(Fault("model.depth", "must be at least 1", str(depth)))
    if mlp_ratio is not None and mlp_ratio <= 0:
        faults.append(Fault("model.mlp_ratio", "must be above 0", str(mlp_ratio)))
    if not 0 <= dropout <= 1:
        faults.append(Fault("model.dropout", "must be from 0 to 1", str(dropout)))
    faults += attention.width_faults(dim)
    if faults:
        raise ConfigurationError(faults)
    unmet = needs.unmet(attention.capabilities)
    if unmet:
        where = f"attention={attention.name} ({type(attention).__name__})"
        works = "Try attention=mha."
        raise UnsupportedError([Fault(where, f"must be capable of {need}", works=works) for need in unmet])
