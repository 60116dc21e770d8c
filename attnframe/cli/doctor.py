"""`attnframe doctor`: versions, devices, installed plugins and what is wrong with each."""

from __future__ import annotations

import importlib
import platform
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata

from attnframe import __version__
from attnframe.errors import ConfigurationError, Fault, PluginError
from attnframe.plan_from import cache_folder, data_folder
from attnframe.plugin.discovery import discover, load_found
from attnframe.plugin.index import index
from attnframe.recipes.registry import broken_variants

PACKAGES = (
    *("torch", "torchvision", "pytorch-lightning", "torchmetrics", "hydra-core", "omegaconf"),
    *("tokenizers", "scikit-learn", "numpy"),
)
RANGES = {
    "torch": ("2.11", "2.13"),
    "pytorch-lightning": ("2.6.6", "2.7"),
    "hydra-core": ("1.3.8", "1.4"),
    "omegaconf": ("2.3", "2.4"),
}
"""Supported versions: from the first on, below the second."""
HARMFUL = {
    "hydra-rq-launcher": "it breaks every program that uses Hydra, this one too. Try pip uninstall hydra-rq-launcher"
}
"""Distributions that must not be installed, and why."""


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe doctor --help`. Returns the exit code."""
    if argv:
        raise ConfigurationError(Fault("doctor", "takes no words", " ".join(argv)))
    print(f"attnframe {__version__}, Python {platform.python_version()}, {platform.platform()}")
    if sys.platform not in ("linux", "darwin"):
        print(f"The system {sys.platform} is not among those tried: Linux is supported, macOS is tried.")
    wrong = [*_packages(), *_devices(), *_plugins()]
    print(f"\nData folder: {data_folder(None)}\nCache folder: {cache_folder()}")
    print("\nNothing is wrong." if not wrong else "\nWrong:\n" + "\n".join(f"- {line}" for line in wrong))
    return int(bool(wrong))


def _packages() -> Iterator[str]:
    print("\nPackages")
    for name in PACKAGES:
        version = _version(name)
        print(f"  {name:<18} {version or 'not installed'}")
        first, below = RANGES.get(name, ("0", "999"))
        if name in RANGES and (version is None or not _release(first) <= _release(version) < _release(below)):
            advice = f"Try pip install '{name}>={first},<{below}'."
            yield f"{name} must be at least {first} and below {below}. Got {version or 'none'}. {advice}"
    for name, harm in HARMFUL.items():
        if _version(name) is not None:
            yield f"{name} is installed: {harm}."


def _devices() -> Iterator[str]:
    print("\nDevices")
    try:
        torch = importlib.import_module("torch")
    except Exception as error:  # a broken installation may fail in any way, and this command is there to say so
        yield f"torch cannot be imported: {type(error).__name__}: {error}."
        return
    print(f"  cpu                {torch.get_num_threads()} threads")
    for number in range(torch.cuda.device_count()):
        device = torch.cuda.get_device_properties(number)
        print(f"  cuda:{number}             {device.name}, {device.total_memory / 2**30:.0f} GiB (trainer=gpu)")
    if torch.backends.mps.is_available():
        print("  mps                tried, not supported")


def _plugins() -> Iterator[str]:
    print("\nPlugins")
    known = index()
    for found in discover().plugins:
        try:
            plugin = load_found(found)
        except PluginError as error:
            print(f"  {found.name:<18} broken (distribution {found.distribution})")
            yield from map(str, error.faults)
            continue
        print(f"  {found.name:<18} {', '.join(plugin.tasks)} (distribution {found.distribution})")
        for choice in ({"plugin": found.name}, *({"task": task} for task in plugin.tasks)):
            try:
                known.settle(choice)
            except ConfigurationError as error:
                yield from map(str, error.faults)
    yield from known.warnings
    yield from map(str, known.faults)
    yield from (f"attention={name}: {error}" for name, error in broken_variants().items())


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _release(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, for comparison."""
    numbers = []
    for part in version.split("+")[0].split("."):
        digits = "".join(character for character in part if character.isdigit())
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)
