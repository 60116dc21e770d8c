"""Files speak of the project only, and are written out in full."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]


PACKAGES = ("attnframe", "plugins", "hydra_plugins")
FOLDERS = (*PACKAGES, "conf", "tests", "benchmarks", "docs")


def files(folders: tuple[str, ...], *endings: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.suffix in endings]


def test_no_unfinished_marks() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in [*files(FOLDERS, ".py", ".yaml"), ROOT / "pyproject.toml"]
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    empty = [
        str(path.relative_to(ROOT))
        for path in files(PACKAGES, ".py")
        if not path.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert empty == []
