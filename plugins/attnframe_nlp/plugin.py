"""The declaration of the natural language plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_nlp.language_modeling import LanguageModeling


class NlpPlugin(Plugin):
    """Text: language modelling by the shared decoder."""

    name: ClassVar[str] = "nlp"
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType({LanguageModeling.name: LanguageModeling()})


plugin = NlpPlugin()
