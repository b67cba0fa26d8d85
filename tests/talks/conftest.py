"""What is the same for every talk in process."""

import pytest


@pytest.fixture(autouse=True)
def _samples(samples: None) -> None:
    """Not every change runs twice."""
