"""Writing on from a prompt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_nlp.language_model import LanguageModel
from attnframe_nlp.recipes.predict import GenerateText

from attnframe.errors import ConfigurationError, DataError

Make = Callable[..., LanguageModel]


def one(model: LanguageModel, prompt: str, **fields: Any) -> dict[str, Any]:
    options = GenerateText(**{"max_new_tokens": 12, **fields})
    torch.manual_seed(0)
    with torch.no_grad():
        (record,) = model.predict(model.read_inputs(prompt, options), options)
    return record


def test_a_record_is_plain_and_names_its_input_first(language_model: Make) -> None:
    record = one(language_model(), "abc", max_new_tokens=9)
    assert list(record) == ["input", "prompt", "continuation", "log_probability"]
    assert record["input"] == record["prompt"] == "abc"
    assert len(record["continuation"]) == 9
    assert type(record["log_probability"]) is float


def test_the_log_probability_is_that_of_the_continuation(language_model: Make) -> None:
    model = language_model(context=64)
    record = one(model, "abc", max_new_tokens=12, temperature=1.5, top_k=6)
    tokens = torch.tensor([["\n abcdefgh".index(c) for c in record["prompt"] + record["continuation"]]])
    with torch.no_grad():
        logs = model({"tokens": tokens[:, :-1]}).log_softmax(dim=-1)
    chosen = logs.gather(2, tokens[:, 1:, None])[0, 2:, 0]
    assert record["log_probability"] == pytest.approx(chosen.sum().item(), rel=1e-4)


def test_temperature_zero_top_k_one_and_a_small_top_p_are_greedy(language_model: Make) -> None:
    model = language_model()
    greedy = one(model, "ab", temperature=0.0)["continuation"]
    assert one(model, "ab", top_k=1)["continuation"] == greedy
    assert one(model, "ab", top_p=1e-6)["continuation"] == greedy
    assert one(model, "ab", temperature=2.0)["continuation"] != greedy


def test_a_prompt_is_continued_the_same_whatever_stands_beside_it(language_model: Make, tmp_path: Path) -> None:
    model, options = language_model(), GenerateText(max_new_tokens=20)
    for name, prompt in {"a.txt": "abc", "b.txt": "hgf"}.items():
        (tmp_path / name).write_text(prompt)
    torch.manual_seed(0)
    both = list(model.predict(model.read_inputs(str(tmp_path), options), options))
    assert [record["input"] for record in both] == [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    assert both[1]["continuation"] == one(model, "hgf", max_new_tokens=20)["continuation"]


def test_a_prompt_longer_than_the_context_is_continued(language_model: Make) -> None:
    record = one(language_model(), "abcdefgh" * 5, max_new_tokens=30)
    assert record["prompt"] == "abcdefgh" * 5
    assert len(record["continuation"]) == 30


def test_unknown_characters_are_named(language_model: Make) -> None:
    with pytest.raises(DataError) as error:
        one(language_model(), "abc xyz")
    assert str(error.value) == (
        "input 'abc xyz' must use only the 10 characters of the vocabulary. Got 'x' 'y' 'z'. "
        "Leave them out, or say what stands for them, e.g. predict.replace_unknown=' '."
    )


def test_unknown_characters_are_replaced_when_asked(language_model: Make) -> None:
    assert one(language_model(), "abxcy", replace_unknown="h")["prompt"] == "abhch"
    assert one(language_model(), "abxcy", replace_unknown="")["prompt"] == "abc"
    with pytest.raises(DataError, match=r"predict\.replace_unknown must use only the 10 characters"):
        one(language_model(), "abxcy", replace_unknown="?")


def test_prompts_without_text(language_model: Make, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(DataError, match="must hold at least one character"):
        one(language_model(), str(empty))
    with pytest.raises(DataError, match="must hold a character of the vocabulary"):
        one(language_model(), "xyz", replace_unknown="")


def test_files_that_are_not_text_are_told(language_model: Make, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff")
    (tmp_path / "b.txt").write_bytes(b"\xfe")
    with pytest.raises(DataError) as error:
        one(language_model(), str(tmp_path))
    assert len(error.value.faults) == 2


def test_a_text_too_long_for_a_file_name_is_a_text(language_model: Make) -> None:
    assert one(language_model(), "abcdefgh" * 1000, max_new_tokens=1)["continuation"]


@pytest.mark.parametrize(
    ("fields", "must"),
    [
        ({"temperature": -1.0}, "predict.temperature (GenerateText) must be a number at least 0. Got -1.0."),
        ({"top_k": 0}, "predict.top_k (GenerateText) must be an integer at least 1 or null. Got 0."),
        ({"top_p": 0.0}, "predict.top_p (GenerateText) must be a number above 0 from 0 to 1 or null. Got 0.0."),
        ({"max_new_tokens": 0}, "predict.max_new_tokens (GenerateText) must be an integer at least 1. Got 0."),
    ],
)
def test_options_out_of_range(fields: dict[str, Any], must: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        GenerateText(**fields)
    assert str(error.value) == must
