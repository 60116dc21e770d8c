"""`attnframe check`: validation without a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attnframe.cli.arguments import split_arguments
from attnframe.cli.screen import show_notices
from attnframe.errors import ConfigurationError, Fault


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe check --help`. Returns the exit code."""
    from attnframe.config.check import check

    arguments = split_arguments(argv)
    checked = check(arguments.overrides, sweep=arguments.sweep, dry_run=True, extra=arguments.folders)
    paths = dict.fromkeys(plan.data.path for plan in checked.plans if plan.data.path is not None)
    missing = [Fault("data.path", "must exist", repr(path)) for path in paths if not Path(path).exists()]
    checkpoints = dict.fromkeys(plan.ckpt for plan in checked.plans if plan.ckpt is not None)
    missing += [Fault("ckpt", "must exist", repr(str(path))) for path in checkpoints if not path.exists()]
    if missing:
        raise ConfigurationError(missing)
    show_notices(checked.notices)
    plan = checked.plans[0]
    parts = plan.parts
    chosen = f"plugin={plan.plugin.name} task={plan.task.name} data={plan.data.name}"
    chosen = f"{chosen} model={parts.model.name} attention={parts.attention.name} position={parts.position.name}"
    many = len(checked.plans)
    print(f"Right: {chosen}" if many == 1 else f"Right: {many} configurations, the first {chosen}")
    return 0
