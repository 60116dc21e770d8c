"""The package is what a stranger's package is: of attnframe it imports what is promised."""

import ast
from pathlib import Path

import attnframe_control
import pytest

import attnframe

FOLDERS = (Path(attnframe_control.__file__).parent, Path(__file__).parent)
FILES = [file for folder in FOLDERS for file in sorted(folder.rglob("*.py"))]


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.name}" for file in FILES])
def test_only_public_modules_of_attnframe_are_imported(file):
    named = {name for name in imported(file) if name.split(".")[0] == "attnframe"}
    assert named <= {*attnframe.PUBLIC_MODULES}
