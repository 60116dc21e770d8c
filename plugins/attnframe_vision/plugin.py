"""The declaration of the vision plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_vision.image_classification import ImageClassification
from attnframe_vision.object_detection import ObjectDetection


class VisionPlugin(Plugin):
    """Pictures: classification and detection by patches or convolutions before the shared encoder."""

    name: ClassVar[str] = "vision"
    api_version: ClassVar[int] = 1
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType(
        {task.name: task for task in (ImageClassification(), ObjectDetection())}
    )


plugin = VisionPlugin()
