"""Recurrences over a matrix for each head, with parallel, chunked and step forms that agree."""

from attnframe.attention.recurrence.base import Recurrence
from attnframe.attention.recurrence.channel_decay import ChannelDecay
from attnframe.attention.recurrence.delta_rule import DeltaRule
from attnframe.attention.recurrence.scalar_decay import ScalarDecay
from attnframe.attention.recurrence.tokens import Tokens

__all__ = ["ChannelDecay", "DeltaRule", "Recurrence", "ScalarDecay", "Tokens"]
