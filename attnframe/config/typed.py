"""Overrides as typed, and their form: from a command line to Hydra's grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, Override
from hydra.errors import HydraException

from attnframe.config.literal import LITERAL_KEYS, literal, user_path
from attnframe.config.schema import GROUPS, option_names
from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.index import index
from attnframe.recipes.registry import variant_from_file


@dataclass(frozen=True)
class Typed:
    """Overrides in Hydra's grammar.

    Args:
        own: overrides of the configuration; literal values quoted, variant files replaced by the variant's name.
        hydra: overrides of Hydra itself (``hydra.run.dir=…``), untouched.
        files: files that `attention=` named.
        faults: what has no right form; those overrides are left out.
    """

    own: tuple[Override, ...]
    hydra: tuple[str, ...]
    files: tuple[Path, ...]
    faults: tuple[Fault, ...]


def read_typed(overrides: Sequence[str], *, sweep: bool) -> Typed:
    """Read overrides as a user typed them.

    Args:
        overrides: ``KEY=VALUE`` each.
        sweep: whether a comma list is a sweep; otherwise it is a fault.
    """
    own: list[Override] = []
    hydra: list[str] = []
    files: list[Path] = []
    faults: list[Fault] = []
    for text in overrides:
        bare = text.lstrip("+~")
        if bare.startswith(("hydra.", "hydra/")):
            hydra.append(text)
            continue
        try:
            found = _read_one(text, sweep, files)
            if any(found.key_or_group == other.key_or_group for other in own):
                raise ConfigurationError(
                    Fault(found.key_or_group, "must be given once", "", "The last one is not used.")
                )
            own.append(found)
        except ConfigurationError as error:
            faults.extend(error.faults)
    return Typed(tuple(own), tuple(hydra), tuple(files), tuple(faults))


def _read_one(text: str, sweep: bool, files: list[Path]) -> Override:
    key, equals, value = text.partition("=")
    if text.startswith(("+", "~")):
        plain = text.lstrip("+~")
        raise ConfigurationError(
            Fault(text, "must not begin with + or ~: keys are neither added nor deleted", "", f"Write {plain}.")
        )
    if not equals or not key:
        raise ConfigurationError(Fault(repr(text), "must have the form KEY=VALUE", "", "Example: plugin=vision."))
    if key in LITERAL_KEYS:
        text = f"{key}={literal(value)}"
    elif key == "attention" and ".py" in value:
        text = f"attention={_with_names(value, files, sweep)}"
    try:
        override = OverridesParser.create().parse_override(text)
    except HydraException as error:
        reason = str(error).splitlines()[0]
        raise ConfigurationError(
            Fault(key, "must have a value that can be read", repr(value), f"{reason}. Quote it: '{key}=\"…\"'.")
        ) from None
    if override.is_sweep_override() and not sweep:
        works = "Add -m for a sweep" + (f", or write {key}=[{value}] for a list." if key not in GROUPS else ".")
        raise ConfigurationError(Fault(key, "must be one value in a single run", repr(value), works))
    if override.is_interval_sweep():
        raise ConfigurationError(
            Fault(key, "must be a list or range that can be counted", repr(value), f"Try {key}=range(1,4).")
        )
    return _counted(override)


def _counted(override: Override) -> Override:
    """A pattern like ``attention=glob(*)`` as the list of the options that it means."""
    pattern = override.value()
    if not isinstance(pattern, Glob):
        return override
    key = override.key_or_group
    options = option_names(index(), key)
    matching = pattern.filter(options)
    if not matching:
        raise ConfigurationError(
            Fault(key, "must match an option", repr(override.input_line), f"Known: {', '.join(options)}.")
        )
    return OverridesParser.create().parse_override(f"{key}={','.join(matching)}")


def _with_names(value: str, files: list[Path], sweep: bool) -> str:
    """The options of `attention=`, files replaced by the name of the variant that they define."""
    whole = user_path(value.strip("'\""))
    if not sweep or whole.is_file():
        return _file_name(whole, files)
    options = [option.strip().strip("'\"") for option in value.split(",")]
    return ",".join(_file_name(user_path(o), files) if o.endswith(".py") else o for o in options)


def _file_name(path: Path, files: list[Path]) -> str:
    variant = variant_from_file(path)
    files.append(path)
    return variant.name
