"""Whether a task has the model that was chosen. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable

from attnframe.errors import Fault, did_you_mean
from attnframe.plugin.contract import Task


def model_fault(task: Task, name: str, sizes: Iterable[str] = ()) -> Fault | None:
    """What is wrong with ``model=NAME`` for a task; None when the task has that model.

    Args:
        task: the task.
        name: the model chosen.
        sizes: options of `model=` that are sizes, and could have been meant.
    """
    if name in task.models:
        return None
    if name in task.refuses:
        works = " or ".join(f"model={own}" for own in task.models)
        return Fault(f"model={name}", f"cannot serve task={task.name}: {task.refuses[name]}", "", f"Works: {works}.")
    return Fault(f"model={name}", f"is no model of task={task.name}", "", did_you_mean(name, [*task.models, *sizes]))
