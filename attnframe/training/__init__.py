"""Training: the one LightningModule, its optimisers and schedules, checkpoints and the run around them."""

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def _without_collecting() -> Iterator[None]:
    """The garbage collector off, and what is made meanwhile kept out of later collections.

    An import makes objects that stay; looking through them again and again takes a quarter of the time that torch,
    torchmetrics and Lightning need to be imported.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _without_signal_processing() -> Iterator[None]:
    """A placeholder for ``scipy.signal``, which torchmetrics imports only to lend it a name that it once had.

    The name is for an audio metric that nothing here uses; the import takes a fifth of the time to the first step.
    Whoever imports ``scipy.signal`` later gets the real one.
    """
    name = "scipy.signal"
    if name in sys.modules:
        yield
        return
    placeholder = ModuleType(name)
    vars(placeholder)["hamming"] = None
    sys.modules[name] = placeholder
    try:
        yield
    finally:
        del sys.modules[name]


with _without_collecting(), _without_signal_processing():
    importlib.import_module("torchmetrics")  # which imports torch; every module of this package needs both
