"""The task `keyword_spotting`: one label for a recording. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe_speech.recipes.audio_folder import AudioFolder
from attnframe_speech.recipes.fsdd import Fsdd
from attnframe_speech.recipes.keyword_models import KeywordConformer, KeywordTransformer
from attnframe_speech.recipes.predict import SpeechPredict
from attnframe_speech.recipes.speech_commands import SpeechCommands
from attnframe_speech.recipes.spoken_digits import SpokenDigits

if TYPE_CHECKING:
    from attnframe_speech.keyword_spotter import KeywordSpotter


class KeywordSpotting(Task):
    """One label for a recording (Keyword Transformer, Berg et al. 2021, https://arxiv.org/abs/2104.00769)."""

    name: ClassVar[str] = "keyword_spotting"
    summary: ClassVar[str] = "one label for a recording (Keyword Transformer 2021)"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (KeywordTransformer, KeywordConformer)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (SpokenDigits, Fsdd, SpeechCommands, AudioFolder)}
    )
    predict: ClassVar[type[PredictRecipe]] = SpeechPredict

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True, masks=frozenset({"padding"}))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        return ()

    def build(self, parts: Parts, facts: Facts) -> KeywordSpotter:
        from attnframe_speech.keyword_spotter import KeywordSpotter

        return KeywordSpotter(parts, facts)
