"""The folder of an explanation."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from attnframe.config.check import check
from attnframe.explanation.explanation import Explanation, explain_subject
from attnframe.explanation.folder import MOST_BYTES, default_folder, folder_faults, write
from attnframe.plan import RunPlan
from attnframe.plugin.subject import Subject
from attnframe.recipes.explain import ExplainRecipe


@pytest.fixture(scope="module")
def plan() -> RunPlan:
    return check(["plugin=vision"]).plans[0]


@pytest.fixture
def explained(one_unit: Subject) -> Explanation:
    return explain_subject(one_unit, ExplainRecipe(orders=2, steps=4))


def test_page_numbers_and_pictures(explained: Explanation, plan: RunPlan, tmp_path: Path) -> None:
    folder = tmp_path / "why"
    write([explained], folder, plan, Path("best.ckpt"))
    told = json.loads((folder / "explanation.json").read_text(encoding="utf-8"))
    assert (told["task"], told["attention"]) == ("image_classification", "mha")
    assert told["explanations"][0]["answer"] == "The model says 3."
    assert told["pictures"] == sorted(path.name for path in (folder / "pictures").iterdir())
    assert "relevance-attention.svg" in told["pictures"]
    assert "deletion.svg" in told["pictures"]
    for path in (folder / "pictures").glob("*.svg"):
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
    page = (folder / "explanation.html").read_text(encoding="utf-8")
    assert "The model says 3." in page
    assert len(page) < MOST_BYTES


def test_the_page_needs_no_network(explained: Explanation, plan: RunPlan, tmp_path: Path) -> None:
    write([explained], tmp_path / "why", plan, Path("best.ckpt"))
    page = (tmp_path / "why" / "explanation.html").read_text(encoding="utf-8")
    addresses = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""", page)
    assert [address for address in addresses if not address.startswith("data:")] == []
    assert "<script" not in page
    assert "@import" not in page


def test_it_is_written_over_and_old_pictures_go(explained: Explanation, plan: RunPlan, tmp_path: Path) -> None:
    folder = tmp_path / "why"
    write([explained, explained], folder, plan, Path("best.ckpt"))
    (folder / "mine.txt").write_text("kept")
    assert (folder / "pictures" / "2-deletion.svg").exists()
    assert [*folder_faults(folder)] == []
    write([explained], folder, plan, Path("best.ckpt"))
    assert not (folder / "pictures" / "2-deletion.svg").exists()
    assert (folder / "pictures" / "deletion.svg").exists()
    assert (folder / "mine.txt").read_text() == "kept"


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    assert [*folder_faults(tmp_path / "new")] == []
    assert [*folder_faults(tmp_path)] == []  # empty
    (tmp_path / "thesis.tex").write_text("x")
    (fault,) = folder_faults(tmp_path)
    assert "must not hold anything else" in str(fault)
    for inside in (tmp_path / "thesis.tex", tmp_path / "thesis.tex" / "why"):
        (fault,) = folder_faults(inside)
        assert f"must be a folder. Got {tmp_path / 'thesis.tex'} is a file." in str(fault)


def test_single_heads_are_left_out_of_a_page_that_is_too_large(
    explained: Explanation, plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = "<p>" + "x" * (MOST_BYTES // 2) + "</p>"
    monkeypatch.setattr(
        type(explained.subject), "picture", lambda self, values, title, *, small=False: heavy if small else "<p>a</p>"
    )
    write([explained, explained], tmp_path / "why", plan, Path("best.ckpt"))
    page = (tmp_path / "why" / "explanation.html").read_text(encoding="utf-8")
    assert len(page) < MOST_BYTES
    assert page.count("Single heads") == 1


def test_the_default_folder_is_beside_the_run(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run" / "checkpoints" / "best.ckpt"
    first, second = (default_folder(checkpoint, text) for text in ("To be, or not?", "to be or not"))
    assert first.parent == tmp_path / "run" / "explanations"
    assert re.fullmatch(r"to-be-or-not-[0-9a-f]{6}", first.name)
    assert first != second
    assert default_folder(tmp_path / "best.ckpt", "x").parent == Path("explanations")
    assert default_folder(checkpoint, "?!").name.startswith("input-")
