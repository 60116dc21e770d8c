"""Training speed beside other libraries: one whole step of each in turn, on CPU in float32.

    python benchmarks/peers.py [CASE ...] [--seconds 20] [--threads 2]

Cases: vit, lm, seq2seq, patches, inverted, gat, recommendation, recommendation_own, asr, attention; all when none is
named.
Peers come from PyPI: timm torchvision transformers x-transformers torch-geometric torchaudio.
The record of a case, benchmarks/results/speed-CASE.json, holds the median over rounds of each peer's time over ours.
Bars: 0.98 over the fastest peer for whole models,
0.95 over bare scaled_dot_product_attention with the same projections for the attention layer.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

import torch
import torch.nn.functional as F
from interleaved import Step, rounds, write
from torch import Tensor, nn

from attnframe import Attention
from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.learned import LearnedScheme
from attnframe.recipes.position.none import NoPositionScheme

if TYPE_CHECKING:
    from attnframe_timeseries.recipes.forecast_model import ForecastModel

PICTURES, TOKENS = 64, (8, 256)
LAYER = (4, 1024, 512)
HISTORIES = (128, 50, 3416)
"""Users, items of each, and items in all."""
SERIES = (32, 7, 96)
SPEECH = (8, 200, 80)
"""Recordings, frames of each, and channels."""
GRAPH = (2708, 1433, 10_556)
SENTENCES, VOCABULARY = (64, 24), 10_000


def training(model: nn.Module, loss: Callable[[], Tensor]) -> Step:
    """One step of AdamW as torch has it by default."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model.train()

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    return step


def vit_ours() -> Step:
    """Our vision plugin's model: pictures arrive as bytes and are scaled in the step."""
    from attnframe_vision.classifier import ImageClassifier
    from attnframe_vision.recipes.transformer import ImageTransformer

    classes = [str(label) for label in range(10)]
    facts = {"classes": classes, "channels": 3, "size": [32, 32], "mean": [0.5] * 3, "std": [0.25] * 3}
    model = ImageTransformer(dim=192, depth=6, patch_size=4, pool="class_token")
    parts = Parts(attention=MultiHeadAttention(num_heads=3), position=LearnedScheme(), model=model)
    module = ImageClassifier(parts, facts)
    pictures = torch.randint(256, (PICTURES, 3, 32, 32), dtype=torch.uint8)
    batch = {"pictures": pictures, "labels": torch.randint(10, (PICTURES,))}
    return training(module, lambda: module.loss(batch)[0])


def vit_timm() -> Step:
    from timm.models.vision_transformer import VisionTransformer

    model = VisionTransformer(img_size=32, patch_size=4, embed_dim=192, depth=6, num_heads=3, num_classes=10)
    return vit(model)


def vit_torchvision() -> Step:
    from torchvision.models.vision_transformer import VisionTransformer

    model = VisionTransformer(
        image_size=32, patch_size=4, num_layers=6, num_heads=3, hidden_dim=192, mlp_dim=768, num_classes=10
    )
    return vit(model)


def vit(model: nn.Module) -> Step:
    pictures, labels = torch.randn(PICTURES, 3, 32, 32), torch.randint(10, (PICTURES,))
    return training(model, lambda: F.cross_entropy(model(pictures), labels))


def lm_ours() -> Step:
    """Our nlp plugin's model with the peers' parts: layer norm, GELU, learned positions, a head of its own."""
    from attnframe_nlp.language_model import LanguageModel
    from attnframe_nlp.recipes.transformer import TransformerLanguageModel

    model = TransformerLanguageModel(dim=256, depth=4, norm="layer", activation="gelu", tied=False)
    parts = Parts(attention=MultiHeadAttention(num_heads=4), position=LearnedScheme(), model=model)
    module = LanguageModel(parts, {"vocabulary_size": 65, "context": TOKENS[1]})
    tokens = torch.randint(65, (TOKENS[0], TOKENS[1] + 1))
    batch = {"tokens": tokens[:, :-1], "targets": tokens[:, 1:]}
    return training(module, lambda: module.loss(batch)[0])


def lm_transformers() -> Step:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=65, n_positions=256, n_embd=256, n_layer=4, n_head=4,
        resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, use_cache=False, bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    model = GPT2LMHeadModel(config)
    tokens = torch.randint(65, TOKENS)
    return training(model, lambda: model(tokens, labels=tokens).loss)


def lm_x_transformers() -> Step:
    from x_transformers import Decoder, TransformerWrapper

    layers = Decoder(dim=256, depth=4, heads=4, attn_flash=True)
    model = TransformerWrapper(num_tokens=65, max_seq_len=256, attn_layers=layers)
    tokens = torch.randint(65, (TOKENS[0], TOKENS[1] + 1))
    return training(model, lambda: F.cross_entropy(model(tokens[:, :-1]).transpose(1, 2), tokens[:, 1:]))


def seq2seq_ours() -> Step:
    """Our nlp plugin's translator with the peers' parts: layer norm, GELU, learned positions, dropout 0.1."""
    from attnframe_nlp.recipes.translation_transformer import TranslationTransformer
    from attnframe_nlp.translator import Translator

    model = TranslationTransformer(dim=256, depth=3, norm="layer", activation="gelu", dropout=0.1, label_smoothing=0)
    parts = Parts(attention=MultiHeadAttention(num_heads=4), position=LearnedScheme(), model=model)
    facts = {"joint": True, "target_size": VOCABULARY, "source_size": VOCABULARY, "max_length": 64}
    module = Translator(parts, facts)
    batch = {
        "source": torch.randint(3, VOCABULARY, SENTENCES),
        "target": torch.randint(3, VOCABULARY, (SENTENCES[0], SENTENCES[1] + 1)),
    }
    return training(module, lambda: module.loss(batch)[0])


def seq2seq_transformers() -> Step:
    from transformers import MarianConfig, MarianMTModel

    config = MarianConfig(
        vocab_size=VOCABULARY, d_model=256, encoder_layers=3, decoder_layers=3, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=1024, decoder_ffn_dim=1024, max_position_embeddings=64,
        pad_token_id=0, eos_token_id=1, decoder_start_token_id=2, use_cache=False,
    )  # fmt: skip
    model = MarianMTModel(config)
    source, target = torch.randint(3, VOCABULARY, SENTENCES), torch.randint(3, VOCABULARY, SENTENCES)
    return training(model, lambda: model(input_ids=source, labels=target).loss)


class TorchTranslator(nn.Module):
    """torch's transformer between embeddings that are its head too."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 256)
        self.positions = nn.Parameter(torch.zeros(SENTENCES[1], 256))
        self.network = nn.Transformer(256, 4, 3, 3, 1024, 0.1, activation="gelu", batch_first=True, norm_first=True)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        read, written = (self.embedding(tokens) + self.positions for tokens in (source, target))
        return self.network(read, written, tgt_mask=mask, tgt_is_causal=True) @ self.embedding.weight.T


def seq2seq_torch() -> Step:
    model = TorchTranslator()
    source, target = torch.randint(VOCABULARY, SENTENCES), torch.randint(VOCABULARY, SENTENCES)
    return training(model, lambda: F.cross_entropy(model(source, target).flatten(0, 1), target.flatten()))


def forecaster(model: ForecastModel, heads: int) -> Step:
    """Our timeseries plugin's module on windows of 7 channels, 96 rows to 96, beside the peers' parts: learned
    positions (the inverted model has none), dropout 0.1, no linear skip."""
    from attnframe_timeseries.forecaster import Forecaster

    channels, rows = SERIES[1:]
    names = [f"channel {number}" for number in range(channels)]
    facts = {"channels": names, "mean": [0.0] * channels, "std": [1.0] * channels, "lookback": rows, "horizon": rows}
    position = NoPositionScheme() if model.name == "inverted" else LearnedScheme()
    module = Forecaster(Parts(attention=MultiHeadAttention(num_heads=heads), position=position, model=model), facts)
    batch = {"past": torch.randn(SERIES), "future": torch.randn(SERIES)}
    return training(module, lambda: module.loss(batch)[0])


def patches_ours() -> Step:
    from attnframe_timeseries.recipes.patches import PatchesRecipe

    return forecaster(PatchesRecipe(dim=128, depth=3, mlp_ratio=2.0, dropout=0.1, patch_size=16, stride=8), 16)


def patches_transformers() -> Step:
    from transformers import PatchTSTConfig, PatchTSTForPrediction

    batch, channels, rows = SERIES
    config = PatchTSTConfig(
        num_input_channels=channels, context_length=rows, prediction_length=rows, patch_length=16, patch_stride=8,
        d_model=128, num_attention_heads=16, ffn_dim=256, num_hidden_layers=3, attention_dropout=0.1, ff_dropout=0.1,
        scaling="std", loss="mse",
    )  # fmt: skip
    model = PatchTSTForPrediction(config)
    past, future = torch.randn(batch, rows, channels), torch.randn(batch, rows, channels)
    return training(model, lambda: model(past_values=past, future_values=future).loss)


def inverted_ours() -> Step:
    from attnframe_timeseries.recipes.inverted import InvertedRecipe

    return forecaster(InvertedRecipe(dim=128, depth=2, mlp_ratio=1.0, dropout=0.1), 8)


class TorchInverted(nn.Module):
    """An iTransformer of torch's encoder layers, with reversible normalisation."""

    def __init__(self) -> None:
        super().__init__()
        rows = SERIES[2]
        self.embedding, self.head = nn.Linear(rows, 128), nn.Linear(128, rows)
        layer = nn.TransformerEncoderLayer(128, 8, 128, 0.1, "gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(128), enable_nested_tensor=False)

    def forward(self, past: Tensor) -> Tensor:
        mean, deviation = past.mean(1, keepdim=True), past.std(1, keepdim=True, unbiased=False) + 1e-5
        tokens = self.encoder(self.embedding(((past - mean) / deviation).transpose(1, 2)))
        return self.head(tokens).transpose(1, 2) * deviation + mean


def inverted_torch() -> Step:
    batch, channels, rows = SERIES
    model = TorchInverted()
    past, future = torch.randn(batch, rows, channels), torch.randn(batch, rows, channels)
    return training(model, lambda: F.mse_loss(model(past), future))


def spoken() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Features, frames of each recording, letters, and the length of each transcript."""
    recordings, frames, _ = SPEECH
    lengths = torch.full((recordings,), 30)
    return torch.randn(SPEECH), torch.full((recordings,), frames), torch.randint(1, 32, (recordings, 30)), lengths


def asr_ours() -> Step:
    """Our speech plugin's module without subsampling; features are normalised in the step."""
    from attnframe_speech.recipes.recogniser_models import RecogniserConformer
    from attnframe_speech.recogniser import Recogniser

    _, frames, mels = SPEECH
    facts = {
        "letters": [chr(65 + number) for number in range(31)], "frontend": {"name": "log_mel", "mels": mels},
        "frames": frames, "centre": True, "mean": [0.0] * mels, "std": [1.0] * mels,
    }  # fmt: skip
    model = RecogniserConformer(dim=144, depth=4, subsampling=1, kernel_size=31)
    module = Recogniser(Parts(MultiHeadAttention(num_heads=4), NoPositionScheme(), model), facts)
    batch = dict(zip(("features", "frames", "letters", "lengths"), spoken(), strict=True))
    return training(module, lambda: module.loss(batch)[0])


def asr_torchaudio() -> Step:
    from torchaudio.models import Conformer

    conformer = Conformer(input_dim=144, num_heads=4, ffn_dim=576, num_layers=4, depthwise_conv_kernel_size=31)
    inner, outer = nn.Linear(SPEECH[2], 144), nn.Linear(144, 32)
    features, frames, letters, lengths = spoken()

    def loss() -> Tensor:
        states, _ = conformer(inner(features), frames)
        return F.ctc_loss(outer(states).log_softmax(2).transpose(0, 1), letters, frames, lengths)

    return training(nn.ModuleList([conformer, inner, outer]), loss)


def citations() -> tuple[Tensor, Tensor, Tensor]:
    """A graph as large as Cora: features, of which one in 79 is not 0, edges both ways, and labels of 140 nodes."""
    features = torch.rand(GRAPH[0], GRAPH[1]) * (torch.rand(GRAPH[0], GRAPH[1]) < 0.0127)
    edges = torch.randint(GRAPH[0], (2, GRAPH[2]))
    return features, edges[:, edges[0] != edges[1]].unique(dim=1), torch.randint(7, (140,))


def gat_ours() -> Step:
    """Our graph plugin's module as `data=cora` sets it; the graph lists its self-loops."""
    from attnframe_graph.node_classifier import NodeClassifier
    from attnframe_graph.recipes.graph_network import ClassifyingNetwork

    from attnframe.recipes.attention.gat import GraphAttention

    features, edges, labels = citations()
    loops = torch.arange(GRAPH[0]).expand(2, -1)
    facts = {"classes": [str(n) for n in range(7)], "features": [str(n) for n in range(GRAPH[1])], "nodes": GRAPH[0]}
    model = ClassifyingNetwork(dim=64, depth=2, dropout=0.6, feature_dropout=0.6)
    parts = Parts(attention=GraphAttention(num_heads=8, dropout=0.6), position=NoPositionScheme(), model=model)
    module = NodeClassifier(parts, facts)
    batch = {"nodes": torch.arange(140), "labels": labels, "features": features}
    batch["edges"] = torch.cat([edges, loops], 1)
    return training(module, lambda: module.loss(batch)[0])


class GeometricGat(nn.Module):
    """GAT 8 x 8 of torch-geometric's layers, which add the self-loops."""

    def __init__(self) -> None:
        super().__init__()
        from torch_geometric.nn import GATConv

        self.inner = GATConv(GRAPH[1], 8, heads=8, dropout=0.6)
        self.outer = GATConv(64, 7, heads=1, concat=False, dropout=0.6)

    def forward(self, features: Tensor, edges: Tensor) -> Tensor:
        hidden = F.elu(self.inner(F.dropout(features, 0.6, self.training), edges))
        logits: Tensor = self.outer(F.dropout(hidden, 0.6, self.training), edges)
        return logits


def gat_geometric() -> Step:
    features, edges, labels = citations()
    model = GeometricGat()
    return training(model, lambda: F.cross_entropy(model(features, edges)[:140], labels))


def histories() -> Tensor:
    """Full histories (128, 50) of items."""
    batch, length, number = HISTORIES
    return torch.randint(1, number + 1, (batch, length))


def recommender(attention_dropout: float, loss: Literal["bce", "sampled_softmax"], negatives: int) -> Step:
    """Our recommendation plugin's module, without the skip, on the peer's shapes."""
    from attnframe_recommendation.recipes.interactions import nominal
    from attnframe_recommendation.recipes.sequential_transformer import SequentialTransformer
    from attnframe_recommendation.recommender import SequentialRecommender

    _, length, number = HISTORIES
    model = SequentialTransformer(
        dim=50, depth=2, dropout=0.2, mlp_ratio=1.0, activation="relu", loss=loss, negatives=negatives,
        transition_skip=False,
    )  # fmt: skip
    attention = MultiHeadAttention(num_heads=1, dropout=attention_dropout)
    module = SequentialRecommender(
        Parts(attention=attention, position=LearnedScheme(), model=model), nominal(number, length)
    )
    items = histories()
    places = items.flatten().nonzero().squeeze(1)
    none = places[:0]
    given = {
        "items": items, "lengths": (items > 0).sum(1), "places": places,
        "targets": torch.randint(1, number + 1, places.shape), "held_places": none, "held_targets": none,
    }  # fmt: skip
    return training(module, lambda: module.loss(given)[0])


def recommender_equal() -> Step:
    """Every dropout of the peer, and its loss."""
    return recommender(0.2, "bce", 1)


def recommender_own() -> Step:
    """The plugin's own recipe: no dropout of attention weights, negatives that a batch shares."""
    return recommender(0.0, "sampled_softmax", 128)


class TorchRecommender(nn.Module):
    """SASRec of torch's attention: pre-norm blocks, one table of items at both ends."""

    def __init__(self) -> None:
        super().__init__()
        _, length, number = HISTORIES
        self.items, self.positions = nn.Embedding(number + 1, 50, padding_idx=0), nn.Embedding(length, 50)
        self.blocks = nn.ModuleList(
            nn.ModuleDict(
                {
                    "attention_norm": nn.LayerNorm(50),
                    "attention": nn.MultiheadAttention(50, 1, dropout=0.2, batch_first=True),
                    "feed": nn.Sequential(
                        nn.LayerNorm(50),
                        nn.Linear(50, 50),
                        nn.Dropout(0.2),
                        nn.ReLU(),
                        nn.Linear(50, 50),
                        nn.Dropout(0.2),
                    ),
                }
            )
            for _ in range(2)
        )
        self.norm = nn.LayerNorm(50)
        self.register_buffer("hidden", ~torch.tril(torch.ones(length, length, dtype=torch.bool)))

    def forward(self, items: Tensor) -> Tensor:
        x = F.dropout(self.items(items) * 50**0.5 + self.positions.weight, 0.2, self.training)
        for block in self.blocks:
            read = block["attention_norm"](x)
            x = x + block["attention"](read, read, read, attn_mask=self.hidden)[0]
            x = x + block["feed"](x)
        out: Tensor = self.norm(x)
        return out


def recommender_torch() -> Step:
    model, (batch, length, number) = TorchRecommender(), HISTORIES
    items = histories()
    true, other = (torch.randint(1, number + 1, (batch, length)) for _ in range(2))

    def loss() -> Tensor:
        states = model(items)
        found = [(states * model.items(chosen)).sum(-1) for chosen in (true, other)]
        return (F.softplus(-found[0]) + F.softplus(found[1])).mean()

    return training(model, loss)


def attention_ours() -> Step:
    layer = Attention(LAYER[2], 8, causal=True, bias=True)
    x = torch.randn(LAYER, requires_grad=True)
    return lambda: layer(x).sum().backward()


def attention_sdpa() -> Step:
    batch, length, dim = LAYER
    inner, outer = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
    x = torch.randn(LAYER, requires_grad=True)

    def step() -> None:
        query, key, value = inner(x).view(batch, length, 3, 8, dim // 8).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        outer(mixed.transpose(1, 2).reshape(LAYER)).sum().backward()

    return step


def attention_torch() -> Step:
    layer = nn.MultiheadAttention(LAYER[2], 8, batch_first=True)
    x = torch.randn(LAYER, requires_grad=True)
    mask = torch.triu(torch.full((LAYER[1], LAYER[1]), float("-inf")), 1)
    return lambda: layer(x, x, x, need_weights=False, attn_mask=mask, is_causal=True)[0].sum().backward()


def attention_x_transformers() -> Step:
    from x_transformers.x_transformers import Attention as Other

    layer = Other(LAYER[2], heads=8, dim_head=64, causal=True, flash=True)
    x = torch.randn(LAYER, requires_grad=True)

    def step() -> None:
        out = layer(x)
        (out[0] if isinstance(out, tuple) else out).sum().backward()

    return step


@dataclass(frozen=True)
class Case:
    """One comparison.

    Args:
        what: in words.
        peers: builders by name; `ours` is held against them.
        bar: least ratio over the fastest of `against` (all peers when empty).
        packages: whose versions are recorded.
    """

    what: str
    ours: Callable[[], Step]
    peers: Mapping[str, Callable[[], Step]]
    bar: float
    packages: tuple[str, ...]
    against: tuple[str, ...] = ()


CASES = {
    "vit": Case(
        "training step, ViT 192 x 6, 3 heads, 32 x 32 pictures, patch 4, batch 64",
        vit_ours,
        {"timm": vit_timm, "torchvision": vit_torchvision},
        0.98,
        ("timm", "torchvision"),
    ),
    "lm": Case(
        "training step, decoder 256 x 4, 4 heads, context 256, batch 8, vocabulary 65",
        lm_ours,
        {"transformers GPT-2": lm_transformers, "x-transformers": lm_x_transformers},
        0.98,
        ("transformers", "x-transformers"),
    ),
    "seq2seq": Case(
        "training step, encoder-decoder 256 x 3 + 3, 4 heads, batch 64 x 24, vocabulary 10,000",
        seq2seq_ours,
        {"transformers Marian": seq2seq_transformers, "nn.Transformer": seq2seq_torch},
        0.98,
        ("transformers",),
        against=("transformers Marian",),
    ),
    "patches": Case(
        "training step, PatchTST 128 x 3, 16 heads, 7 channels, 96 rows to 96, batch 32, dropout 0.1",
        patches_ours,
        {"transformers PatchTST": patches_transformers},
        1.2,
        ("transformers",),
    ),
    "inverted": Case(
        "training step, iTransformer 128 x 2, 8 heads, 7 channels, 96 rows to 96, batch 32, dropout 0.1",
        inverted_ours,
        {"nn.TransformerEncoder": inverted_torch},
        1.2,
        (),
    ),
    "gat": Case(
        "training step, GAT 8 x 8 on a graph as large as Cora, dropout 0.6, full batch",
        gat_ours,
        {"torch-geometric": gat_geometric},
        2.0,
        ("torch-geometric",),
    ),
    "recommendation": Case(
        "training step, SASRec 50 x 2, length 50, batch 128, 3,416 items, dropout 0.2 everywhere, "
        "binary cross entropy, full histories",
        recommender_equal,
        {"torch SASRec": recommender_torch},
        1.2,
        (),
    ),
    "recommendation_own": Case(
        "training step, SASRec 50 x 2, length 50, batch 128, 3,416 items, full histories: our recipe (sampled softmax, "
        "no dropout of attention weights) beside the peer's",
        recommender_own,
        {"torch SASRec": recommender_torch},
        1.7,
        (),
    ),
    "asr": Case(
        "training step, Conformer 144 x 4, 4 heads, kernel 31, batch 8 x 200 frames of 80 channels, CTC",
        asr_ours,
        {"torchaudio Conformer": asr_torchaudio},
        0.98,
        ("torchaudio",),
    ),
    "attention": Case(
        "attention layer, forward and backward, 512 x 8 heads, 4 x 1024, causal",
        attention_ours,
        {
            "bare SDPA": attention_sdpa,
            "nn.MultiheadAttention": attention_torch,
            "x-transformers": attention_x_transformers,
        },
        0.95,
        ("x-transformers",),
        against=("bare SDPA",),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--seconds", type=float, default=20.0, help="time for each peer")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    if unknown := sorted(set(given.cases) - set(CASES)):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(CASES)}")
    torch.set_num_threads(given.threads)
    for name in given.cases or CASES:
        case = CASES[name]
        torch.manual_seed(0)
        steps = {"attnframe": case.ours(), **{peer: build() for peer, build in case.peers.items()}}
        times = rounds(steps, given.seconds)
        versions = {package: version(package) for package in case.packages}
        record = write(name, case.what, times, "attnframe", bar=case.bar, versions=versions)
        fastest = min(case.against or case.peers, key=record["milliseconds"].__getitem__)
        for peer, ratio in record["ratios"].items():
            print(f"{name}: attnframe beside {peer}: {ratio:.3f} ({record['milliseconds'][peer]:.1f} ms)")
        reached = "reached" if record["ratios"][fastest] >= case.bar else "missed"
        own = record["milliseconds"]["attnframe"]
        print(f"{name}: {own:.1f} ms; bar {case.bar} over {fastest} {reached}", flush=True)


if __name__ == "__main__":
    logging.getLogger("transformers").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="transformers|timm|x_transformers")
    main()
