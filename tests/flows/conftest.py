"""What is the same for every test of the questionnaire."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _rehearses() -> None:
    """Nothing here has a database, so no change runs twice and nothing is kept warm for it (tests/conftest.py)."""


@pytest.fixture(scope="session", autouse=True)
def _compiles_once() -> None:
    """And nothing of the program is read for it."""


@pytest.fixture(scope="session", autouse=True)
def _stand() -> None:
    """Nor an instance made."""


@pytest.fixture(scope="package", autouse=True)
def _collects_afterwards() -> Iterator[None]:
    """Values without circles need no collector; its looking through all that was imported took a tenth of the time."""
    gc.disable()
    yield
    gc.enable()
