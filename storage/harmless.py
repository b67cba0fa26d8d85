r"""What somebody else has written, on a screen: it moves no cursor, turns no direction and hides nothing.

What would becomes visible as an escape, `\x1b`. reader/src/harmless.ts does the same.
"""

import json
import unicodedata
from typing import Any

LONGEST = 120
_OF_LETTERS = {"\u00ad", "\u200c", "\u200d"}  # soft hyphen and joiners: parts of words and of emoji


def shown(value: Any) -> Any:
    """A name or a number of a stranger's, in a line of ours; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if isinstance(value, int):
        return value
    escaped = "".join(one if one.isprintable() else _escape(one) for one in value)
    return escaped if len(escaped) <= LONGEST else f"{escaped[:LONGEST]}…"


def visible(text: str) -> str:
    """Running text as it was written, with its lines."""
    return text if text.isprintable() else "".join(_escape(one) if _steers(one) else one for one in text)


def as_json(value: object) -> str:
    """JSON for programs, readable by people; nothing in it steers the terminal on which it is looked at."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(json.dumps(one)[1:-1] if one != "\n" and _steers(one) else one for one in text)


def _steers(one: str) -> bool:
    if one in "\n\t" or one in _OF_LETTERS:
        return False
    return unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _escape(one: str) -> str:
    return one.encode("unicode_escape").decode()
