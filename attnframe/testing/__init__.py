"""The conformance suites, shipped so that outside variants and plugins can run them. Names load on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

_HOME = {
    "attention_checks": "attnframe.testing.attention",
    "check_attention": "attnframe.testing.attention",
    "check_plugin": "attnframe.testing.plugin",
    "parametrize_attention": "attnframe.testing.attention",
    "parametrize_plugins": "attnframe.testing.plugin",
    "plugin_checks": "attnframe.testing.plugin",
}

__all__ = [
    "attention_checks",
    "check_attention",
    "check_plugin",
    "parametrize_attention",
    "parametrize_plugins",
    "plugin_checks",
]

if TYPE_CHECKING:
    from attnframe.testing.attention import attention_checks, check_attention, parametrize_attention
    from attnframe.testing.plugin import check_plugin, parametrize_plugins, plugin_checks


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'attnframe.testing' has no attribute {name!r}; public names: {', '.join(__all__)}")
