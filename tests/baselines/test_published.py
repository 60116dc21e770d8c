"""Published numbers for a command."""

from __future__ import annotations

import pytest

from attnframe.baselines.definition import definitions
from attnframe.baselines.published import published_for

NAME, KNOWN = next((name, one) for name, one in definitions().items() if one.published)


@pytest.mark.parametrize("more", [(), ("seed=3", "hydra.run.dir=x"), ("control=true", "data.fold=2")])
def test_a_registered_command_has_its_numbers_whatever_does_not_matter(more: tuple[str, ...]) -> None:
    (told,) = published_for([*more, *reversed(KNOWN.overrides)])
    assert told.startswith(f"Published {KNOWN.metric}: {KNOWN.published[0]['value']:g}")
    assert KNOWN.protocol in told


@pytest.mark.parametrize("overrides", [[], ["plugin=vision", "attention=gqa"], [*KNOWN.overrides, "model.dim=8"]])
def test_another_command_has_none(overrides: list[str]) -> None:
    assert published_for(overrides) == []
