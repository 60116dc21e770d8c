"""`data=generated_clicks`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_recommendation.recipes.events import EventData, nominal

if TYPE_CHECKING:
    from attnframe_recommendation.data.event_module import EventModule


@frozen
class GeneratedClicks(EventData):
    """Events drawn from known probabilities, which turn on two fields together and on what of the history is like the
    item. The area under the curve of the probabilities themselves is shown as ``best possible``.

    Args:
        events: that are drawn; the same ones, with seed 0, in every run.
    """

    name: ClassVar[str] = "generated_clicks"
    summary: ClassVar[str] = "20,000 generated events with a known best possible AUC (no network)"

    events: Annotated[int, AtLeast(100)] = 20_000

    def nominal_facts(self) -> Facts:
        return nominal({"item": 40, "hour": 6, "device": 4}, history_of="item")

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> EventModule:
        from attnframe_recommendation.data.event_module import EventModule
        from attnframe_recommendation.data.generated_clicks import generated_clicks

        return EventModule(self, lambda known: generated_clicks(self.events, self.split), "random, stratified, seed 0")
