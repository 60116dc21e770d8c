"""Splitting a command line into overrides and the options that Hydra knows. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from attnframe.errors import ConfigurationError, Fault, did_you_mean

HELP = ("--help", "-h")
SWEEP = ("-m", "--multirun")
SHORT = {"-c": "--cfg", "-i": "--info", "-p": "--package", "-cd": "--config-dir", "-r": "--run"}
SHOW = ("--cfg", "--info", "--resolve", "--package", "--hydra-help")
KNOWN = (*HELP, *SWEEP, *SHOW, "--config-dir", "--run")
CFG = ("job", "hydra", "all")
INFO = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")


@dataclass(frozen=True)
class Arguments:
    """A command line without its command.

    Args:
        overrides: ``KEY=VALUE`` as typed.
        sweep: whether ``-m`` was given.
        shown: options that only show something (``--cfg job``), for Hydra.
        folders: further folders of options (``--config-dir``).
    """

    overrides: tuple[str, ...]
    sweep: bool
    shown: tuple[str, ...]
    folders: tuple[Path, ...]


def split_arguments(argv: Sequence[str]) -> Arguments:
    """Sort the words of a command line; options may stand anywhere.

    Raises:
        ConfigurationError: with every option that is unknown or lacks its value.
    """
    overrides: list[str] = []
    shown: list[str] = []
    folders: list[Path] = []
    faults: list[Fault] = []
    sweep = False
    words = list(argv)
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        name = SHORT.get(name, name)
        if not word.startswith("-"):
            overrides.append(word)
            sweep = sweep or word == "hydra.mode=MULTIRUN"
        elif name in SWEEP:
            sweep = True
        elif name not in KNOWN:
            faults.append(Fault(name, "is not a known option", "", did_you_mean(name, KNOWN)))
        elif name == "--info":
            given = value if equals else words.pop(0) if words and words[0] in INFO else "all"
            shown.append(f"--info={given}")
        elif name in ("--cfg", "--package", "--config-dir"):
            if not equals and not words:
                works = f"Possible: {', '.join(CFG)}." if name == "--cfg" else ""
                faults.append(Fault(name, "must be followed by a value", "", works))
                continue
            given = value if equals else words.pop(0)
            if name == "--cfg" and given not in CFG:
                faults.append(Fault("--cfg", f"must be one of {', '.join(CFG)}", repr(given)))
            elif name == "--config-dir":
                if not Path(given).is_dir():
                    faults.append(Fault("--config-dir", "must be a folder", repr(given)))
                folders.append(Path(given).absolute())
            else:
                shown.append(f"{name}={given}")
        elif name != "--run":
            shown.append(name)
    if faults:
        raise ConfigurationError(faults)
    return Arguments(tuple(overrides), sweep, tuple(shown), tuple(folders))


def take(overrides: Iterable[str], keys: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Take the values of some keys, literally, out of overrides.

    Args:
        overrides: as typed.
        keys: the keys to take.

    Returns:
        Value by key, and the other overrides.
    """
    wanted = set(keys)
    taken: dict[str, str] = {}
    others: list[str] = []
    for override in overrides:
        key, equals, value = override.partition("=")
        if equals and key in wanted:
            taken[key] = value
        else:
            others.append(override)
    return taken, others


def required(taken: Mapping[str, str], keys: Mapping[str, str]) -> list[Fault]:
    """A fault for each key that was not given.

    Args:
        taken: value by key.
        keys: example by required key.
    """
    examples = {key: example for key, example in keys.items() if not taken.get(key)}
    return [Fault(key, "must be given", "", f"Example: {key}={example}.") for key, example in examples.items()]
