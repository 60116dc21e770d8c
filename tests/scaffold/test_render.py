"""A package is written as its template says, all of it or nothing."""

from pathlib import Path

import pytest

from attnframe.errors import ConfigurationError
from attnframe.scaffold import render as module
from attnframe.scaffold.render import TEMPLATES, render, replaced

WORDS = {"your_domain": "proteins", "your-domain": "proteins", "your_task": "folding"}


def test_words_are_replaced_in_names_and_texts(tmp_path: Path) -> None:
    files = render("plugin", WORDS, tmp_path / "new")
    assert Path("attnframe_proteins/conf/task/folding.yaml") in files
    texts = [(tmp_path / "new" / file).read_text(encoding="utf-8") for file in files]
    assert [word for text in texts for word in WORDS if word in text] == []
    assert replaced("your_domain your_task", WORDS) == "proteins folding"


def test_what_running_a_template_leaves_behind_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = tmp_path / "templates" / "one"
    (template / "__pycache__").mkdir(parents=True)
    (template / "__pycache__" / "a.pyc").write_bytes(b"\xff")
    (template / "a.txt").write_text("a")
    monkeypatch.setattr(module, "TEMPLATES", tmp_path / "templates")
    assert render("one", {}, tmp_path / "new") == [Path("a.txt")]


def test_nothing_is_left_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "replaced", lambda text, words: text if len(text) < 200 else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        render("plugin", WORDS, tmp_path / "new")
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="must be a folder that can be made"):
        render("plugin", WORDS, tmp_path / "file" / "new")


@pytest.mark.parametrize("template", ["plugin", "attention"])
def test_a_template_has_at_most_150_lines_of_python_with_its_tests(template: str) -> None:
    lines = [len(file.read_text(encoding="utf-8").splitlines()) for file in (TEMPLATES / template).rglob("*.py")]
    assert sum(lines) <= 150
