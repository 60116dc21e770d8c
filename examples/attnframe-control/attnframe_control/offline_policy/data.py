"""The data: a table of texts and labels, cut into train, val and test. Token 0 is padding, 1 an unknown letter."""

import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.labels import Labels
from attnframe.plugin.padded_split import PaddedSplit
from attnframe.plugin.tables import read_table
from attnframe_control.offline_policy.task import Words


def encode(text: str, facts: Facts) -> Tensor:
    return torch.tensor([facts["letters"].find(letter) + 2 for letter in text[: facts["max_length"]]])


class WordData(DataModule):
    def __init__(self, recipe: Words) -> None:
        self.recipe = recipe

    def setup(self) -> None:
        path = self.recipe.path or Path(__file__).parent / "words.csv"
        texts, names = zip(*read_table(path, ("text", "label"), least=10), strict=True)
        self.labels = Labels(names, self.recipe.split, known=(self.known_facts or {}).get("classes"))
        found = {"classes": self.labels.classes, "letters": "".join(sorted(set("".join(texts))))}
        self.facts = self.known_facts or {**found, "max_length": self.recipe.max_length}
        tokens, labels = [encode(text, self.facts) for text in texts], torch.tensor(self.labels.indices)
        whole = PaddedSplit({"tokens": tokens}, {"labels": labels})
        self.train, self.val, self.test = map(whole.part, self.labels.parts)
        self.digest = hashlib.sha256(repr((texts, names)).encode()).hexdigest()

    def floor(self) -> dict[str, Any]:
        return self.labels.floor()
