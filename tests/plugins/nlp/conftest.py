"""Small data and models for the tests of the nlp plugin."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_nlp.data.module import TextModule
from attnframe_nlp.language_model import LanguageModel
from attnframe_nlp.language_modeling import LanguageModeling
from attnframe_nlp.recipes.text_file import TextFile

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

TEXT = "".join(f"{number} green bottles hanging on the wall.\n" for number in range(120))


@pytest.fixture
def text_path(tmp_path: Path) -> Path:
    """A text of 120 lines, 40 different characters or so."""
    path = tmp_path / "bottles.txt"
    path.write_text(TEXT)
    return path


@pytest.fixture
def text_module(text_path: Path, tmp_path: Path) -> Callable[..., TextModule]:
    """The data module of that text, not set up; ``field=value`` changes a field of its recipe."""

    def make(path: Path = text_path, **fields: Any) -> TextModule:
        recipe = TextFile(path=str(path), **{"context": 16, "batch_size": 4, **fields})
        return recipe.build(data_dir=tmp_path, cache_dir=tmp_path / "cache", seed=0)

    return make


@pytest.fixture
def language_model() -> Callable[..., LanguageModel]:
    """A small model with random weights, in evaluation mode; ``field=value`` changes a field of its recipe."""

    def make(
        attention: str = "mha",
        position: str = "rope",
        context: int = 16,
        model: str = "transformer",
        **fields: Any,
    ) -> LanguageModel:
        torch.manual_seed(0)
        variant = attention_variants()[attention]
        parts = Parts(
            variant.example() if attention != "window" else variant(window=5),
            position_schemes()[position](),
            LanguageModeling.models[model](**{"dim": 32, "depth": 2, **fields}),
        )
        module = LanguageModel(
            parts,
            {
                "tokenizer": {"name": "character", "vocabulary": "\n abcdefgh"},
                "vocabulary_size": 10,
                "context": context,
            },
        )
        # Weights that differ enough from zero for a sampled text to depend on what came before.
        with torch.no_grad():
            for parameter in module.parameters():
                if parameter.dim() > 1:
                    parameter.normal_(std=0.3)
        return module.eval()

    return make


@pytest.fixture
def parallel_folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes files of sentences into a folder and gives it; ``train_de=[...]`` is the file ``train.de``."""

    def make(**files: list[str] | bytes) -> Path:
        folder = tmp_path / "sentences"
        folder.mkdir(exist_ok=True)
        for name, lines in files.items():
            content = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode()
            (folder / name.replace("_", ".")).write_bytes(content)
        return folder

    return make
