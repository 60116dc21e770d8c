"""`attnframe download`: fetch a public dataset, its licence shown first."""

from __future__ import annotations

from collections.abc import Sequence

from attnframe.cli.arguments import required, split_arguments, take
from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.plan_from import data_folder
from attnframe.plugin.contract import DataRecipe
from attnframe.plugin.discovery import load_plugin
from attnframe.plugin.index import index
from attnframe.recipe import construct


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe download --help`. Returns the exit code."""
    from attnframe.config.literal import user_path

    taken, others = take(split_arguments(argv).overrides, ["data", "data_dir"])
    missing = required(taken, {"data": "fashion_mnist"})
    if missing:
        raise ConfigurationError(missing)
    recipe_class = dataset(taken["data"])
    recipe = construct(recipe_class, _fields(others))
    folder = data_folder(str(user_path(taken["data_dir"])) if taken.get("data_dir") else None)
    print(f"{recipe.name}: {recipe.summary}")
    if recipe_class.download is DataRecipe.download:
        print("There is nothing to fetch: it needs no network.")
        return 0
    print(f"Fetching into {folder}", flush=True)
    recipe.download(folder)
    print("Done.")
    return 0


def dataset(name: str) -> type[DataRecipe]:
    """The recipe class of a dataset, by its name alone.

    Raises:
        ConfigurationError: when no plugin brings it.
    """
    options = index().options
    if ("data", name) not in options:
        works = did_you_mean(name, index().names("data"))
        raise ConfigurationError(Fault(f"data={name}", "is not an option", "", works))
    option = options["data", name]
    tasks = load_plugin(option.plugin).tasks.values()
    found = [task.datasets[name] for task in tasks if name in task.datasets]
    if not found:
        raise ConfigurationError(Fault(f"data={name}", "must be a dataset of some task", str(option.file)))
    return found[0]


def _fields(overrides: Sequence[str]) -> dict[str, object]:
    """Values of ``data.FIELD=VALUE``."""
    from attnframe.config.typed import read_typed

    typed = read_typed(overrides, sweep=False)
    faults = list(typed.faults)
    known = "Known: data, data_dir, data.FIELD."
    faults += [
        Fault(o.key_or_group, "is not a known key of download", "", known)
        for o in typed.own
        if not o.key_or_group.startswith("data.")
    ]
    if faults:
        raise ConfigurationError(faults)
    return {override.key_or_group.removeprefix("data."): override.value() for override in typed.own}
