"""Products of queries and keys as weights, without a normaliser."""

from __future__ import annotations

from torch import Tensor

from attnframe.attention.mixer import Call, Mixer, share_heads


class MeanProductMixer(Mixer):
    r"""Products of queries and keys as they are, over the number of visible keys (Wang et al. 2018,
    https://arxiv.org/abs/1711.07971, equation 4).

    .. math:: \mathrm{out}_i = \frac{1}{n_i} \sum_{j\ \mathrm{visible}} \langle q_i, k_j \rangle v_j

    Weights may be negative and sum to anything.
    """

    takes_bias = False

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        return self.weights(query, key, call, slice(None)) @ share_heads(query, value)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        visible = call.visible(rows)
        count = visible.sum(-1, keepdim=True).clamp(min=1)
        products = query[:, :, rows] @ share_heads(query, key).transpose(-1, -2)
        # A hidden value is 0 or finite (padding is zeroed by the layer), so a weight of 0 hides it.
        return products.masked_fill(~visible, 0.0) / count
