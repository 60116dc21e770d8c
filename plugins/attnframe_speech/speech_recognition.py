"""The task `speech_recognition`: the words of a recording. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe_speech.recipes.an4_mfcc import An4Mfcc
from attnframe_speech.recipes.audio_manifest import AudioManifest
from attnframe_speech.recipes.digit_strings import DigitStrings
from attnframe_speech.recipes.fsdd import FsddStrings
from attnframe_speech.recipes.librispeech import LibriSpeech
from attnframe_speech.recipes.predict import SpeechPredict
from attnframe_speech.recipes.recogniser_models import RecogniserConformer, RecogniserModel, RecogniserTransformer

if TYPE_CHECKING:
    from attnframe_speech.recogniser import Recogniser


class SpeechRecognition(Task):
    """The words of a recording (Speech-Transformer, Dong et al. 2018; Conformer, Gulati et al. 2020)."""

    name: ClassVar[str] = "speech_recognition"
    summary: ClassVar[str] = "the words of a recording (Speech-Transformer 2018, Conformer 2020)"
    monitor: ClassVar[Monitor] = Monitor("cer", "min")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (RecogniserTransformer, RecogniserConformer)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (DigitStrings, FsddStrings, An4Mfcc, LibriSpeech, AudioManifest)}
    )
    predict: ClassVar[type[PredictRecipe]] = SpeechPredict

    def needs(self, model: ModelRecipe) -> Needs:
        writes = isinstance(model, RecogniserModel) and model.decoder > 0
        return Needs(noncausal=True, causal=writes, cross=writes, masks=frozenset({"padding"}))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        return ()

    def build(self, parts: Parts, facts: Facts) -> Recogniser:
        from attnframe_speech.recogniser import Recogniser

        return Recogniser(parts, facts)
