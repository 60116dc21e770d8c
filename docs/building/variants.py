"""The page of variants, positions, scores, normalisers and masks, from the registry, the docstrings and the oracles'
tests.
"""

from __future__ import annotations

from collections.abc import Iterable

from building.markdown import fields, formulas, is_formula, paragraphs, table
from building.oracles import held, oracles
from building.registered import BRIDGES, mask_classes, options

from attnframe.cli.listing import CELLS, FIELD_OF, GIVES, SERVES, VIEWS, capability_cells
from attnframe.recipe import documented, hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities
from attnframe.recipes.position.base import KINDS, Sizes
from attnframe.recipes.registry import attention_variants, position_schemes

DEFINITION = "the definition, [`reference.py`](../attnframe/attention/reference.py), by the laws"

HEAD = """\
# Variants, positions, scores and normalisers

Written by `python docs/generate.py` from the code; a test holds it to that. Letters: B batch, T queries, S keys, D
model width, H heads, K key-value heads, E head width. What is named here is chosen by one override, as in
`attention=gqa position=rope attention.normaliser=sinks`. What a column means stands below the tables;
[choosing](choosing.md) says which variant to take when."""

SHARED = """\
`num_heads` belongs to every variant, `dropout` and `backend` to those that weigh values by scores, and the others to
those whose score and normaliser can be chosen: {names}."""

CAPPED = """\
`soft_cap` is held against {soft_cap}; `temperature` against {temperature}."""

ORACLES_SAY = """\
Code of others, or a formula written out pair by pair where there is none, that parts of the engine are compared with,
output and gradients. They are installed for tests only."""


def page() -> str:
    """The whole page."""
    variants = attention_variants()
    scored = ", ".join(link(name) for name, variant in variants.items() if issubclass(variant, ScoredVariant))
    bridge_rows = [
        [f"`{cls.__module__.split('.')[1]}.{cls.__name__}`", paragraphs(cls)[0], held(name)]
        for name, cls in BRIDGES.items()
    ]
    parts = [
        HEAD,
        "## What each variant can do",
        *capabilities(),
        "## Variants",
        *(part for name, variant in variants.items() for part in section(name, variant)),
        "## Fields that variants share",
        SHARED.format(names=scored),
        fields(ScoredVariant, hints(ScoredVariant)),
        CAPPED.format(soft_cap=held("soft_cap"), temperature=held("temperature")),
        "## Scores",
        chosen("score"),
        "## Normalisers",
        chosen("normaliser"),
        "## Positions",
        positions(),
        "## Masks",
        "Joined by `&`, `|` and `~`. True means that the query may attend the key.",
        mask_rules(),
        "## Bridges to other structures",
        table(["class", "what", "held against"], bridge_rows),
        "## Oracles",
        ORACLES_SAY,
        oracles(),
    ]
    return "\n\n".join(parts) + "\n"


def capabilities() -> Iterable[str]:
    """The capability tables, as `attnframe list attention` prints them, and what they mean."""
    cells = {name: capability_cells(variant.capabilities) for name, variant in attention_variants().items()}
    for columns in (SERVES, GIVES):
        yield table(
            ["attention", *columns], [[link(name), *(row[one] for one in columns)] for name, row in cells.items()]
        )
    yield table(["cell", "means"], [[f"`{cell}`", means] for cell, means in CELLS.items()])
    told = documented(Capabilities)
    yield table(["column", "means"], [[f"`{one}`", told[FIELD_OF.get(one, one)]] for one in (*SERVES, *GIVES)])


def section(name: str, variant: type[AttentionVariant]) -> Iterable[str]:
    """What one variant is, its formula, its oracle and the fields of its own."""
    yield f"### {name}"
    yield from (f"```text\n{part}\n```" if is_formula(part) else " ".join(part.split()) for part in paragraphs(variant))
    oracle = held(name) or (DEFINITION if variant.capabilities.exact else "")
    yield f"Grows with `{variant.capabilities.cost}`." + (f" Held against {oracle}." if oracle else "")
    shared = hints(ScoredVariant)
    own = {field: hint for field, hint in hints(variant).items() if shared.get(field) != hint}
    if own:
        yield fields(variant, own)


def positions() -> str:
    """The table of position schemes."""
    rows = []
    for name, scheme in position_schemes().items():
        part = scheme().build(Sizes(dim=16, num_heads=2, head_dim=8, max_length=16, grid=(4, 4)))
        rule = formulas(type(getattr(part, "scaling", None) or part))
        reads = KINDS[scheme.reads] if scheme.reads else "-"
        takes = ", ".join(f"`{field}`" for field in hints(scheme)) or "-"
        rows.append([f"`{name}`", paragraphs(scheme)[0], rule, VIEWS[scheme.view], reads, takes, held(name)])
    return table(["position", "what", "formula", "how it enters", "reads", "fields", "held against"], rows)


def mask_rules() -> str:
    """The table of masks."""
    rows = [[f"`{cls.__name__}`", paragraphs(cls)[0], formulas(cls)] for cls in mask_classes()]
    return table(["`attnframe.masks`", "what", "rule"], rows)


def chosen(field: str) -> str:
    """The table of what a field of `ScoredVariant` chooses among."""
    rows = []
    for name in options(field):
        part = getattr(MultiHeadAttention(**{field: name}).softmax_mixer(16), field)
        rows.append(
            [f"`{name}`", f"`{type(part).__name__}`", paragraphs(type(part))[0], formulas(type(part)), held(name)]
        )
    return table([f"`attention.{field}`", "class", "what", "formula", "held against"], rows)


def link(name: str) -> str:
    """A link to the section of a variant."""
    return f"[{name}](#{name})"
