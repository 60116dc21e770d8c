"""Two readings of who reads whom: attention alone, and attention weighed by the gradient of the answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.interpretation import rollout
from attnframe.plugin.subject import Maps


class LayerMaps(Maps):
    """Base of the readings: what each layer and head says, from which stacks are composed.

    Args:
        layers: (B, H, T, S) by name, in the order of the model.

    Attributes:
        used: names of the layers that were asked for.
    """

    name: ClassVar[str]
    """How the reading is called."""
    source: ClassVar[str]
    """What it is, with the paper."""

    def __init__(self, layers: Mapping[str, Tensor]) -> None:
        self.layers = dict(layers)
        self.used: set[str] = set()

    def only(self, name: str, head: int) -> LayerMaps:
        """The maps with one head alone in place of a layer and of all layers of its kind: those that differ from its
        name in numbers only.

        Args:
            name: of the layer. head: its number from 0.
        """
        alike = {other for other in self.layers if _kind(other) == _kind(name)} - {name}
        kept = {other: one for other, one in self.layers.items() if other not in alike}
        return type(self)({**kept, name: kept[name][:, head : head + 1]})

    def through(self, prefix: str, *, residual: bool = True) -> Tensor:
        square = {name: one for name, one in self.layers.items() if one.shape[2] == one.shape[3]}
        stack = {name: one for name, one in square.items() if name.startswith(prefix)}
        self.used |= stack.keys()
        if not stack:
            known = ", ".join(self.layers)
            must = f"must begin the name of a layer of self attention: {known}"
            raise ConfigurationError(Fault("prefix (Maps.through)", must, repr(prefix)))
        return self._composed([*stack.values()], residual)

    def across(self, *names: str) -> Tensor:
        # Where one head stands for its kind, the other layers of this are not there.
        self.used.update(names)
        layers = [self._meaned(self.layers[name]) for name in names if name in self.layers]
        if not layers:
            must = f"must name layers: {', '.join(self.layers)}"
            raise ConfigurationError(Fault("names (Maps.across)", must, ", ".join(names)))
        return torch.stack(layers).mean(0)

    @abstractmethod
    def _composed(self, stack: list[Tensor], residual: bool) -> Tensor:
        """(B, T, T) of layers of self attention (B, H, T, T), first to last, with or without residual connections."""

    @abstractmethod
    def _meaned(self, layer: Tensor) -> Tensor:
        """(B, T, S) of one layer (B, H, T, S)."""


class Rollout(LayerMaps):
    """Attention rollout (Abnar and Zuidema 2020, https://arxiv.org/abs/2005.00928): each layer is the mean of its
    heads, half of it the token itself; stacks are products. Of variants with negative weights the magnitudes are read.

    Args:
        layers: (B, H, T, S) weights by name, in the order of the model.
    """

    name: ClassVar[str] = "attention"
    source: ClassVar[str] = "attention rollout, Abnar and Zuidema 2020"

    def _composed(self, stack: list[Tensor], residual: bool) -> Tensor:
        return rollout([one.abs() for one in stack], residual)

    def _meaned(self, layer: Tensor) -> Tensor:
        return layer.abs().float().mean(1)


class WeighedByGradient(LayerMaps):
    r"""Attention weighed by the gradient of the answer (Chefer, Gur and Wolf 2021, https://arxiv.org/abs/2103.15679):
    what raises the answer counts, and what lowers it does not.

    .. math:: \bar A = \mathrm{mean}_h \max(0, W_h \odot \nabla W_h), \qquad R \leftarrow R + \bar A R

    A token's own residual path, the same for all, is left out of the outcome. Without residual connections R is the
    product of the layers.

    Args:
        layers: (B, H, T, S) products of weights and gradients by name, in the order of the model.
    """

    name: ClassVar[str] = "attention x gradient"
    source: ClassVar[str] = "attention weighed by gradients, Chefer et al. 2021"

    def _composed(self, stack: list[Tensor], residual: bool) -> Tensor:
        own = torch.eye(stack[0].shape[-1], device=stack[0].device)
        found = own.expand(stack[0].shape[0], -1, -1)
        for one in stack:
            through = self._meaned(one) @ found
            found = found + through if residual else through
        return found - own if residual else found

    def _meaned(self, layer: Tensor) -> Tensor:
        return layer.clamp(min=0).float().mean(1)


READINGS: Final[tuple[type[LayerMaps], ...]] = (Rollout, WeighedByGradient)


def _kind(name: str) -> str:
    return ".".join("#" if part.isdigit() else part for part in name.split("."))
