"""Gives the wheel its dependency names from requirements.in; versions and hashes live in the lock file."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Dependencies(MetadataHookInterface):
    def update(self, metadata: dict) -> None:
        """Reads requirement names, leaving comments and blank lines out."""
        lines = (Path(self.root) / "requirements.in").read_text().splitlines()
        named = (line.split("#")[0].strip() for line in lines)
        metadata["dependencies"] = [name for name in named if name]
