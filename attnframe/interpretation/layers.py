"""Choosing attention layers of a model, and looking at what goes into their mixers while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.errors import ConfigurationError, Fault, did_you_mean

Look = Callable[[str, Mixer, Tensor, Tensor, Call], None]
"""(name of the layer, its mixer, query, key, call) of one run of a layer; must change none of them."""


def attention_layers(model: nn.Module, layers: Sequence[str | int] | None = None) -> dict[str, Attention]:
    """The attention layers of a model by name, first to last as `model.named_modules()` gives them.

    Args:
        model: any module; an `Attention` layer itself goes by the name ``""``.
        layers: names, or numbers from 0 (from -1 for the last); None for every layer.

    Raises:
        ConfigurationError: when `model` has no attention layer, or `layers` names one that it does not have, or none.
    """
    every = {name: module for name, module in model.named_modules() if isinstance(module, Attention)}
    if not every:
        raise ConfigurationError(Fault("model (interpretation)", "must hold an Attention layer", type(model).__name__))
    if layers is None:
        return every
    names = list(every)
    found = []
    for layer in layers:
        if isinstance(layer, int) and not -len(names) <= layer < len(names):
            must = f"must be from {-len(names)} to {len(names) - 1}, the model having {len(names)}"
            found.append(Fault("layers (interpretation)", must, str(layer)))
        elif isinstance(layer, str) and layer not in every:
            must = "must name attention layers of the model"
            found.append(Fault("layers (interpretation)", must, repr(layer), did_you_mean(layer, names)))
    if not layers:
        found.append(Fault("layers (interpretation)", "must name a layer at least", "", "Use None for every layer."))
    if found:
        raise ConfigurationError(found)
    chosen = {names[layer] if isinstance(layer, int) else layer for layer in layers}
    return {name: layer for name, layer in every.items() if name in chosen}


@contextmanager
def watch(model: nn.Module, layers: Sequence[str | int] | None, look: Look) -> Iterator[dict[str, Attention]]:
    """Call `look` after every run of a chosen layer's mixer; the layers run as ever.

    Raises:
        ConfigurationError: as `attention_layers`, or when a chosen layer shares its mixer with another layer, so that
            it cannot be told which of them runs.
    """
    chosen = attention_layers(model, layers)
    check_own(model, chosen, "mixer")
    handles = [layer.mixer.register_forward_hook(_hook(name, look)) for name, layer in chosen.items()]
    try:
        yield chosen
    finally:
        for handle in handles:
            handle.remove()


def _hook(name: str, look: Look) -> Callable[[nn.Module, tuple[Any, ...], Tensor], None]:
    def hook(mixer: nn.Module, inputs: tuple[Any, ...], mixed: Tensor) -> None:
        assert isinstance(mixer, Mixer)
        query, key, _, call = inputs
        look(name, mixer, query, key, call)

    return hook


def check_own(model: nn.Module, chosen: Mapping[str, Attention], part: str) -> None:
    """Refuse chosen layers that share a part, named by its attribute, with another layer."""
    every = attention_layers(model)
    for name, layer in chosen.items():
        sharing = [other for other, one in every.items() if getattr(one, part) is getattr(layer, part)]
        if len(sharing) > 1:
            others = ", ".join(sorted(set(sharing) - {name}))
            where, must = (
                f"{name or 'model'} (interpretation)",
                f"must have {part} of its own, and shares with {others}",
            )
            raise ConfigurationError(Fault(where, must, "", "Make one for each layer."))
