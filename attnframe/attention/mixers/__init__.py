"""Mixers: how the values of visible keys become outputs."""

from attnframe.attention.mixers.coarse_to_fine import CoarseToFineMixer
from attnframe.attention.mixers.cosformer import CosformerMixer
from attnframe.attention.mixers.delta_rule import DeltaRuleMixer
from attnframe.attention.mixers.differential import DifferentialMixer
from attnframe.attention.mixers.gated import GatedMixer
from attnframe.attention.mixers.gated_delta import GatedDeltaMixer
from attnframe.attention.mixers.gated_linear import GatedLinearMixer
from attnframe.attention.mixers.linear import LinearMixer
from attnframe.attention.mixers.linformer import LinformerMixer
from attnframe.attention.mixers.native_sparse import NativeSparseMixer
from attnframe.attention.mixers.nystrom import NystromMixer
from attnframe.attention.mixers.pattern import PatternMixer
from attnframe.attention.mixers.performer import PerformerMixer
from attnframe.attention.mixers.retention import RetentionMixer
from attnframe.attention.mixers.skip import SkipMixer
from attnframe.attention.mixers.softmax import SoftmaxMixer
from attnframe.attention.mixers.talking_heads import TalkingHeadsMixer
from attnframe.attention.mixers.uniform import UniformMixer
from attnframe.attention.mixers.window import WindowMixer

__all__ = [
    "CoarseToFineMixer",
    "CosformerMixer",
    "DeltaRuleMixer",
    "DifferentialMixer",
    "GatedDeltaMixer",
    "GatedLinearMixer",
    "GatedMixer",
    "LinearMixer",
    "LinformerMixer",
    "NativeSparseMixer",
    "NystromMixer",
    "PatternMixer",
    "PerformerMixer",
    "RetentionMixer",
    "SkipMixer",
    "SoftmaxMixer",
    "TalkingHeadsMixer",
    "UniformMixer",
    "WindowMixer",
]
