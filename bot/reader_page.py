"""The reader: one file with everything in it, which lawyers open on their own device (reader/, docs/reader.md).

`make reader` builds it, the same bytes from the same sources, and its SHA-256 stands in docs/reader.md.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from bot.speech.words import Words
from storage import harmless
from storage.opened import OpenedCase

PAGE = Path(__file__).parent / "reader.html"
_NOTHING_GIVEN = '<script type="application/json" id="opened">null</script>'


def sha256() -> str:
    """What a lawyer can compare the file with, hexadecimal."""
    return hashlib.sha256(PAGE.read_bytes()).hexdigest()


def with_cases(cases: Sequence[OpenedCase]) -> str:
    """The same page with opened cases in it, which it shows and does nothing else with: no key, no sealed file."""
    spoken = next((one.shown_in for one in cases if one.shown_in in Words.load().texts), "en")
    given = harmless.as_json({"language": spoken, "cases": [one.for_page() for one in cases]})
    # Data in a page ends at the first `</script`, wherever that stands: here no `<` is left to begin it.
    block = _NOTHING_GIVEN.replace("null", given.replace("<", "\\u003c"))
    before, found, after = PAGE.read_text(encoding="utf-8").partition(_NOTHING_GIVEN)
    assert found
    return before + block + after
