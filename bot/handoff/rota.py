"""The rota: shifts read from an iCalendar file (RFC 5545). No database.

An event is named for one member, optionally with languages and regions in brackets: `Aigul [kk, west]`; CATEGORIES say
the same. All-day events and times without a zone are times of Kazakhstan. Limits keep a hostile file from stopping the
bot: `RRULE:FREQ=SECONDLY` alone takes the library minutes.
"""

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events
from icalendar import Component
from icalendar.timezone import tzp

from bot.errors import RotaError
from bot.handoff.rota_events import days_of_rules, faults, moment, settle
from bot.handoff.shifts import Rota, Shift

LARGEST_FILE = 256 * 1024
MOST_SHIFTS, MOST_DAYS = 2000, 300_000
AHEAD = timedelta(days=60)
BACK = timedelta(days=2)
_AT_FIRST = timedelta(days=4)
_NAMED = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<about>[^\[\]]*)\])?")


def read_rota(
    text: bytes,
    now: datetime,
    names: Iterable[str],
    languages: Iterable[str],
    regions: Iterable[str],
    *,
    accepted: bool = False,
) -> Rota:
    """The shifts from two days ago to sixty days ahead; raises RotaError with every problem.

    `names`: the members who may be on call. `accepted`: this rota is in force, so it is read even when its rules have
    grown older, or the questionnaire has lost a region that it names.
    """
    if len(text) > LARGEST_FILE:
        raise RotaError([f"the file is larger than {LARGEST_FILE // 1024} kB"])
    known = {name.casefold(): name for name in names}
    naming = _Naming(known, frozenset(languages), frozenset(regions), strict=not accepted)
    calendar = _parse(text)
    events = calendar.walk("VEVENT")
    problems: list[str] = []
    for number, (event, wrong) in enumerate(zip(events, faults(events), strict=True), start=1):
        problems += [f"event {number}: {one}" for one in (*wrong, *naming.faults(event))]
    if problems:
        raise RotaError(problems)
    days = sum(days_of_rules(event, (now + AHEAD).date()) for event in events)
    if days > (2 * MOST_DAYS if accepted else MOST_DAYS):
        raise RotaError(["the shifts that recur began too long ago in all; let them begin anew"])
    for event in events:
        settle(event)
    try:
        return _expanded(calendar, naming, now)
    except RotaError:
        raise
    except Exception:  # whatever the library stumbles over must not end the bot
        raise RotaError(["the recurrences cannot be worked out"]) from None


def _parse(text: bytes) -> icalendar.Calendar:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tzp.use_zoneinfo()  # forgets the time zones that an earlier file has defined
            found = icalendar.Calendar.from_ical(text)
    except Exception:  # the library raises many kinds; what it says may repeat the file
        found = None
    if not isinstance(found, icalendar.Calendar):
        raise RotaError(["this is not one iCalendar (BEGIN:VCALENDAR ... END:VCALENDAR)"])
    return found


@dataclass(frozen=True, slots=True)
class _Naming:
    """How an event names a member, languages and regions."""

    known: Mapping[str, str]
    languages: frozenset[str]
    regions: frozenset[str]
    strict: bool

    def faults(self, event: Component) -> list[str]:
        """Why it names nobody, or something unknown."""
        try:
            self.of(event)
        except ValueError as error:
            return [str(error)]
        return []

    def of(self, event: Component) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The member, languages and regions that an event names; raises ValueError."""
        match = _NAMED.fullmatch(str(event.get("SUMMARY", "")).strip())
        if match is None:
            raise ValueError("SUMMARY must name one member, as in: Aigul [kk, west]")
        name = self.known.get(match["name"].strip().casefold())
        if name is None:
            raise ValueError(f"{match['name'].strip()[:40]} is not a lawyer who takes part")
        words = [one.strip() for one in (match["about"] or "").split(",")] + _categories(event)
        strange = [one[:40] for one in words if one and one not in self.languages | self.regions]
        if strange and self.strict:
            raise ValueError(f"{strange[0]} is neither a language nor a region of the questionnaire")
        places = tuple(dict.fromkeys(one for one in words if one in self.regions))
        spoken = tuple(dict.fromkeys(one for one in words if one in self.languages))
        return name, spoken, places


def _categories(event: Component) -> list[str]:
    found = event.get("CATEGORIES", [])
    listed = found if isinstance(found, list) else [found]
    return [str(word).strip() for one in listed for word in one.cats]


def _expanded(calendar: icalendar.Calendar, naming: _Naming, now: datetime) -> Rota:
    """Recurrences and exceptions worked out, a few days first, so that too many are found early."""
    begins, ends = now.astimezone(UTC) - BACK, now.astimezone(UTC) + AHEAD
    found: set[Shift] = set()
    query, count = recurring_ical_events.of(calendar), 0
    for first, last in ((begins, begins + _AT_FIRST), (begins + _AT_FIRST, ends)):
        for event in query.between(first, last):
            count += 1
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                name, languages, regions = naming.of(event)
                first_at, last_at = (moment(one).astimezone(UTC) for one in (event.start, event.end))
                found.add(Shift(first_at, last_at, name, languages, regions))
        if count > MOST_SHIFTS:
            raise RotaError([f"there are more than {MOST_SHIFTS} shifts in {AHEAD.days} days"])
    return Rota(begins, ends, tuple(sorted(found, key=lambda one: one.place)))
