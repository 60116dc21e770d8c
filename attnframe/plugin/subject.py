"""The contract of explanations: one input that a model has answered, taken apart into units that can be deleted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Values = npt.NDArray[np.float64]
"""(U,) one number for each unit."""


@dataclass(frozen=True)
class Drawing:
    """One picture of an explanation.

    Args:
        name: of the file it is saved as, without ending: letters, digits and hyphens.
        title: what is shown, a few words.
        fragment: self-contained SVG or HTML.
    """

    name: str
    title: str
    fragment: str


class Maps(ABC):
    """What attention says of who reads whom, in one reading of it: rollout, say, or weighed by gradients."""

    @abstractmethod
    def through(self, prefix: str, *, residual: bool = True) -> Tensor:
        """The part (B, T, T) that each token has in each other after a stack of self attention.

        Args:
            prefix: how the names of the stack's layers begin, the layers in the order of the model.
            residual: whether each layer has a residual connection.
        """

    @abstractmethod
    def across(self, *names: str) -> Tensor:
        """The part (B, T, S) that each key has in each query, the mean of some layers, heads taken together.

        Args:
            names: of the layers, all between the same queries and keys.
        """


class Subject(ABC):
    """One input and the answer that a model gives.

    Args:
        name: of the input, as `predict` names it.
        answer: what the model says, as a user reads it.
        model: what runs in `scores`, in evaluation mode.
        units: names of the U parts of the input that can be deleted, in order.
    """

    unit: str
    """What a unit is: ``token``."""
    many: str
    """What units are: ``tokens``."""
    deletion: str
    """How a unit is deleted, as the end of a sentence: ``replaced by the unknown token``."""
    score: str
    """What `scores` gives: ``log-probability of the answer``."""
    read_out: str
    """From where the attention is read, as the end of a sentence: ``at the last token``."""
    note: str = ""
    """What a reader must know besides."""

    def __init__(self, name: str, answer: str, model: nn.Module, units: Sequence[str]) -> None:
        self.name, self.answer, self.model, self.units = name, answer, model, list(units)

    @property
    def layers(self) -> Sequence[str] | None:
        """Names of the attention layers that `relevance` reads; None for all of the model."""
        return None

    @abstractmethod
    def scores(self, kept: Tensor) -> Tensor:
        """How well the answer stands when parts of the input are deleted; higher is better. Gradients pass.

        Args:
            kept: (n, U) bool, n versions of the input. (1, U) of ones is the input itself.

        Returns:
            (n,).
        """

    def strength(self) -> Tensor:
        """A scalar whose gradient says what speaks for the answer: the score of the input itself by default. Scores
        that are largest there, as the change of a number is, need another.
        """
        whole = torch.ones(1, len(self.units), dtype=torch.bool)
        return self.scores(whole).sum()

    @abstractmethod
    def relevance(self, maps: Maps) -> Tensor:
        """The part (U,) that each unit has in the answer, at least 0, in any scale."""

    @abstractmethod
    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        """One weight for each unit in the domain's own picture, as self-contained SVG or HTML.

        Args:
            values: (U,) from 0 to 1. title: said above it.
            small: whether it is one of many, so that few bytes count.
        """

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        """What else a domain draws (an alignment, boxes); nothing by default."""
        return []

    def plain(self) -> Mapping[str, Any]:
        """Plain values of the answer for the file of numbers."""
        return {}
