"""Build hook: ship the shared configuration inside the package, where an installed attnframe finds it."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConfigurationHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"]["conf"] = "attnframe/conf"
