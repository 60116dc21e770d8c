"""Whether a name is free and can be typed. Torch-free."""

from __future__ import annotations

import importlib.util
import keyword
import re
from collections.abc import Collection

from attnframe.errors import Fault

FORM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def name_faults(what: str, name: str, taken: Collection[str]) -> list[Fault]:
    """What is wrong with the name of a new part.

    Args:
        what: names the argument in the error, e.g. ``NAME``.
        name: as typed.
        taken: names of the same kind that there are.
    """
    if not FORM.fullmatch(name) or keyword.iskeyword(name):
        must = "must be a Python name of lower-case letters, digits and single underscores"
        works = f"Try {_nearest(name)}." if FORM.fullmatch(_nearest(name)) else "Example: proteins."
        return [Fault(what, must, repr(name), works)]
    if name in taken:
        return [Fault(what, "must be a new name", f"{name}, which there is", f"Taken: {', '.join(sorted(taken))}.")]
    return []


def package_faults(package: str) -> list[Fault]:
    """What is wrong with the name of a new package: another one that can be imported has it."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if found is None:
        return []
    place = found.origin or next(iter(found.submodule_search_locations or ()), "unknown")
    return [Fault(f"The package {package}", "must not exist yet", f"the one at {place}", "Give another NAME.")]


def _nearest(name: str) -> str:
    """The name in the form that is asked for, as far as that can be guessed."""
    plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
    plain = plain.lstrip("0123456789_")
    return f"{plain}_1" if keyword.iskeyword(plain) else plain
