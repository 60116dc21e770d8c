"""Writes the tables of README.md, of docs/ and of the plugins' pages from the records of benchmarks/results/ and of the
plugins' registered baselines.

python benchmarks/tables.py            rewrites what stands between the markers
python benchmarks/tables.py --check    exits 1 when a table is not what the records say
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from records import RESULTS

from attnframe.baselines.definition import definition_file
from attnframe.baselines.overview import MEANING, OVERVIEW, overview_rows, tally
from attnframe.baselines.registry import Baseline, baselines
from attnframe.baselines.tables import HEAD, SCORE, cell_rows, heading, introduction, pattern_rows

ROOT = Path(__file__).parents[1]
HIGHLIGHTS = (
    "tinyshakespeare",
    "sst2",
    "atis",
    "multi30k_long",
    "digits",
    "fashion_mnist",
    "bccd",
    "fsdd",
    "an4",
    "sasrec_games",
    "ml_100k_clicks",
    "cora",
    "mutag",
    "esol",
    "etth1_96",
    "japanese_vowels",
)
"""The cases that README.md shows."""


def records(prefix: str) -> dict[str, dict[str, Any]]:
    """Every record of one kind, by case."""
    found = sorted(RESULTS.glob(f"{prefix}-*.json"))
    return {path.stem.removeprefix(f"{prefix}-"): json.loads(path.read_text(encoding="utf-8")) for path in found}


def recorded(chosen: Sequence[str] = ()) -> dict[str, Baseline]:
    """Every registered baseline of this repository with a record, those for the tests left out; of all when none is
    chosen."""
    known = {name: row for name, row in baselines().items() if ROOT / "plugins" in definition_file(name).parents}
    rows = {name: known[name] for name in chosen or sorted(known)}
    return {name: row for name, row in rows.items() if row.record is not None and not row.definition.quick}


def command(record: dict[str, Any]) -> str:
    """What to type: several seeds or folds are a sweep."""
    keys, values = zip(*(one["repeat"].split("=") for one in record["runs"]), strict=True)
    if len(values) == 1:
        return f"`{record['command']}`"
    return f"`{record['command'].replace(' train ', ' train -m ', 1)} {keys[0]}={','.join(values)}`"


def figure(record: dict[str, Any]) -> str:
    """Mean, and deviation over seeds where there are several."""
    deviation = record["deviation"]
    return f"{record['mean']:.4f}" + ("" if deviation is None else f" ± {deviation:.4f}")


def floor(record: dict[str, Any]) -> str:
    """The numbers, means over the runs, and names of the simple methods, first the one that validation chose."""
    metric, runs = record["metric"], [one["floor"] for one in record["runs"] if one["floor"]]
    if not runs or metric not in runs[0]:
        return ""
    scores = {runs[0]["name"]: [one[metric] for one in runs]}
    for one in runs:
        for name, values in one.get("others", {}).items():
            if metric in values:
                scores.setdefault(name, []).append(values[metric])
    return "; ".join(f"{statistics.fmean(values):.4f} ({name})" for name, values in scores.items())


def quality(chosen: Sequence[str] = ()) -> str:
    """Quality beside the same model without attention, floor and published number; of all cases when none is chosen."""
    head = ["command", "metric", "result", "without attention", "floor", "published", "parameters", "fit and test"]
    rows = [line(head), "|" + "---|" * len(head)]
    for row in recorded(chosen).values():
        record = row.record
        first = record["runs"][0]
        cells = [
            command(record),
            record["metric"],
            figure(record),
            "" if row.control is None else figure(row.control),
            floor(record),
            record["published"],
            f"{first['parameters']:,}",
            f"{sum(one['seconds'] for one in record['runs']) / len(record['runs']):.0f} s",
        ]
        rows.append(line(cells))
    return "\n".join(rows)


def highlights() -> str:
    """Quality of one set of each task."""
    return quality(HIGHLIGHTS)


def of_plugin(name: str) -> str:
    """Quality of the cases of one plugin, and how to read it."""
    folder = ROOT / "plugins" / f"attnframe_{name}"
    chosen = [case for case in recorded() if folder in definition_file(case).parents]
    return f"{quality(chosen)}\n\n{protocols(chosen)}"


def protocols(chosen: Sequence[str] = ()) -> str:
    """How each number of `quality` is to be read."""
    found = [row.record for row in recorded(chosen).values()]
    rows = [line([command(record), record["protocol"], goal(record)]) for record in found]
    return "\n".join(["| command | protocol | goal |", "|---|---|---|", *rows])


def goal(record: dict[str, Any]) -> str:
    """What was to be reached, and whether it was."""
    if record["bar"] is None:
        return ""
    return f"{record['bar']}, {'reached' if record['reached'] else 'missed'}"


def speed(kinds: tuple[str, ...] = ("",)) -> str:
    """Speed beside peers: median paired ratios, above 1 is faster than the peer."""
    rows = ["| what | beside | ratio |", "|---|---|---|"]
    for record in records("speed").values():
        if "exponent" in record or not record["what"].startswith(kinds):
            continue
        for peer, ratio in record["ratios"].items():
            rows.append(line([record["what"], peer, f"{ratio:.2f}"]))
    return "\n".join(rows)


def steps() -> str:
    """Speed of whole training steps and of generation."""
    return speed(("training step", "a training step", "generation", "attention layer"))


def line(cells: Iterable[str]) -> str:
    """One line of a table."""
    return "| " + " | ".join(cells) + " |"


def growth() -> str:
    """Exponents of time against length."""
    rows = ["| what | exponent |", "|---|---|"]
    for record in records("speed").values():
        if "exponent" in record:
            rows.append(line([record["what"], f"{record['exponent']:.2f}"]))
    return "\n".join(rows)


def variants() -> str:
    """Quality of the attention variants on each plugin's default task, side by side."""
    found: dict[str, dict[str, str]] = {}
    metrics: dict[str, str] = {}
    for row in recorded().values():
        record = row.record
        plain = re.fullmatch(r"attnframe train plugin=(\w+) attention=(\w+)", record["command"])
        if plain:
            plugin, name = plain.groups()
            parameters = record["runs"][0]["parameters"]
            found.setdefault(name, {})[plugin] = f"{figure(record)} ({parameters:,})"
            metrics[plugin] = record["metric"]
    plugins = sorted(metrics)
    head = ["attention", *(f"`plugin={plugin}` {metrics[plugin]} (parameters)" for plugin in plugins)]
    rows = [line(head), "|" + "---|" * len(head)]
    for name in sorted(found):
        rows.append(line([f"`{name}`", *(found[name].get(plugin, "") for plugin in plugins)]))
    return "\n".join(rows)


def benches() -> str:
    """Every record of `attnframe bench`: how each variant does at each size."""
    parts = []
    for record in records("bench").values():
        sizes = record["settings"]["sizes"]
        head = ["attention", *sizes, "time grows with", f"beside the fastest peer at {sizes[-1]}"]
        rows = [line(head), "|" + "---|" * len(head)]
        for name in dict.fromkeys(row["attention"] for row in record["rows"]):
            own = {row["size"]: row for row in record["rows"] if row["attention"] == name}
            grows = record["growth"].get(name)
            last = own.get(sizes[-1], {"fastest_peer": None})
            cells = [
                f"`{name}`",
                *(one_bench(own[size]) if size in own else "" for size in sizes),
                f"n^{grows['time']:.2f}" if grows else "",
                f"{last['ratio']:.2f} ({last['fastest_peer']})" if last["fastest_peer"] else "",
            ]
            rows.append(line(cells))
        parts += [f"`{record['command']}`: {record['what']}; {record['hardware']}, {record['date']}.", "\n".join(rows)]
    return "\n\n".join(parts) or "None yet."


def one_bench(row: dict[str, Any]) -> str:
    """One size of one variant: tokens a second and the cache, or full fused attention's time over ours, or why not."""
    if row["status"] != "ok":
        return str(row["reason"]).removeprefix(f"attention={row['attention']} ").partition(". ")[0]
    ours = row["contenders"][0]
    if "per_second" in ours:
        return f"{ours['per_second']:,.0f} tokens/s, {ours['cache_bytes'] / 1024:,.0f} KiB"
    beside = row["reference_ratio"]
    return f"{ours['milliseconds']:.3g} ms" if beside is None else f"{beside:.2f}"


def suites() -> str:
    """Every recorded suite: scores on patterns, then each cell with all its variants."""
    parts = []
    for name, record in records("suite").items():
        header, scores = pattern_rows(record)
        overview = [line(OVERVIEW), "|" + "---|" * len(OVERVIEW), *map(line, overview_rows(record))]
        parts += [f"### suite={name}", introduction(record), f"{tally(record)} {MEANING}", "\n".join(overview)]
        if scores:
            parts += [SCORE, "\n".join([line(header), "|" + "---|" * len(header), *map(line, scores)])]
        for cell in record["cells"]:
            rows = [line(HEAD), "|" + "---|" * len(HEAD), *map(line, cell_rows(cell))]
            parts += [f"**{heading(cell)}.**", "\n".join(rows)]
    return "\n\n".join(parts) or "None yet."


def explaining() -> str:
    """What an explanation takes in each task, and how many random orders its maps beat."""
    record = json.loads((RESULTS / "explaining.json").read_text(encoding="utf-8"))
    rows = [
        "| task | seconds | page | random orders beaten: rollout | weighed with gradients |",
        "|---|---|---|---|---|",
    ]
    for task, row in record["tasks"].items():
        beaten = [", ".join(f"{one[name]:.0%}" for one in row["beaten"]) for name in row["beaten"][0]]
        rows.append(line([f"`{task}`", f"{row['seconds']:.1f}", f"{row['bytes'] / 1024:,.0f} KiB", *beaten]))
    return "\n".join([*rows, "", f"`{record['command']}`; {record['hardware']}, {record['date']}."])


PAGES = {
    "README.md": {"quality": highlights, "speed": steps},
    "docs/results.md": {"quality": quality, "protocols": protocols, "speed": speed, "growth": growth},
    "docs/choosing.md": {"variants": variants, "benches": benches},
    "docs/baselines.md": {"suites": suites},
    "docs/looking.md": {"explaining": explaining},
    **{
        str(page.relative_to(ROOT)): {"baselines": partial(of_plugin, page.parent.name.removeprefix("attnframe_"))}
        for page in sorted(ROOT.glob("plugins/attnframe_*/README.md"))
    },
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, tables in PAGES.items():
        page = ROOT / name
        before = text = page.read_text(encoding="utf-8")
        for kind, table in tables.items():
            marked = rf"(<!-- table: {kind} -->\n).*?(<!-- end -->)"
            text = re.sub(
                marked, lambda found, table=table: found[1] + table() + "\n" + found[2], text, flags=re.DOTALL
            )
        if text != before:
            stale.append(name)
            if not check:
                page.write_text(text, encoding="utf-8")
    if check and stale:
        sys.exit(f"{' and '.join(stale)} are not what the records say: run python benchmarks/tables.py")


if __name__ == "__main__":
    main()
