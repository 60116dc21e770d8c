"""What README.md says is what was recorded."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_tables_are_what_the_records_say():
    assert subprocess.run([sys.executable, str(ROOT / "tables.py"), "--check"], check=False).returncode == 0
