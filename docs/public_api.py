"""Writes docs/public-api.md, every public name with its signature: python docs/public_api.py [--check]"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, get_origin

from attnframe import PUBLIC_MODULES
from attnframe.recipe import Recipe

PAGE = Path(__file__).parent / "public-api.md"
HEAD = """\
# The public Python surface

Every name that [stability](stability.md) speaks of, with its arguments, written from the code by `docs/public_api.py`.
A test holds this page against the code: what changes here changes for users, and needs its line in the changelog.
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"\n## {name}\n\n```text\n{_told(name)}```\n" for name in PUBLIC_MODULES)


def _told(name: str) -> str:
    module = importlib.import_module(name)
    return "".join(f"{line}\n" for public in _names(module) for line in _lines(public, getattr(module, public)))


def _names(module: ModuleType) -> list[str]:
    """The public names that a module lists or else defines itself."""
    if hasattr(module, "__all__"):
        return sorted(module.__all__)
    constants = re.findall(r"^([A-Z][A-Z_]*)\b.* = |^([A-Z][A-Z_]*), ", inspect.getsource(module), flags=re.MULTILINE)
    assigned = {name for found in constants for name in found}
    own = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and (getattr(value, "__module__", None) == module.__name__ or name in assigned)
    ]
    return sorted(own)


def _lines(name: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value) and get_origin(value) is None:
        bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
        yield f"class {name}{_constructor(value)}" + (f": {bases}" if bases else "")
        fields = value._defaults if issubclass(value, Recipe) else inspect.signature(value.__init__).parameters
        told = {name: "" for name in vars(value).get("__annotations__", {}) if name not in fields}
        for method, one in vars(value).items():
            if isinstance(one, property | Enum):
                told[method] = ""
            elif isinstance(one, staticmethod | classmethod) or inspect.isfunction(one):
                told[method] = _signature(getattr(one, "__func__", one))
        yield from (f"    {name}{told[name]}" for name in sorted(told) if not name.startswith("_"))
    elif inspect.isroutine(value):
        yield f"{name}{_signature(value)}"
    elif inspect.ismodule(value):
        yield f"module {name}"
    elif not isinstance(value, TypeVar):
        yield name


def _constructor(cls: type) -> str:
    """The arguments of a class that has a constructor of ours."""
    ours = any("__init__" in vars(base) and base.__module__.startswith("attnframe") for base in cls.__mro__)
    return _signature(cls) if ours else ""


def _signature(one: Any) -> str:
    """The arguments and their defaults; types stand in the code."""
    shown, star = [], False
    for name, argument in inspect.signature(one).parameters.items():
        if argument.kind is argument.VAR_POSITIONAL:
            star = True
        elif argument.kind is argument.KEYWORD_ONLY and not star:
            shown.append("*")
            star = True
        head = {argument.VAR_POSITIONAL: "*", argument.VAR_KEYWORD: "**"}.get(argument.kind, "")
        shown.append(f"{head}{name}" + ("" if argument.default is argument.empty else f"={_default(argument.default)}"))
    return f"({', '.join(shown)})"


def _default(value: Any) -> str:
    """A default, the same in every process and every version of Python."""
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    if isinstance(value, Mapping):
        return repr(dict(value))
    return getattr(value, "__name__", repr(value))


def main() -> int:
    """Write the page, or with ``--check`` say whether it is current."""
    written = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(written, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != written:
        print("docs/public-api.md is not what the code says: run python docs/public_api.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
