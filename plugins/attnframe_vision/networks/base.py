"""The contract of a network of pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from torch import Tensor, nn

from attnframe.plugin.subject import Maps


class PictureNetwork(nn.Module, ABC):
    """Base of the networks from a picture to one vector.

    Args:
        dim: width D of the vector.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    @abstractmethod
    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, C, H, W), normalised, to vectors (B, D)."""

    @property
    @abstractmethod
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the places that attend one another."""

    @abstractmethod
    def parts(self, maps: Maps, pooled: Mapping[str, Tensor], prefix: str) -> Tensor:
        """The part (rows, columns) of each place in the vector of one picture.

        Args:
            maps: what attention says. pooled: weights of the poolings, by name.
            prefix: how names of the network's modules begin.
        """
