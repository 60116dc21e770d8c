"""Events drawn from known probabilities."""

from __future__ import annotations

import numpy as np

from attnframe.plugin.splitting import TRAIN, complete_parts
from attnframe_recommendation.data.events import Events, Field

SEED = 0
"""The events are the same for every run."""
ITEMS, KINDS, HOURS, DEVICES = 40, 8, 6, 4
LONGEST = 8


def generated_clicks(number: int, fractions: tuple[float, float, float]) -> Events:
    """Events with the fields ``item``, ``hour``, ``device`` and ``history``.

    Items are of 8 kinds. The logit is 1.5 times how many of the history's items are of the item's kind (at most 2),
    and what hour and device say together, with no part that one of them says alone; an attentive reader gains by both.
    """
    generator = np.random.default_rng(SEED)
    item = generator.integers(1, ITEMS + 1, number)
    hour, device = generator.integers(1, HOURS + 1, number), generator.integers(1, DEVICES + 1, number)
    lengths = generator.integers(0, LONGEST + 1, number)
    history = generator.integers(1, ITEMS + 1, (number, LONGEST))
    alike = generator.random((number, LONGEST)) < 0.15
    history = np.where(alike, (item[:, None] - 1) // (ITEMS // KINDS) * (ITEMS // KINDS) + 1, history)
    history = np.where(np.arange(LONGEST) < lengths[:, None], history, 0)
    same = ((history - 1) // (ITEMS // KINDS) == (item[:, None] - 1) // (ITEMS // KINDS)) & (history > 0)
    together = np.where((hour + device) % 2 == 0, 1.0, -1.0)
    chances = 1 / (1 + np.exp(1.5 - 1.5 * np.minimum(same.sum(1), 2) - together))
    labels = (generator.random(number) < chances).astype(np.float32)
    names = {"item": ITEMS, "hour": HOURS, "device": DEVICES}
    fields = [Field(name, "one", tuple(f"{name} {n}" for n in range(1, size + 1))) for name, size in names.items()]
    parts = complete_parts(np.full(number, TRAIN, np.uint8), labels.astype(np.int64), fractions)
    return Events(
        fields=(*fields, Field("history", "history", of="item")),
        columns={"item": item, "hour": hour, "device": device, "history": history},
        labels=labels,
        parts=parts,
        chances=chances,
    )
