"""One token after another with a cache, by the tokens that it holds."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.layer import Attention
from attnframe.bench.cases.base import Built, Case, Contender, Contest, Measure, count
from attnframe.bench.peers.base import Decoder, DecodingPeer, Request
from attnframe.errors import UnsupportedError
from attnframe.recipes.attention.mha import MultiHeadAttention

DECODED = 16
"""Tokens that a step decodes."""
REFERENCE = "attnframe, full attention"
"""Our own layer with a key and value for every token and head."""


class OurDecoder(Decoder):
    """One of our layers with its cache.

    Args:
        layer: causal. batch: sequences B. room: tokens at most.
    """

    def __init__(self, layer: Attention, batch: int, room: int) -> None:
        super().__init__()
        self.layer, self.cache = layer, layer.new_cache(batch, room)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x, cache=self.cache)
        return out

    def rewind(self, length: int) -> None:
        try:
            self.cache.crop(length)
        except UnsupportedError:  # It keeps no older past: its size does not change with tokens either.
            return

    @property
    def nbytes(self) -> int:
        return self.cache.nbytes


class DecodingCase(Case):
    """Tokens a second at a context."""

    name = "decoding"
    unit = "tokens of context"
    per_second = "tokens"
    cost = Measure("per_second", "tokens a second")
    room = Measure("cache_bytes", "cache (KiB)", 2**10)
    measures_memory = False

    def what(self) -> str:
        given = self.settings
        return (
            f"decoding with a cache, {DECODED} tokens a step one after another, width {self.chosen.width}, "
            f"{given.batch} sequence(s), {given.dtype}"
        )

    def units(self) -> int:
        return DECODED * self.settings.batch

    def contest(self, name: str, size: str) -> Contest:
        request = self.request(name, size)
        room = Request(request.recipe, request.dim, request.batch, request.length + DECODED, True)

        def ours() -> Built:
            return self._built(self._decoder(request), request)

        def theirs(peer: DecodingPeer) -> Built:
            made = self.place(lambda: peer.build(room))
            assert isinstance(made, Decoder)
            return self._built(made, request)

        def full() -> Built:
            recipe = MultiHeadAttention(num_heads=request.num_heads)
            plain = Request(recipe, request.dim, request.batch, request.length, True)
            return self._built(self._decoder(plain), request)

        reference = () if request.recipe.name == "mha" else (Contender(REFERENCE, "attnframe", full),)
        return self._gather(DecodingPeer, request, ours, theirs, reference, REFERENCE if reference else "attnframe")

    def _decoder(self, request: Request) -> Decoder:
        made = self.place(
            lambda: OurDecoder(request.recipe.build(request.dim, causal=True), request.batch, request.length + DECODED)
        )
        assert isinstance(made, Decoder)
        return made

    def _built(self, decoder: Decoder, request: Request) -> Built:
        decoder = decoder.eval()
        tokens = torch.split(self.random(request.batch, DECODED, request.dim), 1, dim=1)
        self._fill(decoder, request)

        @torch.inference_mode()
        def step() -> None:
            decoder.rewind(request.length)
            for token in tokens:
                decoder(token)
            self.wait()

        return Built(step, count(decoder), lambda: decoder.nbytes)

    @torch.inference_mode()
    def _fill(self, decoder: Decoder, request: Request) -> None:
        decoder(self.random(request.batch, request.length, request.dim))
        self.wait()
