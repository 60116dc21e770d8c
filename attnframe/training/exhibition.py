"""What a report draws of a test pass, gathered without any risk to it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plan import RunPlan
from attnframe.plugin.data import DataModule
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import TaskModule
from attnframe.runs.atomic import write_text
from attnframe.runs.folder import RunFolder
from attnframe.training.attention_panels import attention_panels
from attnframe.training.batches import Splits, to_device
from attnframe.training.scoring import device_of

log = logging.getLogger("attnframe")


class Exhibition:
    """Shows a test pass to a module's exhibits. One that raises is closed: its trace goes to the log and a remark into
    the report; pass and run go on.

    Args:
        module: the module that is tested.
    """

    def __init__(self, module: TaskModule) -> None:
        self.module = module
        self._exhibits: list[Exhibit] = []
        self._closed: list[Panel] = []
        try:
            self._exhibits = module.exhibits()
        except Exception as error:  # whatever it is: a report is worth no run
            self._closed.append(_remark(type(module).__name__, error))

    def look(self, batch: Any, outputs: Tensor) -> None:
        """Show one batch with its outputs."""
        for exhibit in tuple(self._exhibits):
            try:
                exhibit.update(batch, outputs)
            except Exception as error:
                self._exhibits.remove(exhibit)
                self._closed.append(_remark(type(exhibit).__name__, error))

    @torch.no_grad()
    def panels(self) -> list[Panel]:
        """What there is to draw, and what went wrong."""
        found = [panel for exhibit in self._exhibits for panel in _guarded(exhibit.panels, type(exhibit).__name__)]
        return found + self._closed

    def write(self, plan: RunPlan, folder: RunFolder, data: DataModule) -> None:
        """Write ``panels.json``: the name of the main metric, and the panels of test examples and of attention.

        Args:
            plan, folder: of the run. data: its data.
        """

        def attention() -> list[Panel]:
            first = Splits.of(data, plan).test.batch(torch.arange(1))
            return attention_panels(self.module, to_device(first, device_of(plan.trainer)))

        try:
            shown = {"examples": self.panels(), "attention": _guarded(attention, "attention")}
            plain = {part: [panel.plain() for panel in panels] for part, panels in shown.items()}
            text = json.dumps({"metric": plan.task.monitor.metric, **plain}, ensure_ascii=False, allow_nan=False)
            write_text(folder.panels, text + "\n")
        except Exception as error:
            log.warning("The report will show no examples: %s: %s", type(error).__name__, error, exc_info=True)


def _guarded(work: Callable[[], list[Panel]], name: str) -> list[Panel]:
    try:
        return work()
    except Exception as error:
        return [_remark(name, error)]


def _remark(name: str, error: Exception) -> Panel:
    log.debug("%s shows nothing", name, exc_info=error)
    return Panel("remark", {"text": f"{name} shows nothing: {type(error).__name__}: {error}"})
