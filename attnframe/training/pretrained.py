"""Weights that a run begins with, from the checkpoint of another: what fine-tuning starts from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.task_module import TaskModule
from attnframe.training.checkpoint import Loaded

_TRUNK = re.compile(r"(?:^|\.)(blocks\.\d+\..+)$")


@dataclass(frozen=True)
class Pretrained:
    """What a module took over.

    Args:
        names: of the parameters that were taken whole.
        taken: how many numbers of parameters were taken, single rows among them.
        fresh: names of the parameters that were not taken whole.
    """

    names: tuple[str, ...] = ()
    taken: int = 0
    fresh: tuple[str, ...] = ()


def take_weights(module: TaskModule, source: Loaded) -> Pretrained:
    """Copy what fits from a checkpoint into a module; the rest stays as it was drawn.

    A tensor fits that has the name and the shape of one of the checkpoint. Where both modules name the rows of a tensor
    (tokens, classes, items), rows of one name are taken, wherever they stand. Where a tensor's name is not there, as in
    another task, the first that has rows of such names serves, or the one whose name ends alike from ``blocks.`` on, if
    there is just one on each side.

    Args:
        module: of the run, with fresh weights. source: the checkpoint.

    Raises:
        ConfigurationError: when no weight matrix fits, nor a row of one.
    """
    other = source.build()
    given, own = other.state_dict(), module.state_dict()
    rows, given_rows = module.row_names(), other.row_names()
    origin = _origins(own, given) | _tables(rows, given_rows, own, given)
    parameters = dict(module.named_parameters())
    whole: list[str] = []
    taken = matrices = 0
    with torch.no_grad():
        for name, tensor in own.items():
            if (at := origin.get(name)) is None:
                continue
            if name in rows and at in given_rows:
                count = _copy_rows(tensor, given[at], rows[name], given_rows[at])
            elif tensor.shape == given[at].shape:
                tensor.copy_(given[at])
                count = tensor.numel()
            else:
                continue
            if name in parameters:
                taken += count
                matrices += count > 0 and tensor.dim() > 1
                whole += [name] * (count == tensor.numel())
    if not matrices:
        got = f"the weights of task={source.plan.task.name} {_shape_of(source)}"
        works = "Take the checkpoint's model: model=, model.dim, attention= and position= as it was trained with."
        raise ConfigurationError(Fault(f"ckpt ({source.path})", "must hold weights that fit the model", got, works))
    return Pretrained(tuple(whole), taken, tuple(name for name in parameters if name not in {*whole}))


def _origins(own: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> dict[str, str]:
    """Where each tensor's weights are to be found, by name."""
    ends, given_ends = _unique_ends(own), _unique_ends(given)
    found = {name: name for name in own if name in given}
    for end, name in ends.items():
        if name not in found and end in given_ends:
            found[name] = given_ends[end]
    return found


def _tables(
    rows: Mapping[str, Sequence[str]],
    given_rows: Mapping[str, Sequence[str]],
    own: Mapping[str, Tensor],
    given: Mapping[str, Tensor],
) -> dict[str, str]:
    """Where rows of the same names are to be found, for tensors whose own name is not there."""
    found = {}
    for name in (name for name in rows if name not in given):
        wanted = {*rows[name]}
        fitting = (at for at in given_rows if given[at].shape[1:] == own[name].shape[1:])
        found[name] = next((at for at in fitting if not wanted.isdisjoint(given_rows[at])), "")
    return {name: at for name, at in found.items() if at}


def _unique_ends(names: Iterable[str]) -> dict[str, str]:
    ends = [(match[1], name) for name in names if (match := _TRUNK.search(name))]
    counts = Counter(end for end, _ in ends)
    return {end: name for end, name in ends if counts[end] == 1}


def _copy_rows(tensor: Tensor, given: Tensor, names: Iterable[str], given_names: Iterable[str]) -> int:
    """Copy the rows that have a name in both; gives how many numbers that are."""
    if tensor.shape[1:] != given.shape[1:]:
        return 0
    place = {name: number for number, name in enumerate(given_names)}
    pairs = [(number, place[name]) for number, name in enumerate(names) if name in place]
    if not pairs:
        return 0
    to, start = (torch.tensor(numbers) for numbers in zip(*pairs, strict=True))
    tensor[to] = given[start]
    return len(pairs) * tensor[0].numel()


def _shape_of(source: Loaded) -> str:
    parts = source.plan.parts
    return f"attention={parts.attention.name} model={parts.model.name} model.dim={parts.model.dim}"
