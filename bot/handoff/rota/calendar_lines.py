"""The lines of a calendar file (RFC 5545, 3.1) before any library meets them: only what a rota needs.

Everything else is dropped unread: alarms, to-dos, journals, components nobody knows, and what programs add of their
own. Each step is linear in the size of the file.
"""

import codecs
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

NO_CALENDAR = "this is not one iCalendar (BEGIN:VCALENDAR ... END:VCALENDAR)"
MOST_LINES = 1000  # of one component: some programs write a line for each EXDATE
MOST_FAULTS, MOST_LINES_IN_ALL = 5, 400_000
_LONGEST_HEAD, _LONGEST_VALUE = 1000, 64 * 1024
_HEAD = re.compile(r'(?P<name>[^;:]*+)(?:[^":]|"[^"]*+")*+:')

_BLANK_LINES, _FOLD = re.compile(rb"\n{2,}"), re.compile(rb"\n[ \t]")
_ZONE = re.compile(r';TZID=(?:"([^"]*)"|([^";:,]*))', re.IGNORECASE)
_OF_ZONE = {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE", "EXRULE", "EXDATE"}
_OF_EVENT = {
    *("UID", "SUMMARY", "CATEGORIES", "STATUS", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"),
    *("RRULE", "EXRULE", "RDATE", "EXDATE"),
}
# Which components count inside of which, and which of their properties.
_INSIDE: dict[str, Collection[str]] = {
    "": {"VCALENDAR"},
    "VCALENDAR": {"VEVENT", "VTIMEZONE"},
    "VTIMEZONE": {"STANDARD", "DAYLIGHT"},
}
_PROPERTIES: dict[str, Collection[str]] = {
    "VCALENDAR": {"VERSION", "PRODID", "CALSCALE", "X-WR-TIMEZONE"},
    "VEVENT": _OF_EVENT,
    "VTIMEZONE": {"TZID"},
    "STANDARD": _OF_ZONE,
    "DAYLIGHT": _OF_ZONE,
}


class Unusable(Exception):
    """The file as a whole cannot be used; says why."""


@dataclass(slots=True)
class Part:
    """A component: its lines (name, name with parameters, value), and the components inside it."""

    kind: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    parts: "list[Part]" = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # of an event: what of it could not be kept

    def values(self, name: str) -> list[str]:
        """The values of a property, each time that it stands there."""
        return [value for what, _, value in self.lines if what == name]

    def zones(self) -> Iterator[str]:
        """The names of the time zones that its lines name."""
        for _, head, _ in self.lines:
            yield from ((quoted or plain).strip("/") for quoted, plain in _ZONE.findall(head))

    def text(self) -> Iterator[str]:
        """Its lines, as a library reads them."""
        yield f"BEGIN:{self.kind}"
        yield from (f"{head}:{value}" for _, head, value in self.lines)
        for part in self.parts:
            yield from part.text()
        yield f"END:{self.kind}"


def calendar_in(text: bytes) -> Part:
    """The one calendar of a file, without what a rota does not need; raises Unusable and nothing else."""
    root = Part("")
    inside, skipped = [root], 0  # the components that are open, and how many of no concern are open inside them
    for number, line in enumerate(_unfolded(text)):
        if number > MOST_LINES_IN_ALL:
            raise Unusable(f"there are more than {MOST_LINES_IN_ALL} lines; leave out what is long over")
        skipped = _take(line, inside, skipped)
    if len(inside) > 1 or len(root.parts) != 1:
        raise Unusable(NO_CALENDAR)
    return root.parts[0]


def _take(line: str, inside: list[Part], skipped: int) -> int:
    """Takes in one line; how many components of no concern are open after it."""
    name, head, value = _split(line)
    match name:
        case "BEGIN":
            kind = value.strip().upper()
            if skipped or kind not in _INSIDE.get(inside[-1].kind, ()):
                return skipped + 1
            inside[-1].parts.append(Part(kind))
            inside.append(inside[-1].parts[-1])
        case "END" if skipped:
            return skipped - 1
        case "END":
            if _ended(inside) != value.strip().upper():
                raise Unusable(NO_CALENDAR)
        case _ if not skipped and name in _PROPERTIES.get(inside[-1].kind, ()):
            _keep(inside[-1], name, head, value)
    return skipped


def _ended(inside: list[Part]) -> str | None:
    """Leaves the innermost open component; its kind, None outside of all."""
    return inside.pop().kind if len(inside) > 1 else None


def _unfolded(data: bytes) -> list[str]:
    """Content lines; one that begins with a blank goes on with the one before it.

    Joined before the letters are read: a program may cut one in two (RFC 5545, 3.1).
    """
    lines = _BLANK_LINES.sub(b"\n", data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n"))
    return _FOLD.sub(b"", lines).decode("utf-8", "replace").split("\n")


def _split(line: str) -> tuple[str, str, str]:
    """Name, name with parameters, value; a line that is none names nothing."""
    found = _HEAD.match(line)
    return ("", "", "") if found is None else (found["name"].strip().upper(), found[0][:-1], line[found.end() :])


def _keep(part: Part, name: str, head: str, value: str) -> None:
    fault = None
    if len(head) > _LONGEST_HEAD or len(value) > _LONGEST_VALUE:
        fault = f"a line with {name} is too long"
    elif len(part.lines) >= MOST_LINES:
        fault = f"a {part.kind} has more than {MOST_LINES} lines"
    elif part.kind in {"VCALENDAR", "VTIMEZONE"} and (len(value) > _LONGEST_HEAD or part.values(name)):
        fault = f"{name} of a {part.kind} is too long, or stands there twice"
    if fault is None:
        part.lines.append((name, head, value))
    elif part.kind == "VEVENT":
        part.faults[:] = dict.fromkeys([*part.faults[:MOST_FAULTS], fault])
    else:
        raise Unusable(fault)
