"""The Python surface for notebooks and scripts: the same overrides, plans and run folders as the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnframe.errors import ConfigurationError, Fault, RunError
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.runs.folder import new_folder
from attnframe.runs.result import new_result

if TYPE_CHECKING:
    import pandas as pd

    from attnframe.explanation.explanation import Explanation
    from attnframe.training.checkpoint import Loaded


class Model:
    """A trained model.

    Args:
        loaded: its checkpoint.
    """

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.module = loaded.build()
        """The `torch.nn.Module` with its weights, in evaluation mode."""

    def predict(self, x: Any, **options: Any) -> list[dict[str, Any]]:
        """One record an input, with probabilities where there are classes.

        Args:
            x: a file, a folder or a text as for `attnframe predict`; or a list of contents in memory, in the form that
                the task reads.
            options: fields of the task's predict settings, e.g. ``batch_size=16``.
        """
        from attnframe.evaluation.predict import records_for

        return records_for(self.loaded.plan, self.module, str(x) if isinstance(x, str | Path) else list(x), options)

    def explain(self, x: Any, **options: Any) -> list[Explanation]:
        """What the attention read for each answer, and whether to believe it; a notebook shows the page of each.

        Args:
            x: as for `predict`.
            options: fields of `ExplainRecipe`, e.g. ``inputs=1``.
        """
        from attnframe.explanation.explain import explanations
        from attnframe.recipe import construct
        from attnframe.recipes.explain import ExplainRecipe

        source = str(x) if isinstance(x, str | Path) else list(x)
        return explanations(self.loaded.plan, self.module, source, construct(ExplainRecipe, options), {})

    def evaluate(self, data: str | Mapping[str, Any] | None = None) -> dict[str, float]:
        """Test metrics.

        Args:
            data: None for the data it was trained on; the name of a dataset of its task; or data fields to change,
                e.g. ``{"path": ...}``.
        """
        from attnframe.evaluation.evaluate import evaluate

        node = {"name": data} if isinstance(data, str) else data
        metrics: dict[str, float] = evaluate(self.loaded.path, None if node is None else {"data": node})["metrics"]
        return metrics


def compose(overrides: Sequence[str] = ()) -> dict[str, Any]:
    """The resolved and checked configuration that overrides give, as plain values; change them as you like and hand
    them to `train`.

    Args:
        overrides: as on the command line, e.g. ``["plugin=vision", "attention=gqa"]``.

    Raises:
        ConfigurationError: with every fault at once.
    """
    from attnframe.config.check import check

    return check(overrides).plans[0].values


def train(cfg: Mapping[str, Any] | Sequence[str], folder: Path | str | None = None) -> dict[str, Any]:
    """Train one configuration.

    Args:
        cfg: what `compose` gave, or overrides.
        folder: the run folder; None for ``runs/<plugin>-<task>/<time>-<id>``.

    Returns:
        What the run's ``result.json`` holds.

    Raises:
        ConfigurationError: when the configuration or the data is wrong; nothing is trained then.
        RunError: when the run failed.
    """
    (plan,) = _plans(cfg, sweep=False)
    return _trained(plan, new_run_folder(plan) if folder is None else Path(folder))


def sweep(configurations: Sequence[Mapping[str, Any] | Sequence[str]]) -> pd.DataFrame:
    """Train several configurations, one after the other; all are checked before the first one starts.

    Args:
        configurations: each what `compose` gave, or overrides, which may name several values (``attention=mha,gqa``)
            as with ``-m``.

    Returns:
        One row a run: its overrides or configuration, status, test metrics, parameters, seconds, folder and error.

    Raises:
        ConfigurationError: with the faults of all configurations.
    """
    import pandas as pd

    plans: list[RunPlan] = []
    faults: list[Fault] = []
    for cfg in configurations:
        try:
            plans += _plans(cfg, sweep=True)
        except ConfigurationError as error:
            faults += error.faults
    if faults:
        raise ConfigurationError(faults)
    table: pd.DataFrame = pd.DataFrame([_row(plan, new_run_folder(plan)) for plan in plans])
    return table


def load(ckpt: Path | str) -> Model:
    """The model of a checkpoint.

    Args:
        ckpt: the file, e.g. ``RUN/checkpoints/best.ckpt``.

    Raises:
        CheckpointError: when it cannot be read, trusted or used.
    """
    from attnframe.training.checkpoint import load_checkpoint

    return Model(load_checkpoint(ckpt))


def _plans(cfg: Mapping[str, Any] | Sequence[str], sweep: bool) -> Sequence[RunPlan]:
    if isinstance(cfg, Mapping):
        return [plan_from_values(cfg)]
    from attnframe.config.check import check

    return check([cfg] if isinstance(cfg, str) else cfg, sweep=sweep).plans


def _trained(plan: RunPlan, folder: Path) -> dict[str, Any]:
    """Train a plan and leave a report in its folder, however it ends."""
    from attnframe.report import write_run_report
    from attnframe.training.run import train as train_plan

    try:
        return train_plan(plan, folder)
    finally:
        write_run_report(folder)


def _row(plan: RunPlan, folder: Path) -> dict[str, Any]:
    """Train one point of a sweep; what went wrong stands in the row."""
    names = ("attention", "position", "data", "seed", "status", "parameters", "seconds", "error")
    try:
        result = _trained(plan, folder)
    except (RunError, ConfigurationError) as error:
        result = {**new_result(plan), "error": str(error)}
    row: dict[str, Any] = {"plugin": result["plugin"], "task": result["task"], "overrides": " ".join(plan.overrides)}
    row |= {name: result[name] for name in names}
    row |= result["metrics"]
    return row | {"folder": str(folder)}


def new_run_folder(plan: RunPlan) -> Path:
    """A folder name for a run in the current folder, as the command line makes them."""
    return new_folder(f"{plan.plugin.name}-{plan.task.name}")
