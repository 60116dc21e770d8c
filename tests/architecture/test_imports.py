"""The import rules of docs/decisions/0001-architecture.md, held by parsing every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "attnframe" / "scaffold" / "templates"
"""Packages of their own, which no module imports."""
PLUGINS = sorted(folder.name for folder in (ROOT / "plugins").iterdir() if folder.is_dir())

# From the bottom up; a module imports from its own layer and those below.
LAYERS = [
    ["errors", "entry_points", "pictures"],
    ["recipe", "trust"],
    ["masks", "positions"],
    ["attention"],
    ["interpretation"],
    ["recipes"],
    ["blocks"],
    ["bridges"],
    ["models"],
    ["plugin"],
    ["plan"],
    ["plan_from"],
    ["runs"],
    ["training"],
    ["evaluation"],
    ["explanation"],
    ["report"],
    ["config"],
    ["api"],
    ["baselines", "bench", "scaffold"],
    ["cli"],
    ["testing"],
    ["__main__"],
]
RANK = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}

# Their `build` methods make the modules that they describe, so they reach upwards, but only when called.
LATE_IMPORTS_ALLOWED = {"recipes", "plugin"}


@dataclass(frozen=True)
class Import:
    source: str
    target: str
    late: bool


def imports_of(path: Path, module: str) -> Iterator[Import]:
    """Every import that runs: those under `if TYPE_CHECKING` do not."""

    def visit(node: ast.AST, late: bool) -> Iterator[Import]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            base = node.module or ""
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                known = (ROOT / (whole.replace(".", "/") + ".py")).exists() or (ROOT / whole.replace(".", "/")).is_dir()
                yield Import(module, whole if known else base, late)
        inner = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inner)

    yield from visit(ast.parse(path.read_text(encoding="utf-8")), False)


def modules(folder: Path, root: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(set(folder.rglob("*.py")) - set(TEMPLATES.rglob("*.py"))):
        parts = path.relative_to(root).with_suffix("").parts
        yield path, ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


CORE = [edge for path, name in modules(ROOT / "attnframe", ROOT) for edge in imports_of(path, name)]


def part(module: str) -> str | None:
    names = module.split(".")
    return names[1] if names[0] == "attnframe" and len(names) > 1 else None


def test_every_part_has_a_layer() -> None:
    found = {part(name) for _, name in modules(ROOT / "attnframe", ROOT)} - {None}
    assert found == set(RANK), "a new part of attnframe needs its place in LAYERS"


def test_imports_go_down_only() -> None:
    upward = [
        f"{edge.source} imports {edge.target}"
        for edge in CORE
        if (a := part(edge.source)) and (b := part(edge.target)) and RANK[b] > RANK[a]
        if not (edge.late and a in LATE_IMPORTS_ALLOWED)
    ]
    assert upward == []


def test_the_core_knows_no_plugin() -> None:
    assert [edge for edge in CORE if edge.target.split(".")[0] in PLUGINS] == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_imports_no_other_plugin(plugin: str) -> None:
    edges = [e for path, name in modules(ROOT / "plugins" / plugin, ROOT / "plugins") for e in imports_of(path, name)]
    others = set(PLUGINS) - {plugin}
    assert [edge for edge in edges if edge.target.split(".")[0] in others] == []


def test_no_cycle_between_modules() -> None:
    graph: dict[str, set[str]] = {}
    for edge in CORE:
        if not edge.late and edge.target.startswith("attnframe.") and edge.target != edge.source:
            graph.setdefault(edge.source, set()).add(edge.target)
    done: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, "cycle: " + " -> ".join((*trail[trail.index(module) :], module))
        if module in done:
            return
        for target in sorted(graph.get(module, ())):
            walk(target, (*trail, module))
        done.add(module)

    for module in sorted(graph):
        walk(module, ())


def test_declarations_import_no_torch() -> None:
    """Listing, help and completion must be instant."""
    names = ["attnframe", "attnframe.errors", "attnframe.recipe", "attnframe.plan", "attnframe.plan_from"]
    names += ["attnframe.plugin.contract", "attnframe.plugin.discovery", "attnframe.plugin.index"]
    names += [name for folder in ("recipes", "config", "cli") for _, name in modules(ROOT / "attnframe" / folder, ROOT)]
    names += [f"{plugin}.plugin" for plugin in PLUGINS]
    code = f"import sys\nfor name in {names!r}: __import__(name)\n"
    heavy = {"torch", "pytorch_lightning", "torchvision", "torchmetrics", "pandas", "numpy"}
    code += f"heavy = {heavy!r} & set(sys.modules)\n"
    code += "sys.exit(f'imported: {sorted(heavy)}' if heavy else 0)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_public_names_are_all_importable() -> None:
    import attnframe

    assert all(getattr(attnframe, name) is not None for name in attnframe.__all__)
