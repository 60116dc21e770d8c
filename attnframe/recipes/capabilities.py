"""What an attention variant can do, as data. Torch-free.

The declaration drives the conformance tests (a claimed cell must pass, an unclaimed one must raise), refuses bad pairs
while the configuration is composed, and prints the capability table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MaskKind = Literal["padding", "window", "prefix", "documents", "function", "dense"]
ALL_MASKS: frozenset[MaskKind] = frozenset({"padding", "window", "prefix", "documents", "function", "dense"})


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """Capabilities of one attention variant.

    Args:
        self_attention: queries and keys may come from the same sequence.
        causal: causal self attention.
        noncausal: self attention that sees both sides.
        cross: keys and values from another sequence.
        edges: attention over an edge list.
        masks: kinds of mask that are taken besides causal and edges.
        bias: an additive position bias (ALiBi) changes the weights.
        relative: where a bias does, one that depends on the query's features (Shaw) does too.
        rotary: rotary positions change the weights, or are at least harmless.
        weights: ``exact`` when the output is weights @ values; ``implied`` when weights are defined but never formed;
            ``none``.
        cache: how causal decoding keeps its past; ``none`` when it cannot decode step by step.
        dropout: dropout on the attention weights.
        exact: equals the reference softmax attention (under its mask and head structure); otherwise it is another
            function.
        shares: weights are at least 0 and sum to one over the visible keys.
        equivariant: without a position, permuting tokens permutes outputs, and permuting keys changes nothing.
        cost: growth of time and memory with n queries, m keys, window w.
    """

    self_attention: bool = True
    causal: bool = True
    noncausal: bool = True
    cross: bool = True
    edges: bool = True
    masks: frozenset[MaskKind] = ALL_MASKS
    bias: bool = True
    relative: bool = True
    rotary: bool = True
    weights: Literal["exact", "implied", "none"] = "exact"
    cache: Literal["growing", "ring", "latent", "recurrent", "none"] = "growing"
    dropout: bool = True
    exact: bool = True
    shares: bool = True
    equivariant: bool = True
    cost: Literal["n*m", "n*w", "n*log(n)", "n", "edges"] = "n*m"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a task asks of the attention variant; the counterpart of `Capabilities`.

    Args:
        causal: causal self attention.
        noncausal: self attention that sees both sides.
        cross: attention to another sequence.
        edges: attention over an edge list.
        masks: kinds of mask the task will pass.
    """

    causal: bool = False
    noncausal: bool = False
    cross: bool = False
    edges: bool = False
    masks: frozenset[MaskKind] = frozenset()

    def unmet(self, capabilities: Capabilities) -> list[str]:
        """Each need that the capabilities do not meet, in words."""
        found = [
            f"{name.replace('noncausal', 'non-causal')} attention"
            for name in ("causal", "noncausal", "cross", "edges")
            if getattr(self, name) and not getattr(capabilities, name)
        ]
        return found + [f"{kind} masks" for kind in sorted(self.masks - capabilities.masks)]
