"""The declaration: what there is and what configures it. Torch is imported inside `build`, so that listing is quick."""

from pathlib import Path
from typing import Annotated, Any, ClassVar

from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.capabilities import Needs


@frozen
class Words(DataRecipe):
    """A table with the columns text and label.

    Args:
        max_length: letters that are kept of a text.
    """

    name: ClassVar[str] = "control_words"
    summary: ClassVar[str] = "words of three languages, embedded; data.path=FILE.csv for your own (text, label)"
    max_length: Annotated[int, AtLeast(1)] = 16

    def nominal_facts(self) -> Facts:
        return {"classes": ["first", "second"], "letters": "abc", "max_length": self.max_length}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.offline_policy.data import WordData

        return WordData(self)


class OfflinePolicy(Task):
    name = "offline_policy"
    summary = "one label for a short text"
    monitor = Monitor("accuracy", "max")
    datasets: ClassVar = {Words.name: Words}

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True, masks=frozenset({"padding"}))

    def build(self, parts: Parts, facts: Facts) -> Any:
        from attnframe_control.offline_policy.module import WordClassifier

        return WordClassifier(parts, facts)
