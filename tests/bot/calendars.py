"""iCalendar files for the tests of the rota."""

import itertools
from datetime import UTC, datetime, timedelta

_NUMBERS = itertools.count(1)


def calendar(*parts: str) -> bytes:
    """A file of events and time zones."""
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\n" + "".join(parts) + "END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(summary: str, lines: str, uid: str | None = None) -> str:
    """An event with these lines; each has a UID of its own unless one is given."""
    return f"BEGIN:VEVENT\nUID:{uid or next(_NUMBERS)}\nSUMMARY:{summary}\n{lines}\nEND:VEVENT\n"


def shift(summary: str, begins: datetime, hours: float = 24.0) -> str:
    """One shift, from an aware time on."""
    first, last = (one.astimezone(UTC) for one in (begins, begins + timedelta(hours=hours)))
    return event(summary, f"DTSTART:{first:%Y%m%dT%H%M%SZ}\nDTEND:{last:%Y%m%dT%H%M%SZ}")


def inside(kind: str, *lines: str) -> str:
    """A component of a kind."""
    return "\n".join([f"BEGIN:{kind}", *lines, f"END:{kind}", ""])


def observance(kind: str = "STANDARD", begins: str = "19700101T000000", rule: str = "", offset: str = "+0500") -> str:
    """A part of a time zone."""
    lines = [f"DTSTART:{begins}", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", *([rule] if rule else [])]
    return inside(kind, *lines)


def zone(*parts: str, name: str = "Ours") -> str:
    """A time zone."""
    return f"BEGIN:VTIMEZONE\nTZID:{name}\n{''.join(parts)}END:VTIMEZONE\n"
