from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path

import pytest
import torch

import attnframe
from attnframe.runs.environment import commit, describe_environment


def test_it_says_what_a_run_was_made_with() -> None:
    found = describe_environment(device="cpu", threads=2, seed=5, data_hash="ab12", plugin="vision")
    assert found["attnframe"] == attnframe.__version__
    assert found["python"] == platform.python_version()
    assert found["packages"]["torch"] in torch.__version__
    assert (found["device"], found["threads"], found["data_hash"]) == ("cpu", 2, "ab12")
    assert found["hardware"].endswith(f"{os.cpu_count()} cores")
    assert datetime.datetime.fromisoformat(found["started"]).tzinfo is not None
    assert found["seeds"] == {"run": 5, "split": 0}
    assert json.loads(json.dumps(found)) == found


def test_changed_files_are_marked_but_not_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", "-C", str(tmp_path), *who, *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    record, code = (
        tmp_path / "plugins" / "mine" / place for place in ("conf/baseline/records/one.json", "conf/baseline/one.yaml")
    )
    record.parent.mkdir(parents=True)
    for file in (record, code):
        file.write_text("first", encoding="utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    monkeypatch.setattr(attnframe, "__file__", str(tmp_path / "attnframe" / "__init__.py"))
    (tmp_path / "attnframe").mkdir()
    head = git("rev-parse", "HEAD")
    record.write_text("second", encoding="utf-8")
    assert commit() == head
    code.write_text("second", encoding="utf-8")
    assert commit() == f"{head}+changes"
