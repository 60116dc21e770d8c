"""The contract of a case: who competes at one size, and what a step of each is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from attnframe.bench.chosen import Chosen
from attnframe.bench.peers import peers_of
from attnframe.bench.peers.base import Peer, Request
from attnframe.bench.timing import Step

OURS = "attnframe"
"""Name of our contender."""


@dataclass(frozen=True)
class Built:
    """A contender that is ready.

    Args:
        step: one piece of work. parameters: numbers learned. cache: bytes kept of the past; None without one.
    """

    step: Step
    parameters: int
    cache: Callable[[], int] | None = None


@dataclass(frozen=True)
class Contender:
    """One layer in a comparison.

    Args:
        name: how it is shown. package: the distribution that has it. make: builds it.
        peer: whether it is equal to ours in function and size, and of another library.
        differs: what differs from ours all the same, in words. modules: what `make` imports.
    """

    name: str
    package: str
    make: Callable[[], Built]
    peer: bool = False
    differs: str = ""
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contest:
    """Who competes at one size.

    Args:
        contenders: ours first, then its peers, then the reference.
        left_out: why each peer of the variant does not compete.
        reference: name of the contender that all variants are held against; None where there is none.
    """

    contenders: tuple[Contender, ...]
    left_out: dict[str, str]
    reference: str | None = None


@dataclass(frozen=True)
class Measure:
    """A number of a contender that a figure and a table show.

    Args:
        key: its name in the record. words: on an axis, with the unit. scale: what it is divided by there.
    """

    key: str
    words: str
    scale: float = 1.0


class Case(ABC):
    """A way to compare variants.

    Args:
        chosen: what is compared, and how.
    """

    name: ClassVar[str]
    unit: ClassVar[str]
    """What a size counts, in the plural."""
    per_second: ClassVar[str] = ""
    """What a step makes, in the plural, where its rate is shown; empty where times are."""
    cost: ClassVar[Measure]
    """What is shown of time."""
    room: ClassVar[Measure]
    """What is shown of memory."""
    measures_memory: ClassVar[bool] = True
    """Whether a step's peak memory says anything."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen, self.settings = chosen, chosen.settings
        self.device, self.dtype = torch.device(self.settings.device), getattr(torch, self.settings.dtype)

    @abstractmethod
    def what(self) -> str:
        """What is done, in words."""

    @abstractmethod
    def contest(self, name: str, size: str) -> Contest:
        """Who competes.

        Args:
            name: of the variant, or its file. size: one of `BenchSettings.sizes`.

        Raises:
            ConfigurationError: when the variant cannot be built at this size.
        """

    def amount(self, size: str) -> int:
        """The size as a number."""
        return int(size)

    def units(self) -> int:
        """What a step makes, in `per_second`."""
        return 1

    def request(self, name: str, size: str) -> Request:
        """The layer that peers must equal."""
        recipe = self.chosen.recipe(name, size)
        return Request(recipe, self.chosen.width, self.settings.batch, self.amount(size), self.settings.causal)

    def _peers(self, kind: type[Any], request: Request) -> Iterator[tuple[Peer, str]]:
        """Peers of the variant, with the reason why they do not compete; empty when they do."""
        for peers in peers_of(self.settings.peers).values():
            for peer in peers:
                if isinstance(peer, kind) and peer.concerns(request.recipe):
                    absent = [] if peer.version() else [f"not installed; pip install {peer.package} adds it"]
                    yield peer, "; ".join(absent or peer.why_not(request))

    def _gather(
        self,
        kind: type[Any],
        request: Request,
        ours: Callable[[], Built],
        theirs: Callable[[Any], Built],
        others: Sequence[Contender] = (),
        reference: str | None = None,
    ) -> Contest:
        mixers = ("attnframe.attention.mixers",)
        contenders, left_out = [Contender(OURS, OURS, ours, modules=mixers)], {}
        for peer, reason in self._peers(kind, request):
            if reason:
                left_out[peer.name] = reason
            else:
                make = partial(theirs, peer)
                contenders.append(Contender(peer.name, peer.package, make, True, peer.differs, peer.modules))
        return Contest((*contenders, *others), left_out, reference)

    def place(self, build: Callable[[], nn.Module]) -> nn.Module:
        """Build a module with the seed asked for, on the device and in the type asked for."""
        torch.manual_seed(self.settings.seed)
        with self.device:
            return build().to(self.dtype)

    def random(self, *shape: int) -> Tensor:
        """Random numbers on the device, in the type asked for."""
        torch.manual_seed(self.settings.seed + 1)
        return torch.randn(*shape).to(self.device, self.dtype)

    def training_step(self, layer: nn.Module, x: Tensor, *more: Any, **named: Any) -> Step:
        """A forward and backward pass, gradients of inputs and parameters, done when the device is."""
        x = x.requires_grad_()
        wanted = [x, *layer.parameters()]
        direction: list[Tensor] = []

        def step() -> None:
            out = layer(x, *more, **named)
            if not direction:
                direction.append(torch.randn_like(out))
            torch.autograd.grad(out, wanted, direction[0], allow_unused=True)
            self.wait()

        return step

    def wait(self) -> None:
        """Return when the device has done what was asked of it."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        elif self.device.type == "mps":
            torch.mps.synchronize()


def count(layer: nn.Module) -> int:
    """Numbers learned by a layer."""
    return sum(parameter.numel() for parameter in layer.parameters())
