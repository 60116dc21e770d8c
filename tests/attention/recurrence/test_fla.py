"""When the kernels of flash-linear-attention are used, and why not."""

from __future__ import annotations

import importlib

import pytest
import torch

from attnframe.attention.mixers import DeltaRuleMixer, GatedDeltaMixer, GatedLinearMixer, RetentionMixer
from attnframe.attention.mixers.recurrent import RecurrentMixer
from attnframe.attention.recurrence.fla import Kernel
from attnframe.masks import Causal, Documents

KERNEL = Kernel("fla.ops.gla", "chunk_gla")
MIXERS = [RetentionMixer, GatedLinearMixer, DeltaRuleMixer, GatedDeltaMixer]


def test_every_reason_is_given() -> None:
    documents = Causal() & Documents(torch.zeros(1, 3).long())
    found = KERNEL.why_not(torch.device("cpu"), torch.float32, 300, documents)
    assert found == [
        "its kernels run on CUDA, and the tensors are on cpu",
        "its kernels take half precision, not float32",
        "its kernels take heads of at most 256 features, not 300",
        "a mask of documents is not handed over as lengths",
    ]


def test_half_precision_on_cuda_is_served() -> None:
    assert KERNEL.why_not(torch.device("cuda"), torch.bfloat16, 64, Causal()) == []


@pytest.mark.parametrize("mixer", MIXERS)
def test_each_mixer_names_a_kernel_that_the_package_has(mixer: type[RecurrentMixer]) -> None:
    kernel = mixer.kernel
    specification = importlib.util.find_spec("fla")
    assert specification is not None
    assert specification.submodule_search_locations is not None
    path = (
        f"{specification.submodule_search_locations[0]}/{kernel.module.removeprefix('fla.').replace('.', '/')}/chunk.py"
    )
    with open(path, encoding="utf-8") as file:
        assert f"def {kernel.function}(" in file.read()
