"""`data=events_csv data.path=FILE`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_recommendation.recipes.events import EventData, nominal

if TYPE_CHECKING:
    from attnframe_recommendation.data.event_module import EventModule


@frozen
class EventsCsv(EventData):
    """A user's own events: a CSV file with ``label`` (0 or 1), ``split`` (train, val, test; may be left out), and a
    column a field.

    Numbers with more than 20 different values are cut into bins of equal size. ``|`` parts the values of one cell. The
    column ``history`` lists what the user took before, latest last, as values of the column ``item``.
    """

    name: ClassVar[str] = "events_csv"
    summary: ClassVar[str] = "your own events: label, then a column a field (data.path=FILE)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a CSV file: label, then a column a field", "Give data.path=FILE.")

    def nominal_facts(self) -> Facts:
        return nominal({"user": 100, "item": 100}, many={"genres": 10}, history_of="item")

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> EventModule:
        from attnframe_recommendation.data.event_module import EventModule
        from attnframe_recommendation.data.events_csv import read_events_csv

        if self.path is None:
            raise ConfigurationError(self.fault("path", "must be a CSV file: label, then a column a field"))
        path = Path(self.path)
        split = "column split, else random, stratified, seed 0"
        return EventModule(self, lambda known: read_events_csv(path, self.split, self.max_history, known), split)
