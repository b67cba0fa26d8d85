"""The tables and transcripts of the tests."""

from pathlib import Path
from typing import Any

import yaml


def table(name: str) -> Any:
    """A YAML file beside the tests, read by the quick reader."""
    return yaml.load((Path(__file__).parent / name).read_text(), Loader=yaml.CSafeLoader)
