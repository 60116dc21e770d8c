"""Writes the tables of README.md and docs/choosing.md from the records in benchmarks/results/.

python benchmarks/tables.py            rewrites what stands between the markers
python benchmarks/tables.py --check    exits 1 when a table is not what the records say
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"


def records(prefix: str) -> dict[str, dict[str, Any]]:
    """Every record of one kind, by case."""
    found = sorted(RESULTS.glob(f"{prefix}-*.json"))
    return {path.stem.removeprefix(f"{prefix}-"): json.loads(path.read_text(encoding="utf-8")) for path in found}


def figure(record: dict[str, Any]) -> str:
    """Mean, and deviation over seeds where there are several."""
    deviation = record["deviation"]
    return f"{record['mean']:.4f}" + ("" if deviation is None else f" ± {deviation:.4f}")


def floor(record: dict[str, Any]) -> str:
    """The simple method's number and name."""
    simple = record["runs"][0]["floor"] or {}
    value = simple.get(record["metric"])
    return "" if value is None else f"{value:.4f} ({simple['name']})"


def quality() -> str:
    """Quality of every recorded case beside floor and published number."""
    head = ["command", "metric", "result", "floor", "published", "parameters", "fit and test"]
    rows = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for record in records("quality").values():
        first = record["runs"][0]
        cells = [
            f"`{record['command']}`",
            record["metric"],
            figure(record),
            floor(record),
            record["published"],
            f"{first['parameters']:,}",
            f"{sum(one['seconds'] for one in record['runs']) / len(record['runs']):.0f} s",
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def speed() -> str:
    """Speed beside peers: median paired ratios, above 1 is faster than the peer."""
    rows = ["| what | beside | ratio |", "|---|---|---|"]
    for record in records("speed").values():
        if "exponent" in record:
            continue
        for peer, ratio in record["ratios"].items():
            rows.append(f"| {record['what']} | {peer} | {ratio:.2f} |")
    return "\n".join(rows)


def growth() -> str:
    """Exponents of time against length."""
    rows = ["| what | exponent |", "|---|---|"]
    for record in records("speed").values():
        if "exponent" in record:
            rows.append(f"| {record['what']} | {record['exponent']:.2f} |")
    return "\n".join(rows)


def variants() -> str:
    """Quality of the attention variants on each plugin's default task, side by side."""
    found: dict[str, dict[str, str]] = {}
    metrics: dict[str, str] = {}
    for record in records("quality").values():
        plain = re.fullmatch(r"attnframe train plugin=(\w+) attention=(\w+)", record["command"])
        if plain:
            plugin, name = plain.groups()
            parameters = record["runs"][0]["parameters"]
            found.setdefault(name, {})[plugin] = f"{figure(record)} ({parameters:,})"
            metrics[plugin] = record["metric"]
    plugins = sorted(metrics)
    head = ["attention", *(f"`plugin={plugin}` {metrics[plugin]} (parameters)" for plugin in plugins)]
    rows = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name in sorted(found):
        rows.append("| " + " | ".join([f"`{name}`", *(found[name].get(plugin, "") for plugin in plugins)]) + " |")
    return "\n".join(rows)


def benches() -> str:
    """Every record of `attnframe bench`: how each variant does at each size."""
    parts = []
    for record in records("bench").values():
        sizes = record["settings"]["sizes"]
        head = ["attention", *sizes, "time grows with", f"beside the fastest peer at {sizes[-1]}"]
        rows = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
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
            rows.append("| " + " | ".join(cells) + " |")
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


PAGES = {
    "README.md": {"quality": quality, "speed": speed, "growth": growth},
    "docs/choosing.md": {"variants": variants, "benches": benches},
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
