"""`attnframe explain`: what a model's attention read for an answer, and whether to believe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attnframe.cli.arguments import required, split_arguments, take
from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.recipe import hints
from attnframe.recipes.explain import ExplainRecipe

KEYS = ("ckpt", "input", "output", "explain.named")
"""Keys whose values are taken as they are typed."""


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe explain --help`. Returns the exit code."""
    from attnframe.config.literal import user_path

    taken, others = take(split_arguments(argv).overrides, list(KEYS))
    faults = required(taken, {"ckpt": "RUN/checkpoints/best.ckpt", "input": "FILE_OR_FOLDER_OR_TEXT"})
    options: dict[str, dict[str, Any]] = {}
    try:
        options = read_options(others)
    except ConfigurationError as error:
        faults += error.faults
    if faults:
        raise ConfigurationError(faults)
    output = user_path(taken["output"]) if taken.get("output") else None
    if taken.get("explain.named"):
        options["explain"]["named"] = taken["explain.named"]

    from attnframe.explanation.explain import explain

    found, folder = explain(
        user_path(taken["ckpt"]), taken["input"], output, options.get("explain"), options.get("predict")
    )
    for one in found:
        print(f"{one.subject.name}: {one.subject.answer}")
        for name, verdict in one.verdicts.items():
            print(f"  by {name}: {verdict}")
    print(f"explained in {folder / 'explanation.html'}")
    return 0


def read_options(overrides: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Settings by field, of ``explain`` and of ``predict``.

    Raises:
        ConfigurationError: for every override that is neither ``explain.FIELD=VALUE`` nor ``predict.FIELD=VALUE``.
    """
    from attnframe.config.typed import read_typed

    typed = read_typed(overrides, sweep=False)
    faults = list(typed.faults)
    options: dict[str, dict[str, Any]] = {"explain": {}, "predict": {}}
    for override in typed.own:
        node, dot, field = override.key_or_group.partition(".")
        if dot and node in options:
            options[node][field] = override.value()
        else:
            known = [*KEYS[:3], *(f"explain.{name}" for name in hints(ExplainRecipe)), f"predict.{node}"]
            near = did_you_mean(override.key_or_group, known)
            faults.append(Fault(override.key_or_group, "is not a known key of explain", "", near))
    if faults:
        raise ConfigurationError(faults)
    return options
