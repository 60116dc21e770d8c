"""What some code imports, found in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = ("torch", "pytorch_lightning", "torchmetrics", "numpy", "pandas")


def imports_heavy(code: str) -> list[str]:
    """The packages of `HEAVY` that code imports, directly or not.

    Args:
        code: Python, run with this process's ``sys.path``.

    Raises:
        AssertionError: with its error, when the code fails.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    shown = f"\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code + shown], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1].split()
