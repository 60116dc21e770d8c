"""Build hook: ship the shared configuration and the recorded baselines inside the package, where an installed attnframe
finds them."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConfigurationHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"]["conf"] = "attnframe/conf"
            build_data["force_include"]["benchmarks/results"] = "attnframe/records"
