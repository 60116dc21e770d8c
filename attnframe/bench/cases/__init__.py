"""What is measured, one module a case."""

from attnframe.bench.cases.base import Built, Case, Contender, Contest
from attnframe.bench.cases.decoding import DecodingCase
from attnframe.bench.cases.edges import EdgesCase
from attnframe.bench.cases.layer import LayerCase
from attnframe.bench.chosen import Chosen

CASES: dict[str, type[Case]] = {"layer": LayerCase, "decoding": DecodingCase, "edges": EdgesCase}
"""Every case by name."""


def case_of(chosen: Chosen) -> Case:
    """The case that is asked for."""
    return CASES[chosen.settings.case](chosen)


__all__ = ["CASES", "Built", "Case", "Contender", "Contest", "case_of"]
