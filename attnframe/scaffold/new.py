"""New packages: a plugin, an attention variant. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.index import index
from attnframe.recipes.registry import attention_variants, broken_variants
from attnframe.scaffold.names import name_faults, package_faults
from attnframe.scaffold.render import render


@dataclass(frozen=True)
class Written:
    """A package that was written.

    Args:
        folder: where. files: what, relative to it.
    """

    folder: Path
    files: tuple[Path, ...]


def new_plugin(name: str, task: str | None = None, folder: Path | None = None) -> Written:
    """Write a plugin that trains, evaluates, predicts and passes `attnframe.testing.check_plugin` as it is.

    Args:
        name: what ``plugin=NAME`` shall select.
        task: what ``task=NAME`` shall select; None for ``NAME_classification``.
        folder: what is made; None for ``attnframe-NAME`` in the current folder.

    Raises:
        ConfigurationError: with everything that is wrong with names and folder; nothing is written then.
    """
    known = index()
    chosen = f"{name}_classification" if task is None else task
    faults = name_faults("NAME", name, known.names("plugin"))
    if task is not None or not faults:  # a task that is named after a wrong name would only echo it
        faults += name_faults("--task", chosen, known.names("task"))
    if not faults:
        faults = [
            *name_faults("NAME_words", f"{name}_words", known.names("data")),
            *package_faults(f"attnframe_{name}"),
        ]
    words = {"your_domain": name, "your-domain": name.replace("_", "-"), "your_task": chosen}
    return _write("plugin", words, faults, folder or Path(f"attnframe-{name.replace('_', '-')}"))


def new_attention(name: str, folder: Path | None = None) -> Written:
    """Write an attention variant that passes `attnframe.testing.check_attention` as it is.

    Args:
        name: what ``attention=NAME`` shall select.
        folder: what is made; None for ``attnframe-NAME`` in the current folder.

    Raises:
        ConfigurationError: with everything that is wrong with name and folder; nothing is written then.
    """
    faults = name_faults("NAME", name, {*attention_variants(), *broken_variants()})
    faults += [] if faults else package_faults(f"attnframe_{name}")
    words = {"your_variant": name, "your-variant": name.replace("_", "-")}
    return _write("attention", words, faults, folder or Path(f"attnframe-{name.replace('_', '-')}"))


def _write(template: str, words: dict[str, str], faults: list[Fault], folder: Path) -> Written:
    if folder.exists() or folder.is_symlink():
        faults = [*faults, Fault(str(folder), "must not exist yet", "", "Give another folder as the last word.")]
    if faults:
        raise ConfigurationError(faults)
    return Written(folder, tuple(render(template, words, folder)))
