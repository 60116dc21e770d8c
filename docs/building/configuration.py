"""The page of every option and field, from the recipes and the option files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from building.markdown import FIELD_COLUMNS, field_rows, fields, table

from attnframe.plan_from import RunRecipe
from attnframe.plugin.discovery import load_plugin
from attnframe.plugin.index import Index, index
from attnframe.recipe import Recipe, hints
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.optim import OptimRecipe
from attnframe.recipes.registry import attention_variants, position_schemes
from attnframe.recipes.trainer import TrainerRecipe

ROOT = Path(__file__).parents[2]
HEAD = """\
# Configuration reference

Written by `python docs/generate.py` from the recipes, whose fields are the configuration; a test holds it to that.

A command is a list of overrides: `GROUP=OPTION` chooses, `NODE.FIELD=VALUE` sets a field of what was chosen. What is
more specific wins: shared options first, then plugin, task, data, experiment, and the command line over all.
[Decision 0002](decisions/0002-configuration.md) says how it is composed.

```sh
attnframe check plugin=vision attention=gqa model.depth=4 optim.lr=5e-4
attnframe train plugin=vision attention=gqa --cfg job
```

Values are YAML: `true`, `null`, `1e-3`, `[0.8,0.1,0.1]`. Those of `input`, `output`, `ckpt`, `resume`, `data_dir` and
`data.path` are taken literally, whatever signs they hold. A field that the chosen option does not have is refused, or
in a sweep (`-m`) left out with one notice. All faults are told at once."""
ATTENTION = """\
`attention=NAME`, or `attention=path/to/file.py`. What each variant is and can do stands on the page of
[variants](variants.md). Fields that most variants share:"""
SIZES = """\
`model=NAME` chooses a model of the task, whose fields stand with the task below; or a size:"""
DOMAIN = """\
What the tasks measure, and the forms of your own data, stand on the page of the
[domain](../plugins/{name}/README.md)."""
TASK = "{what}. Checkpoints are selected by `{metric}` of the validation part, {best} is best."


def page() -> str:
    """The whole page."""
    known = index()
    variants = attention_variants()
    parts = [
        HEAD,
        "## The run",
        fields(RunRecipe, hints(RunRecipe)),
        "`plugin=`, `task=`, `data=`, `experiment=` and `debug=` choose what the sections below name.",
        "## attention",
        ATTENTION,
        fields(ScoredVariant, hints(ScoredVariant)),
        "### Fields of single variants",
        own("attention", variants, rows(ScoredVariant)),
        "## position",
        "`position=NAME`; what each is stands with the [variants](variants.md#positions). Fields:",
        own("position", position_schemes()),
        "## model",
        SIZES,
        options(known, "model"),
        "## optim",
        options(known, "optim"),
        fields(OptimRecipe, hints(OptimRecipe)),
        "## trainer",
        options(known, "trainer"),
        fields(TrainerRecipe, hints(TrainerRecipe)),
        "## debug",
        options(known, "debug"),
        "## experiment",
        options(known, "experiment"),
        *(part for folder in sorted((ROOT / "plugins").glob("attnframe_*")) for part in plugin(folder)),
    ]
    return "\n\n".join(parts) + "\n"


def options(known: Index, group: str) -> str:
    """The options of a group of files."""
    found = [known.options[group, name] for name in known.names(group)]
    return table(["option", "what"], [[f"`{group}={option.name}`", option.summary] for option in found])


def own(group: str, recipes: Mapping[str, type[Recipe]], shared: Sequence[list[str]] = ()) -> str:
    """What single options of a group have, or have otherwise than the shared fields."""
    return table(
        [group, *FIELD_COLUMNS],
        [[f"`{name}`", *row] for name, recipe in recipes.items() for row in rows(recipe) if row not in shared],
    )


def rows(recipe: type[Recipe]) -> list[list[str]]:
    """The rows of a recipe's table of fields."""
    return field_rows(recipe, hints(recipe))


def plugin(folder: Path) -> Iterable[str]:
    """The tasks of a plugin: their models, their data and what they say of a prediction."""
    name = folder.name.removeprefix("attnframe_")
    yield f"## plugin={name}"
    yield DOMAIN.format(name=folder.name)
    for task in load_plugin(name).tasks.values():
        yield f"### task={task.name}"
        best = {"max": "the highest", "min": "the lowest"}[task.monitor.mode]
        what = task.summary[0].upper() + task.summary[1:]
        yield TASK.format(what=what, metric=task.monitor.metric, best=best)
        yield from together("model", task.models)
        yield from together("data", task.datasets)
        yield "Fields of `attnframe predict`:"
        yield fields(task.predict, hints(task.predict))


def together(group: str, recipes: Mapping[str, type[Recipe]]) -> Iterable[str]:
    """The fields that all options of a group have alike, then what each has of its own."""
    every = [rows(recipe) for recipe in recipes.values()]
    shared = [row for row in every[0] if all(row in found for found in every)]
    names = ", ".join(f"`{group}={name}`" for name in recipes)
    yield f"{names}:" if len(recipes) == 1 else f"{names}; fields of all of them:"
    yield table(FIELD_COLUMNS, shared)
    if any(row not in shared for found in every for row in found):
        yield "Fields and defaults of single ones:"
        yield own(group, recipes, shared)
