"""Explanations of a checkpoint's answers, from the checkpoint alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from attnframe.errors import ConfigurationError, Fault, UnsupportedError, did_you_mean
from attnframe.explanation.explanation import Explanation, explain_subject
from attnframe.explanation.folder import default_folder, folder_faults, write
from attnframe.interpretation import attention_layers
from attnframe.plan import RunPlan
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import TaskModule
from attnframe.recipe import construct
from attnframe.recipes.explain import ExplainRecipe
from attnframe.training.checkpoint import load_checkpoint
from attnframe.training.random_state import seed_everything

NAMED = 200
"""Names of inputs that are looked through for one that is near."""


def explain(
    checkpoint: Path | str,
    source: str,
    output: Path | str | None = None,
    options: Mapping[str, Any] | None = None,
    predict_options: Mapping[str, Any] | None = None,
) -> tuple[list[Explanation], Path]:
    """Explain what a model answers, and write a page, its pictures and its numbers.

    Args:
        checkpoint: the checkpoint file.
        source: what is explained: a file, a folder or a text, as for `predict`.
        output: the folder that is written; None for ``explanations/NAME`` in the checkpoint's run folder.
        options: fields of `ExplainRecipe`.
        predict_options: fields of the task's `PredictRecipe`, which says how inputs are read.

    Returns:
        The explanations, and the folder.

    Raises:
        CheckpointError: when the checkpoint cannot be used.
        DataError: with every input that cannot be read.
        ConfigurationError: when an option is wrong, the folder holds something else, or there is nothing to explain.
        UnsupportedError: when the model or its attention variant has no weights to show.
    """
    folder = Path(output) if output is not None else default_folder(Path(checkpoint), source)
    recipe = construct(ExplainRecipe, dict(options or {}))
    if faults := [*folder_faults(folder)]:
        raise ConfigurationError(faults)
    loaded = load_checkpoint(checkpoint)
    found = explanations(loaded.plan, loaded.build(), source, recipe, predict_options or {})
    write(found, folder, loaded.plan, loaded.path)
    return found, folder


def explanations(
    plan: RunPlan,
    module: TaskModule,
    source: str | list[Any],
    recipe: ExplainRecipe,
    predict_options: Mapping[str, Any],
) -> list[Explanation]:
    """Explain with a module that is built already.

    Args:
        plan: the plan that it was built from.
        module: the module, in evaluation mode.
        source: a file, a folder or a text; or contents in memory, in the form that the task's `read_inputs` gives them.
        recipe: what is explained. predict_options: how inputs are read.
    """
    reading = construct(plan.task.predict, dict(predict_options))
    if isinstance(source, str):
        inputs: Iterable[tuple[str, Any]] = module.read_inputs(source, reading)
    else:
        inputs = [(str(number), content) for number, content in enumerate(source)]
    _check_layers(plan, module)
    seed_everything(plan.seed)
    chosen = _chosen(module.subjects(inputs, reading), recipe)
    try:
        return [explain_subject(make(), recipe) for make in chosen]
    except UnsupportedError as error:
        works = "Explain a model with a variant that has weights: attnframe list attention."
        raise UnsupportedError(
            [Fault(f"{fault.where}: explain", fault.must, fault.got, fault.works or works) for fault in error.faults]
        ) from error


def _chosen(
    subjects: Iterable[tuple[str, Callable[[], Subject]]], recipe: ExplainRecipe
) -> list[Callable[[], Subject]]:
    if recipe.named is None:
        found = [make for _, make in islice(subjects, recipe.inputs)]
        if not found:
            raise ConfigurationError(Fault("input", "must hold something to explain", "nothing"))
        return found
    names: list[str] = []
    for name, make in subjects:
        if name == recipe.named:
            return [make]
        names.append(name)
    works = did_you_mean(recipe.named, names[:NAMED])
    raise ConfigurationError(Fault("explain.named", "must be the name of an input", repr(recipe.named), works))


def _check_layers(plan: RunPlan, module: TaskModule) -> None:
    try:
        attention_layers(module)
    except ConfigurationError as error:
        model = plan.parts.model
        works = f"Try another model: {', '.join(name for name in plan.task.models if name != model.name)}."
        fault = Fault(f"model={model.name}", "has no attention layer that could explain an answer", "", works)
        raise UnsupportedError(fault) from error
