"""Every command that a page shows is executed. Where README, the quickstart and the page on looking into attention
train, two steps of one small block stand for the budget, and a sweep keeps two points. Other trainings, presets and
public data are composed and checked (conformance tests train, evaluate and predict with every plugin). Downloads are
looked up; what makes the environment is run by .ci/run.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from attnframe.cli.main import main
from attnframe.cli.predict import read_options
from attnframe.config.check import check
from attnframe.plugin.discovery import load_plugin
from attnframe.plugin.index import index
from attnframe.recipe import hints

ROOT = Path(__file__).parents[2]
OF_PLUGINS = sorted((ROOT / "plugins").glob("*/README.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), *OF_PLUGINS]
TRAINED = {"README.md", "quickstart.md", "looking.md"}
"""Pages whose trainings on embedded or own data run."""
IN_OTHER_TESTS = {"write-a-plugin.md", "write-a-variant.md"}
"""Pages whose steps are a test of their own."""
IN_CI = {"make train", "make test", "make lint", ".ci/run", "pip install", "python -m pytest", "python -m mkdocs"}
"""What .ci/run does itself, directly or by make."""
PROGRAMS = re.compile(r"^(?:attnframe|make|pip|python|\.ci/run) ?.*")
BUDGET = ["trainer.max_steps=2", "trainer.limit_batches=1", "trainer.progress=false", "floor=false"]
SMALL = ["model.depth=1", "data.batch_size=8"]
QUICK = {
    "bench": ["lengths=16", "seconds=0.01", "memory=false", "peers=false"],
    "explain": ["explain.steps=2", "explain.orders=2"],
}


def shown(page: Path) -> Iterator[str]:
    """The commands in the fenced blocks of a page."""
    for block in re.findall(r"^```(?:sh)?\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        yield from (line for line in block.splitlines() if PROGRAMS.match(line))


def with_overrides(arguments: list[str], overrides: list[str]) -> list[str]:
    """Arguments with overrides in place of those of the same keys."""
    keys = {one.partition("=")[0] for one in overrides}
    return [*(one for one in arguments if one.partition("=")[0] not in keys), *overrides]


def fewer(argument: str) -> str:
    """One seed and two values of what a sweep lists."""
    key, _, values = argument.partition("=")
    return argument if "[" in values else f"{key}={','.join(values.split(',')[: 1 if key == 'seed' else 2])}"


def is_embedded(arguments: list[str]) -> bool:
    """Whether a training needs neither a public set nor the hours of a preset."""
    chosen = dict(one.split("=", 1) for one in arguments if "=" in one)
    option = index().options.get(("data", chosen.get("data", "")))
    return "experiment" not in chosen and (option is None or "data.path" in chosen or "no network" in option.summary)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of what a reader of the pages has: pictures, texts, and what the pages call DIR and FILE."""
    rng = np.random.default_rng(0)
    for label in ("cat", "dog"):
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for number in range(20):
            pixels = rng.integers(0, 255, (12, 12), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / label / f"{number}.png")
    shutil.copy(tmp_path / "pictures" / "cat" / "0.png", tmp_path / "picture.png")
    text = "To be, or not to be: that is the question.\n" * 400
    for name in ("book.txt", "novel.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    rows = "".join(f"text {number} of {label},{label}\n" for number in range(30) for label in ("good", "bad"))
    (tmp_path / "reviews.csv").write_text(f"text,label\n{rows}", encoding="utf-8")
    for name in ("DIR", "FILES"):
        (tmp_path / name).mkdir()
    for name in ("FILE", "molecules.csv", "events.csv"):
        (tmp_path / name).touch()
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def on_placeholder(arguments: list[str]) -> list[str]:
    """Arguments with a run of the reader's for RUN, of text where text is put in."""
    plugin = "nlp" if any(one.startswith("input=To be") for one in arguments) else "vision"
    folder = f"runs/placeholder-{plugin}"
    if not Path(folder).exists():
        assert main(["train", f"plugin={plugin}", f"hydra.run.dir={folder}", *BUDGET, *SMALL]) == 0
    return [re.sub(r"=(?:runs/[\w-]+/)?RUN", f"={folder}", one) for one in arguments]


def execute(command: str, arguments: list[str], trains: bool) -> int:
    """The exit code of a command with a small budget; what does not train is composed."""
    if any("RUN" in one for one in arguments):
        arguments = on_placeholder(arguments)
    if command == "train" and not any(one.startswith(("resume=", "--")) for one in arguments):
        if not (trains and is_embedded(arguments)):
            check([one for one in arguments if one != "-m"], sweep="-m" in arguments)
            return 0
        arguments = with_overrides(arguments, [*BUDGET, *SMALL])
        arguments = (
            [fewer(one) if one.partition("=")[2] else one for one in arguments] if "-m" in arguments else arguments
        )
    if command == "baselines":  # the suites' hours are planned alone, and of a row that is run the record is shown
        trained = arguments[:1] in (["verify"], ["record"])
        arguments = ["list", *arguments[1:]] if trained else arguments
        arguments = arguments if arguments[:1] == ["list"] else [*arguments, "cells=digits", "plan=true"]
        arguments = [*dict.fromkeys(arguments)]
    if command in QUICK and "--help" not in arguments:
        arguments = with_overrides(arguments, QUICK[command])
    arguments = [re.sub(r"^(predict\.max_new_tokens=).*", r"\g<1>4", one) for one in arguments]
    return main([command, *arguments])


def predicts(page: Path, line: str) -> bool:
    """Whether a task of the plugin takes the settings of a prediction that its page shows."""
    overrides = [one for one in shlex.split(line, comments=True)[2:] if one.startswith("predict.")]
    options, _ = read_options(overrides)
    tasks = load_plugin(page.parent.name.removeprefix("attnframe_")).tasks.values()
    return any({*options} <= {*hints(task.predict)} for task in tasks)


@pytest.fixture(scope="module")
def done() -> set[str]:
    """The commands that ran already; several pages show the same."""
    return set()


def test_pages_show_commands() -> None:
    assert len({line for page in PAGES for line in shown(page)}) > 80


@pytest.mark.parametrize("page", [one for one in PAGES if one not in OF_PLUGINS], ids=lambda page: page.name)
def test_the_commands_of_a_page_work(
    page: Path, reader: Path, done: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for line in shown(page):
        program, *words = shlex.split(line, comments=True)
        if program != "attnframe":
            assert any(line.startswith(one) for one in IN_CI), line
        elif page.name not in IN_OTHER_TESTS and shlex.join(words) not in done:
            done |= {shlex.join(words)} if "runs/" not in line else set()
            expected = 2 if "# refused" in line else 0
            assert execute(words[0], words[1:], page.name in TRAINED) == expected, f"{line}\n{capsys.readouterr().err}"


@pytest.mark.parametrize("page", OF_PLUGINS, ids=lambda page: page.parent.name)
def test_the_commands_of_a_plugin_are_right(page: Path, reader: Path) -> None:
    for line in shown(page):
        _, command, *arguments = shlex.split(line, comments=True)
        if command == "predict":
            assert predicts(page, line), line
        elif command != "evaluate":
            assert command == "train", line
            check([one for one in arguments if one != "-m"], sweep="-m" in arguments)


def test_downloads_name_public_data() -> None:
    named = {
        name for page in PAGES for name in re.findall(r"attnframe download data=([a-z]\w+)", page.read_text("utf-8"))
    }
    assert [name for name in named if ("data", name) not in index().options] == []
    assert named


def test_ci_makes_the_environment() -> None:
    made = (ROOT / ".ci" / "run").read_text("utf-8") + (ROOT / "Makefile").read_text("utf-8")
    parts = {"make train": "\ntrain:", ".ci/run": "make test", "pip install": "pip install", "python -m ": "python -m "}
    assert [
        one for one in IN_CI if next((part for key, part in parts.items() if one.startswith(key)), one) not in made
    ] == []


def test_recorded_commands_name_what_there_is() -> None:
    rows = {
        row for page in PAGES for row in re.findall(r"^\| `attnframe train (.*?)` \|", page.read_text("utf-8"), re.M)
    }
    assert len(rows) > 40
    chosen = {
        tuple(one.split("=")) for row in rows for one in row.split() if re.match(r"(plugin|task|data|experiment)=", one)
    }
    assert [one for one in chosen if one not in index().options] == []
