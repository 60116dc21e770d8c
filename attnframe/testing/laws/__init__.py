"""The laws that every attention variant is held to, by subject: agreement, visibility, decoding, numerics, claims."""

from attnframe.testing.laws.law import Law

__all__ = ["Law"]
