"""What causal decoding keeps of its past, and cross attention of its context.

No gradient flows into a cache, because decoding is inference; only `StaticCache` may be told otherwise. Every tensor is
allocated at the first call, in its dtype and on its device.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault, UnsupportedError


@dataclass(frozen=True)
class Seen:
    """What the queries of one call may look at.

    Args:
        key: (B, K, S, E). value: (B, K, S, E).
        start: position of query row 0 in key coordinates; None for S - T.
        key_positions: (S,) positions of the keys for masks, when they are not 0..S-1.
        bias_positions: (B or 1, S) or (B or 1, S, C) positions of the keys for a position bias, or None.
    """

    key: Tensor
    value: Tensor
    start: int | None = None
    key_positions: Tensor | None = None
    bias_positions: Tensor | None = None


class Cache(ABC):
    """The past of `batch` sequences in one layer."""

    @property
    @abstractmethod
    def length(self) -> int:
        """Tokens taken in so far."""

    @property
    @abstractmethod
    def state(self) -> dict[str, Tensor]:
        """The tensors held, trimmed to what is in use."""

    @abstractmethod
    def append(self, key: Tensor, value: Tensor, bias_positions: Tensor | None = None) -> Seen:
        """Take in key and value (B, K, T, E) of T new tokens; what their queries may look at."""

    @abstractmethod
    def crop(self, length: int) -> None:
        """Forget everything after the first `length` tokens.

        Raises:
            UnsupportedError: when that past is no longer held.
        """

    @abstractmethod
    def reorder(self, indices: Tensor) -> None:
        """Let sequence i continue from what sequence `indices[i]` was (beam search); `indices` (B',) may repeat."""

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """Bytes allocated."""

    def _crop_fault(self, length: int, must: str, works: str = "") -> Fault:
        return Fault(f"length ({type(self).__name__}.crop)", must, str(length), works)

    def _check_crop(self, length: int) -> None:
        if not 0 <= length <= self.length:
            raise ConfigurationError(self._crop_fault(length, f"must be from 0 to the {self.length} tokens held"))


class GrowingCache(Cache):
    """Every key and value; preallocated, doubled when full.

    Args:
        batch: sequences B.
        max_length: tokens to preallocate, and the most that are taken; None starts small and doubles.

    Raises:
        ConfigurationError: when more than `max_length` tokens come, or another batch size.
    """

    def __init__(self, batch: int, max_length: int | None = None) -> None:
        self._batch, self._max_length, self._length = batch, max_length, 0
        self._buffers: dict[str, Tensor] = {}

    @property
    def length(self) -> int:
        return self._length

    @property
    def state(self) -> dict[str, Tensor]:
        return {name: buffer[:, :, : self._length] for name, buffer in self._buffers.items()}

    def append(self, key: Tensor, value: Tensor, bias_positions: Tensor | None = None) -> Seen:
        _check_batch(self, key, self._batch)
        total = self._length + key.shape[2]
        if self._max_length is not None and total > self._max_length:
            must = f"must be at least the {total} tokens given"
            raise ConfigurationError(Fault(f"max_length ({type(self).__name__})", must, str(self._max_length)))
        held = self._write("key", key, total), self._write("value", value, total)
        positions = None
        if bias_positions is not None:
            positions = self._write("positions", _of_batch(bias_positions, key.shape[0]), total)[:, 0]
        self._length = total
        return Seen(*held, bias_positions=positions)

    def _write(self, name: str, tensor: Tensor, total: int) -> Tensor:
        buffer = self._buffers.get(name)
        if buffer is None or buffer.shape[2] < total:
            room = self._max_length or max(64, 1 << (total - 1).bit_length())
            larger = tensor.new_empty((*tensor.shape[:2], room, *tensor.shape[3:]))
            if buffer is not None:
                larger[:, :, : self._length] = buffer[:, :, : self._length]
            self._buffers[name] = buffer = larger
        buffer.narrow(2, self._length, total - self._length).copy_(tensor.detach() if tensor.requires_grad else tensor)
        return buffer.narrow(2, 0, total)

    def crop(self, length: int) -> None:
        self._check_crop(length)
        self._length = length

    def reorder(self, indices: Tensor) -> None:
        self._buffers = {name: self._picked(buffer, indices) for name, buffer in self._buffers.items()}
        self._batch = indices.shape[0]

    def _picked(self, buffer: Tensor, indices: Tensor) -> Tensor:
        """The rows of a buffer at `indices`, of which only what is in use is copied."""
        picked = buffer.new_empty(indices.shape[0], *buffer.shape[1:])
        held = buffer.narrow(2, 0, self._length)
        torch.index_select(held, 0, indices, out=picked.narrow(2, 0, self._length))
        return picked

    @property
    def nbytes(self) -> int:
        return _nbytes(self._buffers)


class RingCache(Cache):
    """The last `window` keys and values besides the newest: constant memory however long the sequence.

    Args:
        batch: sequences B.
        window: tokens that a query sees to its left, at least 0.
    """

    def __init__(self, batch: int, window: int) -> None:
        self.window = window
        self._batch, self._length = batch, 0
        self._buffers: dict[str, Tensor] = {}

    @property
    def length(self) -> int:
        return self._length

    @property
    def _slots(self) -> int:
        return self.window + 1

    @property
    def state(self) -> dict[str, Tensor]:
        """In order of position."""
        first = max(0, self._length - self._slots)
        return {name: self._ordered(buffer, first) for name, buffer in self._buffers.items()}

    def _ordered(self, buffer: Tensor, first: int) -> Tensor:
        slots = torch.arange(first, self._length, device=buffer.device) % self._slots
        return buffer.index_select(2, slots)

    def append(self, key: Tensor, value: Tensor, bias_positions: Tensor | None = None) -> Seen:
        _check_batch(self, key, self._batch)
        new = {"key": key.detach(), "value": value.detach()}
        if bias_positions is not None:
            new["positions"] = _of_batch(bias_positions, key.shape[0])
        held, positions = self._append_one(new) if key.shape[2] == 1 else self._append_many(new, key.shape[2])
        start = self._length
        self._length += key.shape[2]
        bias = held["positions"][:, 0] if "positions" in held else None
        return Seen(held["key"], held["value"], start, positions, bias)

    def _append_one(self, new: dict[str, Tensor]) -> tuple[dict[str, Tensor], Tensor]:
        """Overwrite the oldest slot; the rest is what the new query sees, in ring order and without a copy."""
        slot, filled = self._length % self._slots, min(self._length + 1, self._slots)
        held = {}
        for name, tensor in new.items():
            buffer = self._buffer(name, tensor)
            buffer[:, :, slot] = tensor[:, :, 0]
            held[name] = buffer[:, :, :filled]
        slots = torch.arange(filled, device=new["key"].device)
        return held, self._length - (self._length - slots) % self._slots

    def _append_many(self, new: dict[str, Tensor], count: int) -> tuple[dict[str, Tensor], Tensor]:
        """The last `window` tokens before the new ones, then the new ones; keep the last of all."""
        first, last = max(0, self._length - self.window), self._length + count
        device = new["key"].device
        kept = torch.arange(max(self._length, last - self._slots), last, device=device)
        held = {}
        for name, tensor in new.items():
            buffer = self._buffer(name, tensor)
            held[name] = torch.cat([self._ordered(buffer, first), tensor], dim=2)
            buffer[:, :, kept % self._slots] = tensor[:, :, kept - self._length]
        return held, torch.arange(first, last, device=device)

    def _buffer(self, name: str, tensor: Tensor) -> Tensor:
        if name not in self._buffers:
            self._buffers[name] = tensor.new_empty((*tensor.shape[:2], self._slots, *tensor.shape[3:]))
        return self._buffers[name]

    def crop(self, length: int) -> None:
        self._check_crop(length)
        overwritten = self._length > self._slots and length - self.window < self._length - self._slots
        if length and overwritten:
            must = f"must be at least {self._length - 1}, because a window of {self.window} keeps no older past"
            raise UnsupportedError(self._crop_fault(length, must, "Crop to 0, or decode with attention=mha."))
        self._length = length

    def reorder(self, indices: Tensor) -> None:
        self._buffers = {name: buffer.index_select(0, indices) for name, buffer in self._buffers.items()}
        self._batch = indices.shape[0]

    @property
    def nbytes(self) -> int:
        return _nbytes(self._buffers)


class LatentCache(Cache):
    """One latent vector a token in place of the keys and values of all heads (multi-head latent attention).

    Args:
        batch: sequences B.
        latent_dim: width R of the latent vector: the first features of a key, which are the value too.
        max_length: tokens to preallocate, and the most that are taken; None starts small and doubles.
    """

    def __init__(self, batch: int, latent_dim: int, max_length: int | None = None) -> None:
        self.latent_dim = latent_dim
        self._held = GrowingCache(batch, max_length)

    @property
    def length(self) -> int:
        return self._held.length

    @property
    def state(self) -> dict[str, Tensor]:
        return {name: tensor for name, tensor in self._held.state.items() if name != "value"}

    def append(self, key: Tensor, value: Tensor, bias_positions: Tensor | None = None) -> Seen:
        """Take in key (B, 1, T, R + Er), whose first R features are `value`."""
        seen = self._held.append(key, value[..., :0], bias_positions)
        return Seen(seen.key, seen.key[..., : self.latent_dim], bias_positions=seen.bias_positions)

    def crop(self, length: int) -> None:
        self._held.crop(length)

    def reorder(self, indices: Tensor) -> None:
        self._held.reorder(indices)

    @property
    def nbytes(self) -> int:
        return self._held.nbytes


class RecurrentCache(Cache):
    """A state of constant size that the mixer itself reads and writes; single past tokens are not held.

    Args:
        batch: sequences B.
    """

    def __init__(self, batch: int) -> None:
        self._batch, self._length = batch, 0
        self._state: dict[str, Tensor] = {}

    @property
    def length(self) -> int:
        return self._length

    @property
    def state(self) -> dict[str, Tensor]:
        return self._state

    def append(self, key: Tensor, value: Tensor, bias_positions: Tensor | None = None) -> Seen:
        _check_batch(self, key, self._batch)
        start = self._length
        self._length += key.shape[2]
        return Seen(key, value, start, torch.arange(start, self._length, device=key.device), bias_positions)

    def write(self, **state: Tensor) -> None:
        """Replace the state by what it is after the tokens appended last."""
        # A copy, because a view would keep the larger tensor that it was cut from.
        self._state = {name: tensor.detach().clone() for name, tensor in state.items()}

    def crop(self, length: int) -> None:
        self._check_crop(length)
        if 0 < length < self._length:
            must = f"must be 0 or {self._length}, because a recurrent state cannot forget single tokens"
            raise UnsupportedError(self._crop_fault(length, must, "Decode with attention=mha."))
        if length == 0:
            self._length, self._state = 0, {}

    def reorder(self, indices: Tensor) -> None:
        self._state = {name: tensor.index_select(0, indices) for name, tensor in self._state.items()}
        self._batch = indices.shape[0]

    @property
    def nbytes(self) -> int:
        return _nbytes(self._state)


class StaticCache(Cache):
    """Keys and values of a context, projected at the first call and read at every later one (cross attention).

    Args:
        batch: sequences B.
        differentiable: whether gradients flow through it, for a loop over steps in training that projects once.
    """

    def __init__(self, batch: int, *, differentiable: bool = False) -> None:
        self._batch, self._differentiable = batch, differentiable
        self._seen: Seen | None = None

    @property
    def length(self) -> int:
        return 0 if self._seen is None else self._seen.key.shape[2]

    @property
    def state(self) -> dict[str, Tensor]:
        return {} if self._seen is None else {"key": self._seen.key, "value": self._seen.value}

    @property
    def seen(self) -> Seen | None:
        """What was stored, or None before the first call."""
        return self._seen

    def append(self, key: Tensor, value: Tensor, bias_positions: Tensor | None = None) -> Seen:
        _check_batch(self, key, self._batch)
        if self._seen is not None:
            raise ConfigurationError(Fault("cache (StaticCache)", "must be empty to take in a context"))
        if not self._differentiable:
            key, value = key.detach(), value.detach()
        self._seen = Seen(key, value, bias_positions=bias_positions)
        return self._seen

    def crop(self, length: int) -> None:
        self._check_crop(length)
        if 0 < length < self.length:
            must = f"must be 0 or {self.length}, because a context is kept whole"
            raise UnsupportedError(self._crop_fault(length, must, "Mask the keys with Padding."))
        if length == 0:
            self._seen = None

    def reorder(self, indices: Tensor) -> None:
        if indices.tolist() == list(range(self._batch)):  # As in most steps of a beam search: nothing is copied.
            return
        self._batch = indices.shape[0]
        if self._seen is not None:
            key, value, positions = self._seen.key, self._seen.value, self._seen.bias_positions
            if positions is not None and positions.shape[0] > 1:
                positions = positions.index_select(0, indices)
            self._seen = Seen(key.index_select(0, indices), value.index_select(0, indices), bias_positions=positions)

    @property
    def nbytes(self) -> int:
        return _nbytes(self.state)


def _of_batch(positions: Tensor, batch: int) -> Tensor:
    """Positions (B or 1, T, ...) as (B, 1, T, ...)."""
    return positions.expand(batch, *[-1] * (positions.dim() - 1)).unsqueeze(1)


def _nbytes(tensors: dict[str, Tensor]) -> int:
    return sum(tensor.untyped_storage().nbytes() for tensor in tensors.values())


def _check_batch(cache: Cache, key: Tensor, batch: int) -> None:
    if key.shape[0] != batch:
        raise ConfigurationError(
            Fault(f"batch ({type(cache).__name__})", f"must be {key.shape[0]}, as in x", str(batch))
        )
