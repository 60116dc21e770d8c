"""The declaration of the speech plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_speech.keyword_spotting import KeywordSpotting
from attnframe_speech.speech_recognition import SpeechRecognition


class SpeechPlugin(Plugin):
    """Recordings: attention over frames of their spectrogram."""

    name: ClassVar[str] = "speech"
    api_version: ClassVar[int] = 1
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType(
        {task.name: task for task in (KeywordSpotting(), SpeechRecognition())}
    )


plugin = SpeechPlugin()
