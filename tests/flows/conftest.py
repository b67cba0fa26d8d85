"""What is the same for every test of the questionnaire."""

import pytest


@pytest.fixture(autouse=True)
def _rehearses() -> None:
    """Nothing here has a database, so no change runs twice and nothing is kept warm for it (tests/conftest.py)."""
