"""`attnframe baselines`: suites of tasks, variants and seeds beside control, floor and published numbers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnframe.cli.arguments import split_arguments, take
from attnframe.cli.baselines_record import record_row
from attnframe.cli.baselines_rows import show_rows, verify_row
from attnframe.cli.job import DONE, FAILED, INTERRUPTED
from attnframe.cli.screen import show_notices, table
from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.runs.folder import new_folder

if TYPE_CHECKING:
    from attnframe.baselines.runs import SuitePlan

KEYS = ("suite", "output", "cells", "attention", "also", "seeds", "time", "data_dir", "plan")
"""Every key of a suite's command line besides those of Hydra's launchers."""

ROWS = {"list": show_rows, "verify": verify_row, "record": record_row}
"""What the command does with the registry."""


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe baselines --help`. Returns the exit code."""
    if argv and argv[0] in ROWS:
        return ROWS[argv[0]](argv[1:])
    return _suite(argv)


def _suite(argv: Sequence[str]) -> int:
    from attnframe.baselines.launch import launcher_faults
    from attnframe.baselines.runs import plan_suite
    from attnframe.baselines.suite import read_suite, suite_file
    from attnframe.config.literal import literal, user_path

    arguments = split_arguments(argv)
    if arguments.sweep or arguments.shown or arguments.folders:
        works = "Lists need no option: attention=mha,window seeds=0,1."
        raise ConfigurationError(Fault("baselines", "takes no options", "", works))
    hydra = [word for word in arguments.overrides if word.lstrip("+").startswith(("hydra/", "hydra."))]
    taken, others = take([word for word in arguments.overrides if word not in hydra], KEYS)
    faults = [*_unknown(others), *launcher_faults(hydra)]
    seeds = _seeds(taken.get("seeds", ""), faults)
    if taken.get("plan", "true") not in ("true", "false"):
        faults.append(Fault("plan", "must be true or false", repr(taken["plan"])))
    try:
        name = taken.get("suite") or "smoke"
        suite, cells = read_suite(suite_file(name))
        cells = _chosen(taken.get("cells", ""), cells)
    except ConfigurationError as error:
        raise ConfigurationError([*faults, *error.faults]) from None
    if faults:
        raise ConfigurationError(faults)
    plan = plan_suite(
        suite,
        cells,
        attention=_listed(taken.get("attention", "")),
        also=_listed(taken.get("also", "")),
        seeds=seeds,
        time=taken.get("time"),
        overrides=[f"data_dir={literal(taken['data_dir'])}"] if taken.get("data_dir") else [],
    )
    if taken.get("plan") == "true":
        show_plan(plan)
        return DONE
    output = (
        user_path(taken["output"]) if taken.get("output") else new_folder(f"baselines-{Path(name).stem}").absolute()
    )
    show_notices([f"{len(plan.runs)} runs in {output}; {len(plan.refusals)} pairs are refused."])
    return _execute(plan, output, hydra, name, shlex.join(["attnframe", "baselines", *argv]))


def _execute(plan: SuitePlan, output: Path, hydra: Sequence[str], name: str, command: str) -> int:
    from attnframe.baselines.execute import EVERY, collect, with_data
    from attnframe.baselines.execute import execute as execute_suite
    from attnframe.baselines.store import Store
    from attnframe.baselines.summary import summarise
    from attnframe.baselines.write import write_tables

    store = Store(output)
    plan, data = with_data(plan, store)
    interrupted = False
    try:
        execute_suite(plan, store, data, hydra)
    except KeyboardInterrupt:
        interrupted = True
    summary = summarise(collect(plan, store, data), Path(name).stem, command)
    write_tables(summary, output)
    show(summary)
    print(f"\nTables: {output / 'baselines.html'}, baselines.md, baselines.csv, record.json")
    if interrupted:
        print(f"Interrupted. Go on with: attnframe baselines suite={name} output={output}", file=sys.stderr)
        return INTERRUPTED
    return FAILED if summary["failed"] or any(one.attention == EVERY for one in plan.refusals) else DONE


def show_plan(plan: SuitePlan) -> None:
    """Print what would be run."""
    rows = []
    for name, cell in plan.cells.items():
        own = [run for run in plan.runs if run.cell == name]
        refused = [one.attention for one in plan.refusals if one.cell == name]
        variants = dict.fromkeys(run.attention for run in own)
        told = f"{' '.join(variants)}{'; refused: ' + ' '.join(refused) if refused else ''}"
        rows.append(
            [name, cell.base.task.name, cell.cell.pattern, str(len(own)), cell.base.trainer.max_time or "-", told]
        )
    print(table(["cell", "task", "pattern", "runs", "at most", "attention"], rows))
    print(f"{len(plan.runs)} runs")


def show(summary: dict[str, Any]) -> None:
    """Print the table."""
    from attnframe.baselines.overview import MEANING, OVERVIEW, overview_rows, tally
    from attnframe.baselines.tables import HEAD, cell_rows, heading, pattern_rows, refused_rows
    from attnframe.cli.screen import wrapped

    for cell in summary["cells"]:
        print("\n" + "\n".join(wrapped(heading(cell))))
        print(table(HEAD, cell_rows(cell)))
    header, rows = pattern_rows(summary)
    if rows:
        print("\nScore on each pattern (standard scores over variants, deviation over seeds)")
        print(table(header, rows))
    refused = refused_rows(summary)
    if refused:
        print("\nRefused")
        print(table(["attention", "cells", "why"], refused))
    overview = overview_rows(summary)
    if overview:
        print("\n" + "\n".join(wrapped(f"Overview. {tally(summary)} {MEANING}")))
        print(table(OVERVIEW, overview))


def _unknown(others: Sequence[str]) -> list[Fault]:
    return [
        Fault(word.partition("=")[0], "is not a known key of baselines", "", did_you_mean(word.partition("=")[0], KEYS))
        for word in others
    ]


def _seeds(text: str, faults: list[Fault]) -> list[int]:
    found = _listed(text)
    if not all(one.isdecimal() for one in found):
        faults.append(Fault("seeds", "must be integers at least 0", repr(text), "Example: seeds=0,1,2."))
        return []
    return [int(one) for one in found]


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.strip("[]").split(",") if one.strip()]


def _chosen(text: str, cells: dict[str, Any]) -> dict[str, Any]:
    names = _listed(text) or list(cells)
    unknown = [name for name in names if name not in cells]
    if unknown:
        raise ConfigurationError(
            [Fault(f"cells={name}", "is no cell of the suite", "", did_you_mean(name, list(cells))) for name in unknown]
        )
    return {name: cells[name] for name in names}
