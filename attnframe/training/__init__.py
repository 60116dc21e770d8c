"""Training: the one LightningModule, its optimisers and schedules, checkpoints and the run around them."""

import gc
import importlib


def _import_without_collecting(module: str) -> None:
    """Import a large module with the garbage collector off, and keep what it made out of later collections.

    An import makes objects that stay; looking through them again and again takes a quarter of the time that torch,
    torchmetrics and Lightning need to be imported.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module(module)
        gc.freeze()
    finally:
        if was_on:
            gc.enable()


_import_without_collecting("torchmetrics")  # which imports torch; every module of this package needs both
