"""Writes docs/variants.md and README.md's lists of names from the registry, the docstrings and the oracles' tests.

python docs/generate.py            rewrites both
python docs/generate.py --check    exits 1 when one is not what the code says
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from attnframe import bridges, masks, models
from attnframe.cli.listing import CELLS, FIELD_OF, GIVES, SERVES, VIEWS, capability_cells, in_words
from attnframe.plugin.discovery import load_plugin
from attnframe.recipe import Recipe, defaults, describe, documented, hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities
from attnframe.recipes.position.base import KINDS, Sizes
from attnframe.recipes.registry import attention_variants, position_schemes

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "variants.md"
README = ROOT / "README.md"
END = "<!-- end -->"
ORACLES = ROOT / "tests" / "oracles"

HELD_WITH = {
    "additive": "bahdanau",
    "bilinear": "luong",
    "dot": "luong",
    "scaled_dot": "mha",
    "softmax": "mha",
    **dict.fromkeys(("rope_linear", "rope_llama3", "rope_ntk", "rope_yarn"), "rope"),
}
"""Names that have no test of their own, and the one that holds them."""
DEFINITION = "the definition, [`reference.py`](../attnframe/attention/reference.py), by the laws"
BRIDGES = {
    "bahdanau": bridges.Bahdanau,
    "luong": bridges.Luong,
    "squeeze_excite": bridges.SqueezeExcite,
    "cbam": bridges.CBAM,
    "non_local": bridges.NonLocal,
    "recurrent_block": bridges.RecurrentBlock,
    "hierarchical": models.Hierarchical,
}


def main() -> None:
    """Write the pages, or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    readme = README.read_text(encoding="utf-8")
    for name, text in (("tasks", tasks()), ("engine", names())):
        before, mark, rest = readme.partition(f"<!-- list: {name} -->\n")
        readme = f"{before}{mark}{text}\n{END}{rest.partition(END)[2]}"
    stale = []
    for path, text in ((PAGE, page()), (README, readme)):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.write_text(text, encoding="utf-8")
    if check and stale:
        sys.exit(f"not what the code says: {', '.join(stale)}; run python docs/generate.py")


def tasks() -> str:
    """The list of tasks of the plugins in this repository, with their models and data, for the README."""
    rows = []
    for folder in sorted((ROOT / "plugins").glob("attnframe_*")):
        name = folder.name.removeprefix("attnframe_")
        plugin = f"[`{name}`](plugins/{folder.name}/README.md)"
        for task in load_plugin(name).tasks.values():
            rows.append([plugin, f"`{task.name}`", task.summary, " ".join(task.models), " ".join(task.datasets)])
    return table(["`plugin=`", "`task=`", "what", "`model=`", "`data=`"], rows)


def names() -> str:
    """The list of everything that can be chosen, for the README."""
    found = {
        "`attention=`": [*attention_variants()],
        "`position=`": [*position_schemes()],
        "`attention.score=`": options("score"),
        "`attention.normaliser=`": options("normaliser"),
        "`attnframe.masks`": [cls.__name__ for cls in mask_classes()],
        "bridges": [cls.__name__ for cls in BRIDGES.values()],
    }
    return table(["", ""], [[kind, " ".join(every)] for kind, every in found.items()])


def options(field: str) -> list[str]:
    """What a field of `ScoredVariant` chooses among."""
    return describe(hints(ScoredVariant)[field]).removeprefix("one of ").split(", ")


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


def mask_classes() -> list[type]:
    """Every mask that is no base."""
    found = [vars(masks)[name] for name in masks.__all__]
    return [
        one for one in found if inspect.isclass(one) and issubclass(one, masks.Mask) and not inspect.isabstract(one)
    ]


def mask_rules() -> str:
    """The table of masks."""
    rows = [[f"`{cls.__name__}`", paragraphs(cls)[0], formulas(cls)] for cls in mask_classes()]
    return table(["`attnframe.masks`", "what", "rule"], rows)


def formulas(cls: type) -> str:
    """The formulas of a docstring, for a cell."""
    return "<br>".join(f"`{' '.join(part.split())}`" for part in paragraphs(cls) if is_formula(part))


def chosen(field: str) -> str:
    """The table of what a field of `ScoredVariant` chooses among."""
    rows = []
    for name in options(field):
        part = getattr(MultiHeadAttention(**{field: name}).softmax_mixer(16), field)
        rows.append(
            [f"`{name}`", f"`{type(part).__name__}`", paragraphs(type(part))[0], formulas(type(part)), held(name)]
        )
    return table([f"`attention.{field}`", "class", "what", "formula", "held against"], rows)


def fields(recipe: type[Recipe], chosen_hints: Mapping[str, object]) -> str:
    """The table of some fields of a recipe."""
    told, given = documented(recipe), defaults(recipe)
    rows = [
        [f"`{recipe.key(name)}`", in_words(given[name]), describe(hint), told[name]]
        for name, hint in chosen_hints.items()
    ]
    return table(["field", "default", "must be", "meaning"], rows)


def paragraphs(cls: type) -> list[str]:
    """The paragraphs of a docstring before its arguments."""
    text = re.split(r"^(?:Args|Shapes|Raises|Attributes):", inspect.cleandoc(cls.__doc__ or ""), flags=re.MULTILINE)[0]
    return [part for part in text.strip().split("\n\n") if not part.startswith(".. math")]


def is_formula(part: str) -> bool:
    """Whether a paragraph is one: an equation that ends without a full stop."""
    return re.match(r"[\w|<(\[][^.]*? (=|->) ", part) is not None and not part.endswith(".")


def held(name: str) -> str:
    """What the oracle's test of that name says that it compares with, or nothing."""
    paths = [ORACLES / f"test_{one}.py" for one in (name, HELD_WITH.get(name, name))]
    path = next((one for one in paths if one.exists()), None)
    if path is None:
        return ""
    against = re.search(r"\bagainst (.*?)\.?$", said(path))
    return f"{against[1] if against else said(path)} ([test](../tests/oracles/{path.name}))"


def oracles() -> str:
    """The table of all oracles' tests."""
    found = [path for path in sorted(ORACLES.glob("test_*.py")) if path.name != "test_coverage.py"]
    return table(
        ["test", "holds"], [[f"[{path.stem[5:]}](../tests/oracles/{path.name})", said(path)] for path in found]
    )


def said(path: Path) -> str:
    """The first paragraph of a module's docstring."""
    return " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].split())


def link(name: str) -> str:
    """A link to the section of a variant."""
    return f"[{name}](#{name})"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


if __name__ == "__main__":
    main()
