"""Looking into attention while a model runs as ever: weights, entropy, sink mass, rollout, attribution, head
importance.

from attnframe.interpretation import capture, entropy

with capture(model, layers=[0, -1], measure=entropy) as captured:
    model(x)
"""

from attnframe.interpretation.attribution import Attribution, attribution
from attnframe.interpretation.entropy import entropy
from attnframe.interpretation.importance import HeadImportance, head_importance
from attnframe.interpretation.layers import attention_layers, watch
from attnframe.interpretation.logits import LogitSize, logit_size, scoring_mixers
from attnframe.interpretation.rollout import rollout
from attnframe.interpretation.sinks import sink_mass
from attnframe.interpretation.weights import Measure, capture, head_mean, weights_of

__all__ = [
    "Attribution",
    "HeadImportance",
    "LogitSize",
    "Measure",
    "attention_layers",
    "attribution",
    "capture",
    "entropy",
    "head_importance",
    "head_mean",
    "logit_size",
    "rollout",
    "scoring_mixers",
    "sink_mass",
    "watch",
    "weights_of",
]
