"""`attnframe list`: what is there, with capabilities. Torch-free."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attnframe.cli.screen import show_notices, table
from attnframe.errors import ConfigurationError, Fault, PluginError, did_you_mean
from attnframe.plugin.contract import Plugin
from attnframe.plugin.discovery import load_plugin
from attnframe.plugin.index import Index, index
from attnframe.recipe import MISSING, Recipe, defaults, describe, documented, hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import ALL_MASKS, Capabilities, Needs
from attnframe.recipes.optim import OptimRecipe
from attnframe.recipes.position.base import KINDS as POSITION_KINDS
from attnframe.recipes.registry import attention_variants, broken_variants, position_schemes
from attnframe.recipes.trainer import TrainerRecipe

SERVES = ("self", "causal", "noncausal", "cross", "edges", "masks")
GIVES = ("bias", "relative", "rotary", "dropout", "weights", "exact", "cache", "cost")
"""Columns of the two capability tables."""
FIELD_OF = {"self": "self_attention"}
"""The field of `Capabilities` that a column shows, where the names differ."""
CELLS = {
    "yes": "claimed, and held by the conformance tests (attnframe.testing.check_attention)",
    "-": "cannot: refused with the nearest choice that works (under exact: another function than softmax attention)",
    "all": f"of the masks: {', '.join(sorted(ALL_MASKS))}",
}

VIEWS = {
    "none": "not at all",
    "input": "added to the input",
    "rotary": "rotates queries and keys",
    "bias": "bias of the scores",
    "relative": "scores of the way to a key",
}


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe list --help`. Returns the exit code."""
    if not argv:
        print(table(["attnframe list", "shows"], [[name, show.__doc__ or ""] for name, show in KINDS.items()]))
        return 0
    kind, *others = argv
    singular = {"plugin": "plugins", "task": "tasks"}
    kind = singular.get(kind, kind)
    if kind not in KINDS or others:
        got = " ".join(others) if kind in KINDS else ""
        raise ConfigurationError(Fault(f"list {kind}", "must be one known kind", got, did_you_mean(kind, list(KINDS))))
    print(KINDS[kind]())
    return 0


def plugins() -> str:
    """domains, each with its tasks and default task"""
    known = _known()
    rows = []
    for name in known.names("plugin"):
        option = known.options["plugin", name]
        what = f"{option.summary.removesuffix('.')}: {', '.join(known.tasks(name))}"
        rows.append([name, option.chooses.get("task", ""), what])
    return table(["plugin", "default task", "what: tasks"], rows)


def tasks() -> str:
    """tasks, with their data and what they need of an attention variant"""
    known = _known()
    rows = []
    for plugin in _loaded(known):
        for name, task in plugin.tasks.items():
            needs = _needs_in_words(task.needs(next(iter(task.models.values()))()))
            default = known.options["task", name].chooses.get("data", "")
            datasets = ", ".join(f"{data}*" if data == default else data for data in task.datasets)
            what = f"{task.summary}; needs {needs}; data: {datasets}"
            rows.append([name, plugin.name, task.monitor.metric, what])
    return table(["task", "plugin", "monitor", "what; needs of attention; data (* default)"], rows)


def attention() -> str:
    """attention variants, with what they can do and their fields"""
    show_notices(f"attention={name} is left out: {error}" for name, error in broken_variants().items())
    variants = attention_variants()
    cells = {name: capability_cells(variant.capabilities) for name, variant in variants.items()}
    tables = [
        table(["attention", *columns], [[name, *(row[column] for column in columns)] for name, row in cells.items()])
        for columns in (SERVES, GIVES)
    ]
    told = documented(Capabilities)
    meanings = [[column, told[FIELD_OF.get(column, column)].replace("``", "")] for column in (*SERVES, *GIVES)]
    return "\n\n".join(
        [
            table(["attention", "what"], [[name, variant.summary] for name, variant in variants.items()]),
            *tables,
            table(["cell", "means"], [*CELLS.items()]),
            table(["column", "means"], meanings),
            _fields_by_variant(variants),
            _fields_in_words(variants),
        ]
    )


def capability_cells(can: Capabilities) -> dict[str, str]:
    """What the capability table shows of one variant, by column."""
    found = {column: getattr(can, FIELD_OF.get(column, column)) for column in (*SERVES, *GIVES)}
    found["masks"] = "all" if can.masks == ALL_MASKS else ", ".join(sorted(can.masks)) or "-"
    found["relative"] = can.bias and can.relative
    return {column: {True: "yes", False: "-"}.get(value, value) for column, value in found.items()}


def position() -> str:
    """position schemes, with how they enter, what kind of positions they read, and their fields"""
    schemes = position_schemes()
    rows = [
        [name, VIEWS[scheme.view], POSITION_KINDS[scheme.reads] if scheme.reads else "-", scheme.summary]
        for name, scheme in schemes.items()
    ]
    return f"{table(['position', 'how it enters', 'reads', 'what'], rows)}\n\n{_fields_table('position', schemes)}"


def data() -> str:
    """datasets, public ones and forms of your own data"""
    known = _known()
    names = known.names("data")
    rows = [[name, known.options["data", name].plugin, known.options["data", name].summary] for name in names]
    return table(["data", "plugin", "what"], rows)


def model() -> str:
    """models of each task and their fields, and sizes"""
    known = _known()
    tasks = [task for plugin in _loaded(known) for task in plugin.tasks.values()]
    found = [(task.name, name, recipe) for task in tasks for name, recipe in task.models.items()]
    what = table(["model", "task", "what"], [[name, task, recipe.summary] for task, name, recipe in found])
    sizes = table(["size", "what"], [[name, known.options["model", name].summary] for name in known.names("model")])
    fields = _fields_table("task, model", {f"{task}, {name}": recipe for task, name, recipe in found})
    return f"{what}\n\n{sizes}\n\n{fields}"


def optim() -> str:
    """optimisers and the fields of optimisation"""
    return f"{_options('optim')}\n\n{_fields_table('optim', {'adamw, adam': OptimRecipe})}"


def trainer() -> str:
    """places to run and the fields of the training loop"""
    return f"{_options('trainer')}\n\n{_fields_table('trainer', {'all': TrainerRecipe})}"


def experiment() -> str:
    """presets of choices and fields"""
    return _options("experiment")


def debug() -> str:
    """presets for finding faults"""
    return _options("debug")


KINDS: Mapping[str, Callable[[], str]] = {
    show.__name__: show
    for show in (plugins, tasks, attention, position, data, model, optim, trainer, experiment, debug)
}


def _known() -> Index:
    """The index, read by the views that need it; what is wrong with it is told first."""
    known = index()
    show_notices([*known.warnings, *map(str, known.faults)])
    return known


def _options(group: str) -> str:
    known = _known()
    options = [known.options[group, name] for name in known.names(group)]
    return table([group, "what"], [[option.name, option.summary] for option in options])


def _fields_by_variant(variants: Mapping[str, type[AttentionVariant]]) -> str:
    rows = []
    for name, variant in variants.items():
        rows.append([name, " ".join(f"{field}={in_words(value)}" for field, value in defaults(variant).items())])
    return table(["attention", "fields and defaults"], rows)


def _fields_in_words(variants: Mapping[str, type[AttentionVariant]]) -> str:
    """What each field must be, once, however many variants have it; the names where they differ."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, variant in variants.items():
        for field, hint in hints(variant).items():
            found.setdefault((variant.key(field), describe(hint)), []).append(name)
    common: dict[str, str] = {}
    for field, words in sorted(found, key=lambda one: -len(found[one])):
        common.setdefault(field, words)
    rows = [
        [field, words if common[field] == words else f"{words} ({', '.join(names)})"]
        for (field, words), names in found.items()
    ]
    return table(["field", "must be"], rows)


def _fields_table(head: str, recipes: Mapping[str, type[Recipe]]) -> str:
    rows = []
    for name, recipe in recipes.items():
        values = defaults(recipe)
        for number, (field, hint) in enumerate(hints(recipe).items()):
            rows.append([name if number == 0 else "", f"{recipe.key(field)}", in_words(values[field]), describe(hint)])
    return table([head, "field", "default", "must be"], rows)


def in_words(value: Any) -> str:
    """A default as it would be typed."""
    if value is MISSING:
        return "(must be given)"
    if isinstance(value, tuple):
        return "[" + ",".join(in_words(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def _loaded(known: Index) -> Iterable[Plugin]:
    for name in known.names("plugin"):
        try:
            yield load_plugin(name)
        except PluginError as error:
            show_notices([f"plugin {name} is left out: {error}"])


def _needs_in_words(needs: Needs) -> str:
    words = [name for name in ("causal", "noncausal", "cross", "edges") if getattr(needs, name)]
    return ", ".join([*words, *(f"{mask} masks" for mask in sorted(needs.masks))]) or "-"
