"""Vision transformers."""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from interleaved import Step
from torch import nn

from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.learned import LearnedScheme
from steps.base import Case, training

PICTURES: Final = 64


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


CASES: Final[dict[str, Case]] = {
    "vit": Case(
        "training step, ViT 192 x 6, 3 heads, 32 x 32 pictures, patch 4, batch 64",
        vit_ours,
        {"timm": vit_timm, "torchvision": vit_torchvision},
        0.98,
        ("timm", "torchvision"),
    ),
}
