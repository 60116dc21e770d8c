"""Keeps what a suite came to: FOLDER/record.json becomes benchmarks/results/suite-NAME.json.

    attnframe baselines suite=cpu output=runs/cpu
    python benchmarks/suites.py runs/cpu
    python benchmarks/tables.py

The scores of single classes are left out. A record of changed files, or of several commits, is refused.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from records import RESULTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--several-commits", action="store_true", help="take runs of several commits")
    given = parser.parse_args()
    record = json.loads((given.folder / "record.json").read_text(encoding="utf-8"))
    commits = record["commits"]
    if any(commit.endswith("+changes") or commit == "None" for commit in commits):
        parser.error(f"runs of files that are in no commit: {', '.join(commits)}")
    if len(commits) > 1 and not given.several_commits:
        parser.error(f"runs of several commits, which --several-commits takes: {', '.join(commits)}")
    for cell in record["cells"]:
        for row in cell["rows"]:
            del row["classes"]
    target = RESULTS / f"suite-{record['suite']}.json"
    target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{record['ended']} of {record['runs']} runs in {target}")


if __name__ == "__main__":
    main()
