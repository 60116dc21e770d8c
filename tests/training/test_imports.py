"""The import of the training package: what it leaves out, a later import finds."""

import subprocess
import sys

CODE = """
import sys
import attnframe.training
print("scipy.signal" in sys.modules)
import scipy.signal
print(scipy.signal.convolve([1, 2], [3]))
import gc
print(gc.isenabled())
"""


def test_signal_processing_is_imported_only_by_those_who_ask() -> None:
    told = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True).stdout
    assert told.split("\n") == ["False", "[3 6]", "True", ""]
