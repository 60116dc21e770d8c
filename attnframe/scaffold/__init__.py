"""Packages that pass their conformance tests from the first minute: a plugin, an attention variant."""
