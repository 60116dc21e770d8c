"""Writes the tables of README.md from the records in attnframe_control/conf/baseline/records/.

python tables.py            rewrites what stands between the markers
python tables.py --check    exits 1 when a table is not what the records say
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROWS = HERE / "attnframe_control" / "conf" / "baseline"
HEAD = (
    "command",
    "metric",
    "result",
    "goal",
    "without attention",
    "simple method",
    "others beside it",
    "parameters",
    "seconds a run",
)


def figure(value: float) -> str:
    """A number of four digits or so."""
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.1f}"


def row(record: dict[str, Any], control: dict[str, Any] | None) -> list[str]:
    """The cells of one record and its control, where there is one; seeds are a sweep."""
    metric, runs = record["metric"], record["runs"]
    key, values = runs[0]["repeat"].partition("=")[0], [one["repeat"].partition("=")[2] for one in runs]
    floor = runs[0]["floor"] or {}
    others = [f"{figure(one[metric])} ({name})" for name, one in floor.get("others", {}).items() if metric in one]
    spread = "" if record["deviation"] is None else f" ± {figure(record['deviation'])}"
    goal = "" if record["bar"] is None else f"{record['bar']:g}, {'reached' if record['reached'] else 'missed'}"
    return [
        f"`{record['command'].replace(' train ', ' train -m ', 1)} {key}={','.join(values)}`",
        metric.removeprefix("test/"),
        f"**{figure(record['mean'])}**{spread}",
        goal,
        "" if control is None else figure(control["mean"]),
        f"{figure(floor[metric])} ({floor['name']})" if metric in floor else "",
        "; ".join(others),
        f"{runs[0]['parameters']:,}",
        f"{sum(one['seconds'] for one in runs) / len(runs):.0f}",
    ]


def scenes(records: list[dict[str, Any]]) -> str:
    """The mean over the scenes of ETH/UCY, as papers tell it, beside that of the simple method."""
    told = []
    for metric in ("test/ade", "test/fde"):
        ours = statistics.fmean(one["metrics"][metric] for record in records for one in record["runs"])
        simple = statistics.fmean(record["runs"][0]["floor"][metric] for record in records)
        told.append(f"{metric.removeprefix('test/')} {figure(ours)} ({figure(simple)} by constant velocity)")
    return f"Mean over {len(records)} scenes: {', '.join(told)}. To reach over all five: ade 0.52, fde 1.12.\n\n"


def table(task: str) -> str:
    """The table of one task, a row for each baseline that has a record, and where they were recorded."""
    names = yaml.safe_load((ROWS / f"{task}.yaml").read_text(encoding="utf-8"))
    records = {name: one for name in names if (one := recorded(name))}
    if not records:
        return "Nothing is recorded yet.\n"
    rows = [row(one, recorded(f"{name}-control")) for name, one in records.items()]
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    whole = task == "trajectory_prediction" and len(records) == len(names)
    mean = scenes([*records.values()]) if whole else ""
    runs = [one for record in records.values() for one in record["runs"]]
    told = sorted({f"{one['hardware']}, {one['date']}, commit {one['commit'][:8]}" for one in runs})
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + f"\n\n{mean}Recorded on {'; '.join(told)}.\n"


def recorded(name: str) -> dict[str, Any] | None:
    """A record by the name of its file; None where there is none."""
    file = ROWS / "records" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def written(page: str) -> str:
    """A page with its tables as the records say."""
    pattern = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda found: found[1] + table(found[2]) + found[3], page)


def main() -> None:
    """Write, or check, README.md."""
    page = HERE / "README.md"
    before = page.read_text(encoding="utf-8")
    after = written(before)
    if "--check" in sys.argv[1:]:
        raise SystemExit(before != after)
    page.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
