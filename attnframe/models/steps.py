"""Decoding of one token a sequence by operators alone, where calling the modules would take longer than the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeGuard

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.attention.backends.sdpa import attend_one
from attnframe.attention.cache import GrowingCache, StaticCache
from attnframe.attention.layer import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Softmax
from attnframe.attention.projections import SeparateProjections
from attnframe.attention.scores import ScaledDot
from attnframe.blocks import Block, BlockCache, FeedForward, LayerNorm
from attnframe.masks import Mask, Padding
from attnframe.positions import RotaryPosition

Map = Callable[[Tensor], Tensor]
Attend = Callable[[Tensor, BlockCache, "Tensor | None"], Tensor]
Ask = Callable[[Tensor, BlockCache, "Tensor | None", "Mask | None", "Tensor | None"], Tensor]
_FUSED = ("auto", "sdpa")


class Steps:
    """The sums of `Block.forward` for one new token of each sequence, in inference mode, its own past unmasked.

    Calling some ten modules a block takes as long as the work of a small model. So weights are gathered once, and a
    step runs their operators in the order of `Block`, `Attention` and `FeedForward`. What is not as those classes make
    it (another mixer or cache, a replaced linear map) is called as ever, and so is everything while a module has a hook
    or is in training. Steps belong to the caches made with them: weights may change in place, but not be replaced.

    The token of a single sequence is a vector (D,) all the way, which products of matrix and vector take as it is.

    Args:
        blocks: the blocks, first to last.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        blocks = list(blocks)
        self._modules = [module for block in blocks for module in block.modules()]
        self._hooks = [hooks for m in self._modules for hooks in (m._forward_hooks, m._forward_pre_hooks)]
        self._blocks = [_block(block) for block in blocks]
        self._rotates = any(isinstance(module, RotaryPosition) for module in self._modules)
        self._mask: Mask | None = None
        self._added: Tensor | None = None

    @property
    def possible(self) -> bool:
        """Whether steps may be taken now."""
        if not torch.is_inference_mode_enabled() or any(self._hooks):
            return False
        return not any(module.training for module in self._modules)

    def __call__(
        self, x: Tensor, caches: Sequence[BlockCache], context: Tensor | None = None, context_mask: Mask | None = None
    ) -> Tensor:
        """x (B, 1, D) after all blocks.

        Args:
            x: (B, 1, D).
            caches: one a block; read and extended.
            context: that of cross attention, which the caches have projected already, or do now.
            context_mask: who may see which part of it.
        """
        positions = None
        if self._rotates:
            positions = torch.full((1, 1), caches[0].self_attention.length, device=x.device)
        shown = self._shown(context_mask)
        shape = x.shape
        if shape[0] == 1:
            x = x.view(-1)
        for (self_norm, attend, cross_norm, ask, feed_norm, feed), cache in zip(self._blocks, caches, strict=True):
            x = x + attend(self_norm(x), cache, positions)
            if ask is not None:
                x = x + ask(cross_norm(x), cache, context, context_mask, shown)
            x = x + feed(feed_norm(x))
        return x.view(shape)

    def _shown(self, mask: Mask | None) -> Tensor | None:
        """Padding of a context as (B, 1, 1, S), what the fused kernel adds to scores; made once for each mask. None for
        another mask, and where a sequence is all padding, which that kernel cannot serve."""
        if mask is not self._mask:
            self._mask, self._added = mask, None
            if isinstance(mask, Padding) and bool(mask.valid.any(1).all()):
                added = torch.zeros(mask.valid.shape, device=mask.valid.device)
                self._added = added.masked_fill_(~mask.valid, float("-inf"))[:, None, None]
        return self._added


def _block(block: Block) -> tuple[Map, Attend, Map, Ask | None, Map, Map]:
    return (
        _norm(block.self_norm),
        _attention(block.self_attention),
        _norm(block.cross_norm) if block.cross_norm is not None else _same,
        _cross_attention(block.cross_attention) if block.cross_attention is not None else None,
        _norm(block.feed_forward_norm),
        _feed_forward(block.feed_forward),
    )


def _norm(norm: nn.Module) -> Map:
    if type(norm) is not LayerNorm:
        return _called(norm)
    weight, shape, eps = norm.weight, norm.weight.shape, norm.eps
    return lambda x: torch.layer_norm(x, shape, weight, None, eps)


def _feed_forward(layer: FeedForward) -> Map:
    if not _plain(layer.hidden, layer.output):
        return _called(layer)
    activate, first, second = layer.activate, _linear(layer.hidden), _linear(layer.output)
    return lambda x: second(activate(first(x)))


def _called(module: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A module or function of (B, 1, D) and more, for a vector too."""

    def apply(x: Tensor, *given: Any) -> Tensor:
        return module(x.view(1, 1, -1), *given).view(-1) if x.dim() == 1 else module(x, *given)

    return apply


def _linear(layer: nn.Linear) -> Map:
    """A linear map of one token a sequence; of a vector as the quicker product of matrix and vector."""
    weight, bias = layer.weight, layer.bias

    def apply(x: Tensor) -> Tensor:
        if x.dim() > 1:
            return F.linear(x, weight, bias)
        return torch.mv(weight, x) if bias is None else torch.addmv(bias, weight, x)

    return apply


def _attention(layer: Attention) -> Attend:
    @_called
    def call(x: Tensor, cache: BlockCache, positions: Tensor | None) -> Tensor:
        out: Tensor = layer(x, positions=positions, cache=cache.self_attention)
        return out

    position, maps = layer.position, layer.projections
    rotary = position if isinstance(position, RotaryPosition) else None
    if not _separate(maps) or rotary is not position:
        return call
    score = _scaled_dot(layer.mixer, maps.head_dim)
    if score is None:
        return call
    project, put_out = _linear(maps.input_proj), _linear(maps.output_proj)
    heads, shared, width = maps.num_heads, maps.num_kv_heads, maps.head_dim
    scale = score.scale

    def attend(x: Tensor, cache: BlockCache, positions: Tensor | None) -> Tensor:
        held = cache.self_attention
        if type(held) is not GrowingCache:
            return call(x, cache, positions)
        fused = project(x).view(-1, heads + 2 * shared, 1, width)
        if rotary is None or positions is None:
            query, key, value = fused.split_with_sizes((heads, shared, shared), 1)
        else:
            turning, value = fused.split_with_sizes((heads + shared, shared), 1)
            query, key = rotary.rotate(turning, positions).split_with_sizes((heads, shared), 1)
        seen = held.append(key, value)
        mixed = attend_one(query, seen.key, seen.value, scale)
        return put_out(mixed.reshape(*x.shape[:-1], -1))

    return attend


def _cross_attention(layer: Attention) -> Ask:
    @_called
    def call(x: Tensor, cache: BlockCache, context: Tensor | None, mask: Mask | None, shown: Tensor | None) -> Tensor:
        asking = x.reshape(-1, cache.copies, x.shape[2])
        out: Tensor = layer(asking, context, mask=mask, cache=cache.cross_attention)
        return out.reshape(x.shape)

    maps = layer.projections
    if layer.position is not None or not _separate(maps) or not isinstance(maps.query_proj, nn.Linear):
        return call
    score = _scaled_dot(layer.mixer, maps.head_dim)
    if score is None:
        return call
    project, put_out = _linear(maps.query_proj), _linear(maps.output_proj)
    heads, width, scale = maps.num_heads, maps.head_dim, score.scale
    grouped = heads != maps.num_kv_heads

    def ask(x: Tensor, cache: BlockCache, context: Tensor | None, mask: Mask | None, shown: Tensor | None) -> Tensor:
        held = cache.cross_attention
        seen = held.seen if type(held) is StaticCache else None
        if seen is None or (mask is not None and shown is None):
            return call(x, cache, context, mask, shown)
        query = project(x).view(-1, cache.copies, heads, width).transpose(1, 2)
        if shown is not None and shown.dtype != query.dtype:
            return call(x, cache, context, mask, shown)
        mixed = F.scaled_dot_product_attention(query, seen.key, seen.value, shown, scale=scale, enable_gqa=grouped)
        return put_out(mixed.transpose(1, 2).reshape(*x.shape[:-1], -1))

    return ask


def _same(x: Tensor) -> Tensor:
    return x


def _plain(*parts: nn.Module) -> bool:
    return all(type(part) is nn.Linear for part in parts)


def _separate(projections: nn.Module) -> TypeGuard[SeparateProjections]:
    """Whether projections are the plain linear maps, with nothing in between."""
    return (
        type(projections) is SeparateProjections
        and projections.query_norm is None
        and _plain(projections.input_proj, projections.output_proj)
    )


def _scaled_dot(mixer: nn.Module, head_dim: int) -> ScaledDot | None:
    """The score of a mixer that takes softmax of scaled dot products, by the fused kernel or any; else None."""
    if type(mixer) is not SoftmaxMixer or type(mixer.normaliser) is not Softmax or mixer.backend not in _FUSED:
        return None
    score = ScaledDot(head_dim) if mixer.score is None else mixer.score
    return score if type(score) is ScaledDot else None
