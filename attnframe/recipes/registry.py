"""Finding attention variants and position schemes: by scanning the packages, by entry point, and from a user's own
file. Torch-free.

A file of a user's own may import torch; it is imported only when it is selected.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import pkgutil
import sys
import zlib
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from attnframe.entry_points import distribution_of, entry_points
from attnframe.errors import ConfigurationError, Fault, PluginError, did_you_mean
from attnframe.recipe import Recipe, hints, is_frozen
from attnframe.recipes import attention, position
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities
from attnframe.recipes.position.base import PositionScheme

GROUP = "attnframe.attention"
"""Entry points of this group name an `AttentionVariant` subclass under the variant's own name."""


def attention_variants() -> Mapping[str, type[AttentionVariant]]:
    """Every usable variant by name: built-in ones, then those of installed packages, each sorted. Broken ones are
    left out; see `broken_variants`.
    """
    return MappingProxyType({**_built_in(), **_outside(tuple(sys.path))[0]})


def broken_variants() -> Mapping[str, PluginError]:
    """What is wrong with each entry point of another package that cannot be used, by name."""
    return MappingProxyType(_outside(tuple(sys.path))[1])


def attention_variant(name: str) -> type[AttentionVariant]:
    """The variant that ``attention=NAME`` selects: a name, or a path that ends in ``.py``.

    Raises:
        ConfigurationError: when no variant has the name.
        PluginError: when the file, or the entry point of that name, is broken.
    """
    if name.endswith(".py"):
        return variant_from_file(Path(name))
    known = attention_variants()
    if name in known:
        return known[name]
    if name in broken_variants():
        raise broken_variants()[name]
    raise ConfigurationError(Fault(f"attention={name}", "is not a known variant", "", did_you_mean(name, list(known))))


def position_schemes() -> Mapping[str, type[PositionScheme]]:
    """Every position scheme by name, sorted."""
    return MappingProxyType(_schemes())


def variant_from_file(path: Path) -> type[AttentionVariant]:
    """The variant that a user's own file defines. A file that did not change is imported once.

    Args:
        path: a Python file with exactly one `AttentionVariant` subclass of its own.

    Raises:
        PluginError: naming the file, when it is missing, cannot be imported, defines no variant or several, or an
            incomplete one.
    """
    where = f"attention={path}"
    try:
        full = path.expanduser().resolve(strict=True)
        stamp = full.stat().st_mtime_ns
    except OSError as error:
        raise PluginError(Fault(where, "must be a readable file", error.strerror or str(error))) from None
    if not full.is_file():
        raise PluginError(Fault(where, "must be a file", "a folder"))
    return _from_file(full, stamp)


@functools.lru_cache(maxsize=64)
def _from_file(path: Path, stamp: int) -> type[AttentionVariant]:
    where = f"attention={path}"
    module = _import_file(path, stamp, where)
    found = _defined_in(module, AttentionVariant)
    if len(found) != 1:
        names = ", ".join(sorted(cls.__name__ for cls in found)) or "none"
        raise PluginError(Fault(where, "must define exactly one subclass of AttentionVariant", names))
    variant: type[AttentionVariant] = found[0]
    _verify(variant, where)
    return variant


def _import_file(path: Path, stamp: int, where: str) -> ModuleType:
    # Its own module name: dataclass annotations are read through sys.modules, and two files may share a stem.
    name = f"attnframe_variant_{path.stem}_{zlib.crc32(str(path).encode()):08x}_{stamp}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(Fault(where, "must be a Python file", path.name))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    _let_import_siblings(path)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # A user's file may do anything while it is imported.
        del sys.modules[name]
        must = f"must be importable{_line_of(error, path)}"
        raise PluginError(Fault(where, must, f"{type(error).__name__}: {error}")) from error
    return module


def _let_import_siblings(path: Path) -> None:
    """A file inside a package may import the rest of it, whether or not the package is installed."""
    root = path.parent
    while (root / "__init__.py").is_file():
        root = root.parent
    if root != path.parent and str(root) not in sys.path:
        sys.path.append(str(root))


def _line_of(error: BaseException, path: Path) -> str:
    """The line of the file where its import failed, as the end of a sentence; empty when it is not known."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f", and fails at line {line}" if line else ""


@functools.cache
def _built_in() -> dict[str, type[AttentionVariant]]:
    return _scan(attention, AttentionVariant)


@functools.cache
def _schemes() -> dict[str, type[PositionScheme]]:
    return _scan(position, PositionScheme)


def _scan(package: ModuleType, base: type) -> dict[str, Any]:
    """Every final recipe that a module of the package defines, by name."""
    found: dict[str, Any] = {}
    for module_info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        found |= {_name(cls): cls for cls in _defined_in(module, base)}
    return dict(sorted(found.items()))


def _defined_in(module: ModuleType, base: type) -> list[Any]:
    every = (value for value in vars(module).values() if inspect.isclass(value) and issubclass(value, base))
    return [cls for cls in dict.fromkeys(every) if cls.__module__ == module.__name__ and not inspect.isabstract(cls)]


def _name(cls: type[Recipe]) -> str:
    return str(vars(cls).get("name", ""))


@functools.cache
def _outside(_path: tuple[str, ...]) -> tuple[dict[str, type[AttentionVariant]], dict[str, PluginError]]:
    """Usable variants of other packages, and what is wrong with the rest."""
    usable: dict[str, type[AttentionVariant]] = {}
    broken: dict[str, PluginError] = {}
    for entry_point in entry_points(group=GROUP):
        try:
            variant = _load(entry_point)
            if entry_point.name in {**_built_in(), **usable}:
                raise PluginError(Fault(_where(entry_point), "must have a name of its own", entry_point.name))
        except PluginError as error:
            broken[entry_point.name] = error
            continue
        usable[entry_point.name] = variant
    return usable, broken


def _where(entry_point: EntryPoint) -> str:
    distribution = distribution_of(entry_point)
    return f"attention={entry_point.name} (entry point {entry_point.value}, distribution {distribution})"


def _load(entry_point: EntryPoint) -> type[AttentionVariant]:
    where = _where(entry_point)
    try:
        variant = entry_point.load()
    except (Exception, SystemExit) as error:  # A package of others may do anything while it is imported.
        raise PluginError(Fault(where, "must be importable", f"{type(error).__name__}: {error}")) from error
    if not (inspect.isclass(variant) and issubclass(variant, AttentionVariant)):
        raise PluginError(Fault(where, "must name a subclass of AttentionVariant", repr(variant)))
    _verify(variant, where)
    if variant.name != entry_point.name:
        raise PluginError(Fault(where, "must have the name of its variant", entry_point.name, f"Use {variant.name}."))
    return variant


def _verify(variant: type[AttentionVariant], where: str) -> None:
    """Hold a class to the contract at once, not at first use."""
    at = f"{where}: {variant.__name__}"
    found = []
    if inspect.isabstract(variant):
        missing = ", ".join(sorted(variant.__abstractmethods__))
        found.append(Fault(at, f"must define {missing}"))
    if not is_frozen(variant):
        found.append(Fault(at, "must be decorated with @frozen of attnframe.recipe"))
    for name, kind in (("name", str), ("summary", str), ("capabilities", Capabilities)):
        value = getattr(variant, name, None)
        if not isinstance(value, kind) or not value:
            found.append(Fault(f"{at}.{name}", f"must be set to a {kind.__name__}", repr(value)))
    try:
        hints(variant)
    except Exception as error:  # Annotations are evaluated, so they may raise anything.
        found.append(Fault(at, "must have annotations that can be evaluated", f"{type(error).__name__}: {error}"))
    if found:
        raise PluginError(found)
