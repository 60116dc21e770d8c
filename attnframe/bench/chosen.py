"""The variants that a benchmark compares, each with its settings or with the reason why it cannot take part.

Torch-free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnframe.bench.settings import DIMS, BenchSettings
from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.recipe import construct, hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.registry import attention_variant, attention_variants

NUM_HEADS = 8
"""Default of `attention.num_heads` here."""


@dataclass(frozen=True)
class Chosen:
    """What is compared.

    Args:
        settings: how.
        attention: names of variants and paths of files that define one, in order; empty for every one there is.
        fields: attention fields by name; each variant takes those that it has.
        dim: model width D; None for the default of the case.
    """

    settings: BenchSettings
    attention: tuple[str, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()
    dim: int | None = None

    @property
    def width(self) -> int:
        """Model width D."""
        return DIMS[self.settings.case] if self.dim is None else self.dim

    @property
    def names(self) -> tuple[str, ...]:
        """What stands for each variant: its name, or its file."""
        return self.attention or tuple(attention_variants())

    def recipe(self, name: str, size: str) -> AttentionVariant:
        """The variant at one size.

        A field `max_length` that is not given is the length itself: a layer made for it. In decoding, where tokens
        follow one another as long as time is taken, it is a million more.

        Raises:
            ConfigurationError: when its fields are wrong, or do not fit the width.
        """
        variant = attention_variant(name)
        known = hints(variant)
        values = {"num_heads": NUM_HEADS, **{key: value for key, value in self.fields if key in known}}
        if "max_length" in known and self.settings.case != "edges":
            decoded = 2**20 if self.settings.case == "decoding" else 0
            values.setdefault("max_length", int(size) + decoded)
        recipe = construct(variant, values)
        faults = [*recipe.width_faults(self.width)]
        if faults:
            raise ConfigurationError(faults)
        return recipe

    def refusals(self) -> dict[str, tuple[Fault, ...]]:
        """Why a variant cannot take part, by name; those that can are left out.

        Raises:
            ConfigurationError: when no variant is left, or a field is one of none of them.
        """
        self._check_fields()
        found = {name: faults for name in self.names if (faults := tuple(self._faults(name)))}
        if len(found) == len(self.names):
            raise ConfigurationError(fault for faults in found.values() for fault in faults)
        return found

    def _faults(self, name: str) -> Sequence[Fault]:
        try:
            recipe = self.recipe(name, self.settings.sizes[0])
        except ConfigurationError as error:
            return error.faults
        can, where = recipe.capabilities, f"attention={name}"
        case, mode = self.settings.case, self.settings.mode
        if case == "edges":
            return [] if can.edges else [Fault(where, "has no meaning on the edges of a graph", "", "Use case=layer.")]
        if case == "decoding" and (can.cache == "none" or not can.causal):
            return [Fault(where, "cannot decode step by step", "", "Use case=layer mode=noncausal.")]
        if not getattr(can, mode):
            other = "noncausal" if mode == "causal" else "causal"
            return [Fault(where, f"has no {mode.replace('noncausal', 'non-causal')} form", "", f"Use mode={other}.")]
        return []

    def _check_fields(self) -> None:
        known = {field: None for name in self.names for field in hints(attention_variant(name))}
        faults = [
            Fault(f"attention.{field}", "is not a field of any of the variants", "", did_you_mean(field, list(known)))
            for field, _ in self.fields
            if field not in known
        ]
        if faults:
            raise ConfigurationError(faults)

    def ignored(self) -> Mapping[str, list[str]]:
        """Fields that some variants do not have, with those variants."""
        lacking = {
            field: [name for name in self.names if field not in hints(attention_variant(name))]
            for field, _ in self.fields
        }
        return {field: names for field, names in lacking.items() if names}


def label(name: str) -> str:
    """How a variant is shown: its name, or that of its file."""
    return Path(name).name if name.endswith(".py") else name
