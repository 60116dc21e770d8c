"""`attnframe bench`: speed, memory and scaling of the variants beside the layers of other libraries."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnframe.bench.chosen import Chosen
from attnframe.bench.settings import FAMILIES, BenchSettings
from attnframe.cli.arguments import split_arguments, take
from attnframe.cli.job import DONE, FAILED, INTERRUPTED
from attnframe.cli.screen import show_notices, table, wrapped
from attnframe.errors import ConfigurationError, Fault, PluginError
from attnframe.recipe import construct, hints
from attnframe.recipes.registry import attention_variant, broken_variants
from attnframe.runs.folder import new_folder

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

LISTS = ("lengths", "graphs", "peers")
"""Settings that hold several values, written with or without brackets."""
KEYS = ("attention", "model.dim", "output", *hints(BenchSettings))
"""Every key of the command besides the fields of the variants."""


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe bench --help`. Returns the exit code."""
    from attnframe.config.literal import user_path

    arguments = split_arguments(argv)
    if arguments.sweep or arguments.shown or arguments.folders:
        works = "Lists are compared: attention=mha,window lengths=512,1024."
        raise ConfigurationError(Fault("bench", "takes no options", "", works))
    taken, overrides = take(arguments.overrides, ["output"])
    output = user_path(taken["output"]) if taken.get("output") else new_folder("bench")
    faults = _output_faults(output)
    try:
        chosen = read_chosen(overrides)
        refused = chosen.refusals()
    except ConfigurationError as error:
        raise ConfigurationError([*faults, *error.faults]) from None
    if faults:
        raise ConfigurationError(faults)
    if not chosen.attention:
        show_notices(f"attention={name} is left out: {error}" for name, error in broken_variants().items())
    show_notices(
        f"attention.{field} is ignored by {', '.join(names)}: they have no such field."
        for field, names in chosen.ignored().items()
    )

    from attnframe.bench.report import comparison, notes, scaling
    from attnframe.bench.run import bench

    record = bench(chosen, refused, output, ["attnframe", "bench", *argv])
    print(f"{record.case.what()}\n{record.device}, {record.threads} threads; ratios are times of others over ours\n")
    print(table(*comparison(record.rows, record.case)))
    header, rows = scaling(record.rows, record.case)
    if rows:
        print(f"\n{table(header, rows)}")
    found = notes(record.rows)
    if found:
        print("\nNotes\n" + "\n".join(line for note in found for line in wrapped(f"- {note}")))
    print(f"\n{'Interrupted; what' if record.status == 'interrupted' else 'What'} was measured is in {output}")
    return {"ok": DONE, "failed": FAILED, "interrupted": INTERRUPTED}[record.status]


def read_chosen(overrides: Sequence[str]) -> Chosen:
    """What a command line asks for.

    Raises:
        ConfigurationError: with everything that is wrong in it.
    """
    from attnframe.config.typed import read_typed

    typed = read_typed(overrides, sweep=True)
    faults = list(typed.faults)
    faults += [Fault(key, "has no meaning for bench") for key in typed.hydra]
    given: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for override in typed.own:
        key = override.key_or_group
        field = key.removeprefix("attention.")
        if field != key:
            fields[field] = _value(override)
        elif key in KEYS:
            given[key] = _value(override)
        else:
            faults.append(Fault(key, "is not a known key of bench", "", _near(key)))
    attention = _names(given.pop("attention", None), typed.files, faults)
    dim = given.pop("model.dim", None)
    if dim is not None and (not isinstance(dim, int) or isinstance(dim, bool) or dim < 1):
        faults.append(Fault("model.dim", "must be an integer at least 1", repr(dim)))
    if isinstance(given.get("peers"), bool):
        given["peers"] = FAMILIES if given["peers"] else ()
    for key in LISTS:
        if key in given and not isinstance(given[key], list | tuple):
            given[key] = [given[key]]
    if isinstance(given.get("graphs"), list):
        given["graphs"] = [str(graph) for graph in given["graphs"]]
    settings = BenchSettings()
    try:
        settings = construct(BenchSettings, given)
    except ConfigurationError as error:
        faults += [_plain(fault) for fault in error.faults]
    if faults:
        raise ConfigurationError(faults)
    return Chosen(settings, attention, tuple(fields.items()), dim)


def _value(override: Override) -> Any:
    """One value, or the list of several, however it is written."""
    from attnframe.config.names import options_of

    values = options_of(override)
    return values if override.is_sweep_override() else values[0]


def _names(value: Any, files: Sequence[Path], faults: list[Fault]) -> tuple[str, ...]:
    """The variants asked for, those of files by their path; what is wrong with a name is added to `faults`."""
    names = [str(name) for name in (value if isinstance(value, list) else [] if value is None else [value])]
    paths = {attention_variant(str(file)).name: str(file) for file in files}
    found = dict.fromkeys(paths.get(name, name) for name in names)
    for name in found:
        try:
            attention_variant(name)
        except PluginError as error:
            faults += error.faults
        except ConfigurationError as error:
            faults += error.faults
    return tuple(found)


def _near(key: str) -> str:
    """The known keys that a wrong one may mean, compared as a whole and by the last part."""
    known = [*KEYS, "attention.num_heads", "attention.FIELD"]
    leaves = {name.rpartition(".")[2]: name for name in known}
    leaf = key.rpartition(".")[2]
    near = [leaves[name] for name in difflib.get_close_matches(leaf, list(leaves), n=2, cutoff=0.6)]
    near += [name for name in difflib.get_close_matches(key, known, n=2, cutoff=0.6) if name not in near]
    if leaf in ("heads", "head"):
        near = ["attention.num_heads"]
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{hint}Known: {', '.join(sorted(known))}."


def _plain(fault: Fault) -> Fault:
    """A fault of the settings without the name of their class, which is nothing that a user types."""
    return dataclasses.replace(fault, where=fault.where.removesuffix(f" ({BenchSettings.__name__})"))


def _output_faults(output: Path) -> list[Fault]:
    """A folder, or a file that ends in .json."""
    if output.suffix == ".json":
        return [Fault("output", "must be a file or a new one", f"the folder {output}")] if output.is_dir() else []
    if output.exists() and not output.is_dir():
        return [Fault("output", "must be a folder, or a file that ends in .json", repr(str(output)))]
    return []
