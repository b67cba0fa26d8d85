"""The example in docs/writing-a-flow.md is a questionnaire."""

import re
from pathlib import Path

from flows.check import check
from flows.source import load_source

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "writing-a-flow.md"


def test_the_example_in_the_document_passes_the_check(tmp_path: Path) -> None:
    """What the document shows can be used as it stands."""
    example = re.search(r"```yaml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert example is not None
    (tmp_path / "small.yaml").write_text(example[1])
    assert check(load_source(tmp_path / "small.yaml"), lambda _context, text, _language: text, ["en"]) == []
