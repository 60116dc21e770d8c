"""Laws of visibility: what a query may not see has no influence, and what it may see counts whatever its place."""

from __future__ import annotations

import torch

from attnframe.interpretation import capture
from attnframe.masks import Dense, Documents, Full, Padding
from attnframe.testing.laws.law import (
    LENGTH,
    Law,
    Subject,
    apply,
    attempt,
    example_edges,
    lengths_mask,
    near,
    slope,
    visible,
)

LENGTHS = (LENGTH, 4, 1)
"""Real tokens of each row in the padding laws."""


def future_is_unseen(subject: Subject) -> None:
    """Changing later tokens changes no earlier output, and earlier outputs have no gradient in later tokens."""
    for position in subject.positions():
        layer = subject.layer(causal=True, position=position)
        x = subject.x()
        for now in range(LENGTH):
            changed = x.clone()
            changed[:, now + 1 :] += 10
            near(layer(changed)[:, : now + 1], layer(x)[:, : now + 1], f"outputs up to {now}", 1e-12)
        x.requires_grad_()
        found = slope(layer(x)[:, :3], x)
        assert not found[:, 3:].any(), "a later token has a gradient in an earlier output"
        assert found[:, :3].abs().sum(-1).all(), "an earlier token has no gradient: nothing was attended"


def padding_is_unseen(subject: Subject) -> None:
    """Whatever padding holds, NaN too, changes no real output and no gradient, and has none itself."""
    valid = lengths_mask(*LENGTHS)
    for causal in subject.modes():
        layer = subject.layer(causal=causal)
        results = []
        for filling in (0.0, 1e6, float("nan"), float("inf")):
            x = subject.x().masked_fill(~valid.unsqueeze(-1), filling).requires_grad_()
            out = layer(x, mask=Padding(valid))[valid]
            slopes = torch.autograd.grad(out.square().sum(), (x, *layer.parameters()))
            assert not slopes[0][~valid].any(), f"padding of {filling} has a gradient"
            results.append([out.detach(), *slopes])
        for other in results[1:]:
            for one, first in zip(other, results[0], strict=True):
                near(one, first, f"causal={causal}")


def padding_equals_cutting(subject: Subject) -> None:
    """A padded row gives what the row without its padding gives, wherever the padding stands."""
    for causal in subject.modes():
        for position in subject.positions():
            layer = subject.layer(causal=causal, position=position)
            x = subject.x()
            right = layer(x, mask=Padding(lengths_mask(*LENGTHS)))
            shift = torch.stack([row.roll(LENGTH - n, 0) for row, n in zip(x, LENGTHS, strict=True)])
            start = LENGTH - torch.tensor(LENGTHS).unsqueeze(1)
            positions = (torch.arange(LENGTH) - start).clamp(min=0)
            left = layer(shift, mask=Padding(lengths_mask(*LENGTHS).flip(1)), positions=positions)
            for row, length in enumerate(LENGTHS):
                alone = layer(x[row : row + 1, :length])[0]
                near(right[row, :length], alone, f"causal={causal}: padding on the right of row {row}")
                near(left[row, LENGTH - length :], alone, f"causal={causal}: padding on the left of row {row}")


def packing_equals_parting(subject: Subject) -> None:
    """Documents packed into one row give what they give alone."""
    lengths = (3, 1, 5)
    ids = torch.repeat_interleave(torch.arange(len(lengths)), torch.tensor(lengths)).unsqueeze(0)
    positions = torch.cat([torch.arange(length) for length in lengths]).unsqueeze(0)
    for causal in subject.modes():
        for position in subject.positions():
            layer = subject.layer(causal=causal, position=position)
            x = subject.x(1, sum(lengths))
            packed = layer(x, mask=Documents(ids), positions=positions)
            alone = torch.cat([layer(part) for part in torch.split(x, list(lengths), dim=1)], dim=1)
            near(packed, alone, f"causal={causal} position={type(position).__name__}")


def hidden_key_has_no_gradient(subject: Subject) -> None:
    """A key that a mask hides from every query has neither weight nor gradient."""
    hidden = 2
    tensor = torch.ones(LENGTH + 2, dtype=torch.bool)
    tensor[hidden] = False
    layer, x = subject.cross_layer(), subject.x()
    context = subject.context().requires_grad_()
    mask = Dense(tensor.view(1, -1).expand(LENGTH, -1).contiguous())
    found = slope(layer(x, context, mask=mask).square(), context)
    assert not found[:, hidden].any(), "the hidden key has a gradient"
    assert found[:, hidden + 1].any(), "the visible key has none"


def order_of_keys_is_nothing(subject: Subject) -> None:
    """Permuting keys together with their mask changes nothing."""
    order = torch.tensor([4, 0, 7, 2, 8, 1, 3, 6, 5])
    layer, x, context = subject.cross_layer(), subject.x(), subject.context()
    valid = lengths_mask(9, 5, 2, total=9)
    padded = Padding(valid), Padding(valid[:, order])
    near(layer(x, context[:, order], mask=padded[1]), layer(x, context, mask=padded[0]), "padding")


def order_of_tokens_is_nothing(subject: Subject) -> None:
    """Without a position, permuting the tokens of non-causal self attention permutes the outputs."""
    order = torch.tensor([4, 0, 6, 2, 1, 3, 5])
    layer, x = subject.layer(), subject.x()
    if isinstance(subject.recipe.own_mask(causal=False), Full):
        near(layer(x[:, order]), layer(x)[:, order], "outputs")


def rows_are_apart(subject: Subject) -> None:
    """Each row of a batch gives what it gives alone."""
    for causal in subject.modes():
        layer, x = subject.layer(causal=causal), subject.x()
        near(layer(x), torch.cat([layer(row.unsqueeze(0)) for row in x]), f"causal={causal}")


def nothing_visible_gives_zero(subject: Subject) -> None:
    """Rule E: output exactly 0 before the output projection, weights 0 and finite gradients, on every backend."""
    for one in subject.on_backends():
        for causal in subject.modes():
            masks = {"nothing": Dense(torch.zeros(LENGTH, LENGTH, dtype=torch.bool)), **subject.masks()}
            if "dense" not in subject.capabilities.masks:
                del masks["nothing"]
            if not causal and subject.capabilities.edges:
                masks["edges"] = example_edges(LENGTH, LENGTH)
            layer = one.layer(causal=causal)
            for name, mask in masks.items():
                what = f"causal={causal} mask={name} backend={getattr(one.recipe, 'backend', '')}"
                x = subject.x().requires_grad_()
                out = attempt(layer, x, mask=mask)
                if out is None:
                    continue
                applied = apply(layer, x, mask=mask)
                extent = applied.call.extent
                allowed = visible(subject.own(mask, causal), extent.batch, extent.heads, extent.queries, extent.keys)
                empty = ~allowed.any(dim=-1)
                assert not applied.mixed[empty].any(), f"{what}: an output without a visible key is not 0"
                assert empty.all() or applied.mixed[~empty].any(), f"{what}: every output is 0"
                assert slope(out, x).isfinite().all(), f"{what}: the gradient is not finite"
                if subject.capabilities.weights != "none":
                    with capture(layer) as captured:
                        layer(x, mask=mask)
                    assert not captured[""][empty].any(), f"{what}: a weight without a visible key is not 0"


def weights_are_shares(subject: Subject) -> None:
    """Captured weights are at least 0, are 0 for hidden keys and sum to one over the visible ones."""
    for causal in subject.modes():
        layer = subject.layer(causal=causal)
        for name, mask in {"full": Full(), **subject.masks()}.items():
            with capture(layer) as captured:
                layer(subject.x(), mask=mask)
            weights = captured[""]
            allowed = visible(subject.own(mask, causal), *weights.shape)
            assert not weights[~allowed].any(), f"causal={causal} mask={name}: a hidden key has weight"
            assert (weights >= 0).all(), f"causal={causal} mask={name}: a weight is negative"
            near(weights.sum(-1), allowed.any(-1).double(), f"causal={causal} mask={name}: sums of the weights")


LAWS = (
    Law("the future is unseen", future_is_unseen, lambda c: c.causal),
    Law("padding is unseen", padding_is_unseen, lambda c: "padding" in c.masks),
    Law("padding equals cutting", padding_equals_cutting, lambda c: "padding" in c.masks),
    Law("packing equals parting", packing_equals_parting, lambda c: "documents" in c.masks),
    Law("a hidden key has no gradient", hidden_key_has_no_gradient, lambda c: c.cross and "dense" in c.masks),
    Law(
        "the order of keys is nothing",
        order_of_keys_is_nothing,
        lambda c: c.cross and c.equivariant and "padding" in c.masks,
    ),
    Law("the order of tokens is nothing", order_of_tokens_is_nothing, lambda c: c.noncausal and c.equivariant),
    Law("rows of a batch are apart", rows_are_apart),
    Law("nothing visible gives zero", nothing_visible_gives_zero),
    Law("weights are shares", weights_are_shares, lambda c: c.weights != "none" and c.shares),
)
