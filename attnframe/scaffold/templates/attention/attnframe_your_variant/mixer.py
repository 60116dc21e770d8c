"""The mixer: from queries, keys and values of each head to what each query takes."""

from torch import Tensor
from torch.nn.functional import softplus

from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.attention.normalisers import widened


class YourMixer(Mixer):
    """weight_j = softplus(s_j) / sum_i softplus(s_i) over the visible keys, s_j = <q, k_j> / sqrt(E)."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        """(B, H, T, E), 0 for a query that sees no key."""
        return self.weights(query, key, call, slice(None)) @ share_heads(query, value)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """(B, H, rows, S), for `attnframe explain` and `attnframe.capture`."""
        scaled = query[:, :, rows] * query.shape[-1] ** -0.5
        scores = scaled @ share_heads(query, key).mT
        if call.bias is not None:
            scores = scores + call.bias.scores(scaled, rows)
        shares = softplus(widened(scores)).masked_fill(~call.visible(rows), 0)  # in float32 where half is too coarse
        return (shares / shares.sum(-1, keepdim=True).clamp(min=1e-30)).to(query.dtype)
