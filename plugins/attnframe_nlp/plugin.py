"""The declaration of the natural language plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_nlp.language_modeling import LanguageModeling
from attnframe_nlp.sequence_tagging import SequenceTagging
from attnframe_nlp.text_classification import TextClassification
from attnframe_nlp.translation import Translation


class NlpPlugin(Plugin):
    """Text: language modelling by the shared decoder, labels of texts and tokens by the shared encoder."""

    name: ClassVar[str] = "nlp"
    api_version: ClassVar[int] = 1
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType(
        {task.name: task for task in (LanguageModeling(), TextClassification(), SequenceTagging(), Translation())}
    )


plugin = NlpPlugin()
