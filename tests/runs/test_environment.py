from __future__ import annotations

import datetime
import json
import os
import platform

import torch

import attnframe
from attnframe.runs.environment import describe_environment


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
