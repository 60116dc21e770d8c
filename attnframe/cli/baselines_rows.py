"""`attnframe baselines list` and `attnframe baselines verify ROW`: the registry of recorded baselines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attnframe.cli.arguments import take
from attnframe.cli.job import DONE, FAILED
from attnframe.cli.screen import table
from attnframe.errors import ConfigurationError, Fault
from attnframe.runs.folder import new_folder

if TYPE_CHECKING:
    from attnframe.baselines.registry import Baseline

HEAD = ("row", "metric", "expected", "tolerance", "floor", "seconds", "data", "commit", "published")


def show_rows(words: Sequence[str]) -> int:
    """Print the registry, or everything about one row."""
    from attnframe.baselines.registry import baseline, baselines

    if len(words) > 1:
        raise ConfigurationError(Fault("baselines list", "must be followed by one row at most", " ".join(words)))
    if words:
        print(table(("of " + words[0], ""), _details(baseline(words[0]))))
        return DONE
    rows = []
    for name, row in baselines().items():
        published = ", ".join(f"{one.value:g}" for one in row.definition.numbers)
        told = _recorded(row) if row.record is not None else ["not recorded", *[""] * 5]
        rows.append([name, row.definition.metric, *told, published])
    print(table(HEAD, rows))
    print("\nEverything about one: attnframe baselines list ROW; rerun it: attnframe baselines verify ROW")
    return DONE


def _recorded(row: Baseline) -> list[str]:
    assert row.record is not None
    floor = "" if row.floor is None else f"{row.floor[0]:.4f}"
    hashes = [(row.data_hash or "")[:8], row.told("commit")[:8]]
    return [f"{row.expected:.4f}", f"{row.tolerance:.4f}", floor, f"{row.seconds or 0:.0f}", *hashes]


def _details(row: Baseline) -> list[list[str]]:
    one, record = row.definition, row.record
    rows = [["command", one.command], ["repeats", " ".join(one.repeated)], ["protocol", one.protocol]]
    rows.append(["metric", f"{one.metric}, {'more' if one.better == 'max' else 'less'} is better"])
    rows += [["goal", f"{one.bar:g}"]] if one.bar is not None else []
    rows += [["published", str(number)] for number in one.numbers]
    if record is None:
        return [*rows, ["record", "none"]]
    spread = "" if record["deviation"] is None else f", deviation {record['deviation']:.4f}"
    rows.append(["recorded", f"{record['mean']:.4f}{spread}, of {len(record['runs'])} runs on {row.told('date')}"])
    rows.append(["a rerun", f"is expected at {row.expected:.4f} within {row.tolerance:.4f}"])
    rows += [["control", f"{row.control['mean']:.4f}, the same with attention=none"]] if row.control else []
    rows += [["floor", f"{row.floor[0]:.4f}, {row.floor[1]}"]] if row.floor else []
    rows.append(["parameters", f"{record['runs'][0]['parameters']:,}"])
    rows.append(["seconds", f"{row.seconds or 0:.1f} of fit and test on {row.told('hardware')}"])
    return [*rows, ["data", str(row.data_hash)], ["commit", row.told("commit")]]


def verify_row(words: Sequence[str]) -> int:
    """Rerun one row; exit code 1 when it is outside its tolerance or its data are others."""
    from attnframe.baselines.registry import baseline
    from attnframe.baselines.verify import verify
    from attnframe.config.literal import user_path

    taken, names = take(words, ["seed", "output"])
    faults = []
    if len(names) != 1:
        works = "attnframe baselines list shows the rows."
        faults.append(Fault("baselines verify", "must be followed by one row", " ".join(names), works))
    if not taken.get("seed", "0").isdecimal():
        faults.append(Fault("seed", "must be an integer at least 0", repr(taken["seed"])))
    if faults:
        raise ConfigurationError(faults)
    row = baseline(names[0])
    folder = user_path(taken["output"]) if taken.get("output") else new_folder(f"verify-{row.name}").absolute()
    if row.record is not None:
        recorded = f"recorded on {row.told('hardware')} at {row.told('commit')[:8]}"
        print(f"{row.definition.command}: about {row.seconds:.0f} s ({recorded})", file=sys.stderr, flush=True)
    found = verify(row, folder, int(taken["seed"]) if "seed" in taken else None)
    if found.value is None:
        print(f"{row.name}: other data. Recorded {row.data_hash}, here {found.data_hash}: nothing was run.")
        return FAILED
    print(
        f"{row.name}: {row.definition.metric} {found.value:.4f} with seed {found.seed}, expected {row.expected:.4f} "
        f"within {row.tolerance:.4f}: {found.verdict}\n{found.outcome['seconds']:.1f} s of fit and test; run {folder}"
    )
    return DONE if found.verdict == "within" else FAILED
