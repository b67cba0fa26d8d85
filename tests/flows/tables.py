"""The tables and transcripts of the tests."""

from pathlib import Path
from typing import Any

import msgspec
import yaml

from flows.model import Intake


def table(name: str) -> Any:
    """A YAML file beside the tests, read by the quick reader."""
    return yaml.load((Path(__file__).parent / name).read_text(), Loader=yaml.CSafeLoader)


def rested(intake: Intake) -> Intake:
    """An intake as it comes back after it has rested."""
    return msgspec.json.decode(msgspec.json.encode(intake), type=Intake)
