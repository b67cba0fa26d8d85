"""What a calendar file says, as a value: shifts with the names as they are written, and what is wrong. No database.

It is worked out by `bot/handoff/rota/calendar.py` in a process of its own (`bot/bounded.py`) and is judged with today's
members by `bot/handoff/rota/judge.py`.
"""

from datetime import datetime, timedelta

import msgspec

from bot.bounded import TooMuch, read

LARGEST_FILE = 4 * 1024**2  # two years of three shifts a day, as Outlook writes them
AHEAD, BACK = timedelta(days=60), timedelta(days=2)
TOO_LONG_AGO = "the shifts that recur began too long ago in all; let them begin anew"
_READER = "bot.handoff.rota.calendar:answer"


class Title(msgspec.Struct, frozen=True):
    """Whom an event names, None when it names nobody; and the words beside the name: languages and regions.

    `asked`: the words in brackets, which somebody has typed; what stands in CATEGORIES a program may have added.
    """

    name: str | None
    asked: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True):
    """An event of the file that may touch the plan: its place in the file, what it is called, and what is wrong.

    `at`: its beginning, None when that cannot be read. `faults`: without any it is worked out into shifts.
    """

    number: int
    called: str
    title: Title
    at: datetime | None
    faults: tuple[str, ...] = ()


class Planned(msgspec.Struct, frozen=True):
    """A shift: from when to when, and the place of its event in `Plan.events`."""

    begins: datetime
    ends: datetime
    event: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar from `begins` to `ends`. `refused`: why there are no shifts, None when there are.

    `days`: how many days its rules walk through, which grows while the file stays the same.
    """

    begins: datetime
    ends: datetime
    refused: str | None = None
    events: tuple[Said, ...] = ()
    shifts: tuple[Planned, ...] = ()
    days: int = 0


class Asked(msgspec.Struct, frozen=True):
    """What the other process is asked: a file, around which moment, and the zone of times that name none."""

    text: bytes
    around: datetime
    zone: str


def worked_out(text: bytes, around: datetime, *, zone: str) -> Plan | None:
    """The plan of a file, from two days before a moment to sixty days after it; None when that takes too much.

    Blocking, at most a few seconds, usually a fifth of one; never raises.
    """
    try:
        answer = read(_READER, msgspec.msgpack.encode(Asked(text, around, zone)))
        return msgspec.msgpack.decode(answer, type=Plan)
    except (TooMuch, msgspec.DecodeError):
        return None


def refusal(around: datetime, why: str) -> Plan:
    """A file that gives no shifts."""
    return Plan(begins=around - BACK, ends=around + AHEAD, refused=why)
