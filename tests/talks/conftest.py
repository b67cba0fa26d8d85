"""What is the same for every talk in process."""

from collections.abc import Iterator

import pytest

from tests.rehearsal import SAMPLE


@pytest.fixture(autouse=True)
def _samples(request: pytest.FixtureRequest, _rehearses: None) -> Iterator[None]:
    """Of the changes a sample runs twice, in which no kind is missing."""
    SAMPLE.begin(request.node.nodeid)
    yield
    SAMPLE.end()
