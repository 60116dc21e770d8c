"""What all models of forecasting have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.capabilities import Needs

if TYPE_CHECKING:
    from attnframe_timeseries.networks.base import ForecastNetwork, Shape


@frozen
class ForecastModel(TransformerRecipe, ABC):
    """Base of the models from L rows of C channels to the H rows after them.

    Args:
        normalise: ``instance`` takes mean and deviation of each channel of the lookback out before the network and puts
            them back behind it (RevIN, Kim et al. 2022, https://openreview.net/forum?id=cGDAkQo1C0p); ``none``.
        linear_skip: a linear map from lookback to horizon, shared by the channels, that the network's output is added
            to (NLinear, Zeng et al. 2023, https://arxiv.org/abs/2205.13504): ``none``; ``learned``, from 0; ``ridge``,
            the closed form on the training windows, which stays, with a network that starts at 0.
        ridge_penalty: of that closed form, over the mean square of the lookback's values.
    """

    normalise: Literal["instance", "none"] = "instance"
    linear_skip: Literal["none", "learned", "ridge"] = "none"
    ridge_penalty: Annotated[float, AtLeast(1e-6)] = 1e-2

    def needs(self) -> Needs:
        """What the attention variant must be capable of."""
        return Needs(noncausal=True)

    def lookback_faults(self, lookback: int) -> Iterable[Fault]:
        """What is wrong with this model for so many rows."""
        return ()

    @abstractmethod
    def build(self, parts: Parts, shape: Shape) -> ForecastNetwork:
        """Make the network.

        Args:
            parts: attention and position recipes.
            shape: channels, lookback and horizon.
        """
