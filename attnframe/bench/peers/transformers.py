"""transformers: the attention of its models, with an output projection where a model keeps that elsewhere."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.bench.peers.base import Decoder, DecodingPeer, LayerPeer, Request
from attnframe.bench.peers.states import AROUND, StateLayer

_MODELS = "transformers.models"


class RotaryModelLayer(nn.Module):
    """A layer that wants rotations and a mask: here it gets angles of 0, and none.

    Args:
        layer: the model's attention. rotary_dim: features that it rotates.
        causal: whether a token sees only itself and what came before.
    """

    def __init__(self, layer: Any, rotary_dim: int, causal: bool) -> None:
        super().__init__()
        self.layer, self.rotary_dim = layer, rotary_dim
        layer.is_causal = causal

    def forward(self, x: Tensor, **more: Any) -> Tensor:
        still = x.new_ones(1, x.shape[1], self.rotary_dim), x.new_zeros(1, x.shape[1], self.rotary_dim)
        out: Tensor = self.layer(x, position_embeddings=still, attention_mask=None, **more)[0]
        return out


class Llama(LayerPeer):
    """Llama's attention on torch's fused kernel."""

    name = "transformers LlamaAttention, sdpa"
    package = "transformers"
    modules = (f"{_MODELS}.llama.modeling_llama",)
    variants = frozenset({"mha", "mqa", "gqa"})
    follows = frozenset({"num_kv_heads"})
    differs = "rotates by angles of 0"

    def build(self, request: Request) -> nn.Module:
        from transformers import LlamaConfig
        from transformers.models.llama.modeling_llama import LlamaAttention

        config = LlamaConfig(
            hidden_size=request.dim,
            num_attention_heads=request.num_heads,
            num_key_value_heads=request.num_kv_heads,
            head_dim=request.head_dim,
        )
        config._attn_implementation = "sdpa"
        return RotaryModelLayer(LlamaAttention(config, 0), request.head_dim, request.causal)


class Differential(LayerPeer):
    """DiffLlama's attention."""

    name = "transformers DiffLlamaAttention, sdpa"
    package = "transformers"
    modules = (f"{_MODELS}.diffllama.modeling_diffllama",)
    variants = frozenset({"differential"})
    follows = frozenset({"lambda_init"})
    differs = "rotates by angles of 0"

    def build(self, request: Request) -> nn.Module:
        from transformers import DiffLlamaConfig
        from transformers.models.diffllama.modeling_diffllama import DiffLlamaAttention

        half = request.head_dim // 2
        config = DiffLlamaConfig(
            hidden_size=request.dim,
            num_attention_heads=2 * request.num_heads,
            num_key_value_heads=2 * request.num_heads,
            head_dim=half,
        )
        config._attn_implementation = "sdpa"
        return RotaryModelLayer(DiffLlamaAttention(config, 0), half, request.causal)


class Gated(LayerPeer):
    """Qwen3-Next's attention."""

    name = "transformers Qwen3NextAttention, sdpa"
    package = "transformers"
    modules = (f"{_MODELS}.qwen3_next.modeling_qwen3_next",)
    variants = frozenset({"gated"})
    differs = "normalises queries and keys, rotates by angles of 0"

    def build(self, request: Request) -> nn.Module:
        from transformers import Qwen3NextConfig
        from transformers.models.qwen3_next.modeling_qwen3_next import Qwen3NextAttention

        config = Qwen3NextConfig(
            hidden_size=request.dim,
            num_attention_heads=request.num_heads,
            num_key_value_heads=request.num_heads,
            head_dim=request.head_dim,
        )
        config._attn_implementation = "sdpa"
        return RotaryModelLayer(Qwen3NextAttention(config, 0), request.head_dim, request.causal)


class Latent(LayerPeer):
    """DeepSeek-V3's attention, without a latent of the queries."""

    name = "transformers DeepseekV3Attention, sdpa"
    package = "transformers"
    modules = (f"{_MODELS}.deepseek_v3.modeling_deepseek_v3",)
    variants = frozenset({"mla"})
    follows = frozenset({"latent_dim", "rotary_dim"})
    differs = "rotates by angles of 0"

    def build(self, request: Request) -> nn.Module:
        from transformers import DeepseekV3Config
        from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3Attention

        recipe: Any = request.recipe
        config = DeepseekV3Config(
            hidden_size=request.dim,
            num_attention_heads=request.num_heads,
            num_key_value_heads=request.num_heads,
            q_lora_rank=None,
            kv_lora_rank=recipe.latent_dim or max(1, request.dim // 2),
            qk_rope_head_dim=recipe.rotary_dim,
            qk_nope_head_dim=request.head_dim,
            v_head_dim=request.head_dim,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        )
        config._attn_implementation = "sdpa"
        return RotaryModelLayer(DeepseekV3Attention(config, 0), recipe.rotary_dim, request.causal)


class Projected(nn.Module):
    """An attention and the output projection that its model keeps elsewhere.

    Args:
        layer: the attention. dim: model width D. more: what it wants besides x.
    """

    def __init__(self, layer: nn.Module, dim: int, **more: Any) -> None:
        super().__init__()
        self.layer, self.output_proj, self.more = layer, nn.Linear(dim, dim), more

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.output_proj(self.layer(x, **self.more)[0])
        return out


class Nystromformer(LayerPeer):
    """The Nyströmformer's attention."""

    name = "transformers NystromformerSelfAttention"
    package = "transformers"
    modules = (f"{_MODELS}.nystromformer.modeling_nystromformer",)
    variants = frozenset({"nystrom"})
    follows = frozenset({"num_landmarks", "kernel_size"})
    modes = frozenset({False})
    differs = "begins its pseudo-inverse from one norm for all"

    def limits(self, request: Request) -> Iterator[str]:
        recipe: Any = request.recipe
        if request.length % recipe.num_landmarks:
            yield f"wants a multiple of {recipe.num_landmarks} tokens"

    def build(self, request: Request) -> nn.Module:
        from transformers import NystromformerConfig
        from transformers.models.nystromformer.modeling_nystromformer import NystromformerSelfAttention

        recipe: Any = request.recipe
        config = NystromformerConfig(
            hidden_size=request.dim,
            num_attention_heads=request.num_heads,
            num_landmarks=recipe.num_landmarks,
            segment_means_seq_len=request.length,
            conv_kernel_size=recipe.kernel_size,
        )
        untyped: Any = NystromformerSelfAttention
        return Projected(untyped(config).eval(), request.dim)


class Longformer(LayerPeer):
    """Longformer's attention in sliding chunks, without global tokens or with the first ones global."""

    name = "transformers LongformerSelfAttention"
    package = "transformers"
    modules = (f"{_MODELS}.longformer.modeling_longformer",)
    variants = frozenset({"window", "global_local"})
    follows = frozenset({"window", "num_global"})
    modes = frozenset({False})
    differs = "projects global tokens by matrices of their own"

    def limits(self, request: Request) -> Iterator[str]:
        window = getattr(request.recipe, "window", 0)
        if not isinstance(window, int):
            yield "sees as far to both sides"
        elif window < 1 or request.length % (2 * window):
            yield f"wants a multiple of {2 * window} tokens"

    def build(self, request: Request) -> nn.Module:
        from transformers import LongformerConfig
        from transformers.models.longformer.modeling_longformer import LongformerSelfAttention

        recipe: Any = request.recipe
        config = LongformerConfig(
            hidden_size=request.dim, num_attention_heads=request.num_heads, attention_window=[2 * recipe.window]
        )
        glob = torch.zeros(request.batch, request.length, dtype=torch.bool)
        glob[:, : getattr(recipe, "num_global", 0)] = True
        untyped: Any = LongformerSelfAttention
        return Projected(
            untyped(config, 0).eval(),
            request.dim,
            attention_mask=glob * 10000.0,
            is_index_masked=torch.zeros_like(glob),
            is_index_global_attn=glob,
            is_global_attn=bool(glob.any()),
        )


class BigBird(LayerPeer):
    """BigBird's attention over blocks."""

    name = "transformers BigBirdBlockSparseAttention"
    package = "transformers"
    modules = (f"{_MODELS}.big_bird.modeling_big_bird",)
    variants = frozenset({"bigbird"})
    follows = frozenset({"block", "num_random", "pattern_seed"})
    modes = frozenset({False})
    differs = "draws other random blocks"

    def limits(self, request: Request) -> Iterator[str]:
        recipe: Any = request.recipe
        blocks = request.length // recipe.block
        if request.length % recipe.block or blocks <= 4 + 2 * recipe.num_random + 1:
            yield f"wants a multiple of {recipe.block} tokens, more than {4 + 2 * recipe.num_random + 1} blocks"

    def build(self, request: Request) -> nn.Module:
        from transformers import BigBirdConfig
        from transformers.models.big_bird import modeling_big_bird as package

        recipe: Any = request.recipe
        config = BigBirdConfig(
            hidden_size=request.dim,
            num_attention_heads=request.num_heads,
            num_random_blocks=recipe.num_random,
            block_size=recipe.block,
            max_position_embeddings=request.length,
        )
        untyped: Any = package.BigBirdBlockSparseAttention
        everyone = torch.ones(request.batch, request.length)
        masks = package.BigBirdModel.create_masks_for_block_sparse_attn(everyone, recipe.block)
        blocked, band, rows, columns = masks
        more = {"band_mask": band, "from_mask": rows, "to_mask": columns}
        more |= {"from_blocked_mask": blocked, "to_blocked_mask": blocked}
        return Projected(untyped(config, seed=recipe.pattern_seed).eval(), request.dim, **more)


class GatedDelta(LayerPeer):
    """The chunked gated delta rule that Qwen3-Next falls back to without kernels."""

    name = "transformers torch_chunk_gated_delta_rule"
    package = "transformers"
    modules = (f"{_MODELS}.qwen3_next.modeling_qwen3_next",)
    variants = frozenset({"gated_delta"})
    modes = frozenset({True})
    differs = AROUND

    def build(self, request: Request) -> nn.Module:
        from transformers.models.qwen3_next import modeling_qwen3_next as package

        plain = inspect.unwrap(package.torch_chunk_gated_delta_rule)  # not the kernel of Triton that stands before it

        def rule(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            decay, rate = -F.softplus(signals[..., 0]), signals[..., 1].sigmoid()
            out: Tensor = plain(query, key, value, g=decay, beta=rate)[0]
            return out

        return StateLayer(request, rule, width=2, gated=True, silu=True)


class CachedDecoder(Decoder):
    """An attention of the models with a cache that grows by concatenation."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        from transformers import DynamicCache

        self.layer, self.cache = layer, DynamicCache()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x, cache=self.cache)
        return out

    def rewind(self, length: int) -> None:
        if length < self.cache.get_seq_length():
            self.cache.crop(length - self.cache.get_seq_length())

    @property
    def nbytes(self) -> int:
        layers: Any = self.cache.layers
        return sum(int(layer.keys.nbytes + layer.values.nbytes) for layer in layers)


class CachedPeer(DecodingPeer, ABC):
    """The attention of a model with a cache, in the place of a layer without."""

    @staticmethod
    @abstractmethod
    def layer() -> LayerPeer:
        """The layer without a cache."""

    def __init_subclass__(cls) -> None:
        layer = cls.layer()
        cls.name, cls.package, cls.modules = f"{layer.name}, DynamicCache", layer.package, layer.modules
        cls.variants, cls.follows, cls.differs = layer.variants, layer.follows, layer.differs

    def build(self, request: Request) -> Decoder:
        return CachedDecoder(self.layer().build(request))


class LlamaDecoding(CachedPeer):
    """Llama's attention with a cache."""

    @staticmethod
    def layer() -> LayerPeer:
        return Llama()


class LatentDecoding(CachedPeer):
    """DeepSeek-V3's attention with a cache."""

    @staticmethod
    def layer() -> LayerPeer:
        return Latent()


class DifferentialDecoding(CachedPeer):
    """DiffLlama's attention with a cache."""

    @staticmethod
    def layer() -> LayerPeer:
        return Differential()


class GatedDecoding(CachedPeer):
    """Qwen3-Next's attention with a cache."""

    @staticmethod
    def layer() -> LayerPeer:
        return Gated()
