"""The contract of a network of pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


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
