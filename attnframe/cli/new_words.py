"""The words of the commands that write packages: a name, options, a folder. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from attnframe.errors import ConfigurationError, Fault, did_you_mean


@dataclass(frozen=True)
class Words:
    """What was typed.

    Args:
        name: of the new part. options: value by option. folder: what is to be made; None to follow the name.
    """

    name: str
    options: Mapping[str, str]
    folder: Path | None


def read_words(command: str, argv: Sequence[str], options: Sequence[str] = ()) -> Words:
    """Sort the words of a command line; options, as ``--task NAME`` or ``--task=NAME``, may stand anywhere.

    Raises:
        ConfigurationError: with everything that is unknown, missing or too much.
    """
    given: dict[str, str] = {}
    plain: list[str] = []
    faults: list[Fault] = []
    words = list(argv)
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            plain.append(word)
        elif name not in options:
            advice = did_you_mean(name, options) if options else f"{command} has none."
            faults.append(Fault(name, "is not a known option", "", advice))
        elif name in given:
            faults.append(Fault(name, "must be given once"))
        elif not equals and (not words or words[0].startswith("-")):
            faults.append(Fault(name, "must be followed by a value"))
        else:
            given[name] = value if equals else words.pop(0)
    if not plain:
        faults.insert(0, Fault("NAME", "must be given", "", f"Example: attnframe {command} my_name."))
    if len(plain) > 2:
        faults.append(Fault(command, "takes a name and at most one folder", " ".join(plain)))
    if faults:
        raise ConfigurationError(faults)
    return Words(plain[0], given, Path(plain[1]).expanduser() if len(plain) == 2 else None)
