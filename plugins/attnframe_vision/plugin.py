"""The declaration of the vision plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_vision.image_classification import ImageClassification


class VisionPlugin(Plugin):
    """Pictures: classification by patch or convolutional stems before the shared encoder."""

    name: ClassVar[str] = "vision"
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType({ImageClassification.name: ImageClassification()})


plugin = VisionPlugin()
