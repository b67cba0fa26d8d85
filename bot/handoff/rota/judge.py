"""The rota: a calendar's shifts with the members, languages and regions of today. Pure.

An event is named for one member, optionally with languages and regions in brackets: `Aigul [kk, west]`; CATEGORIES say
the same. An event that cannot be used is a shift that nobody has, and is named in `Rota.problems`; the rest counts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from bot.errors import RotaError
from bot.handoff.rota import names as spelled
from bot.handoff.rota.plan import BACK, TOO_LONG_AGO, Plan, Planned, Said
from bot.handoff.rota.shifts import Problem, Rota, Shift

MOST_DAYS = 100_000  # of a new file; one that is in force may grow older than that


def judge(
    plan: Plan, names: Iterable[str], languages: Iterable[str], regions: Iterable[str], *, accepted: bool = False
) -> Rota:
    """The shifts of a plan, and what of it cannot be used; raises RotaError when the file as a whole cannot.

    `names`: the lawyers who may be named. `accepted`: this rota is in force, so it counts even when its rules have
    grown older.
    """
    if plan.refused is not None:
        raise RotaError([plan.refused])
    if plan.days > MOST_DAYS and not accepted:
        raise RotaError([TOO_LONG_AGO])
    known = spelled.known(names)
    spoken = {one.casefold(): one for one in languages}
    places = {one.casefold(): one for one in regions}
    shifts = {found for one in plan.shifts if (found := _shift(one, plan.events[one.event], known, spoken, places))}
    problems = [one for event in plan.events for one in _of_event(event)]
    problems += _of_titles(plan, known, spoken.keys() | places.keys())
    problems.sort(key=lambda problem: problem.number)
    return Rota(plan.begins, plan.ends, tuple(sorted(shifts, key=lambda shift: shift.place)), tuple(problems))


def _shift(
    planned: Planned, event: Said, known: Mapping[str, str], languages: Mapping[str, str], regions: Mapping[str, str]
) -> Shift | None:
    """A shift of a member; words that nobody knows count for nothing."""
    name = None if event.title.name is None else spelled.named(event.title.name, known)
    if name is None:
        return None
    words = [word.casefold() for word in (*event.title.asked, *event.title.categories)]
    spoken = tuple(dict.fromkeys(languages[word] for word in words if word in languages))
    places = tuple(dict.fromkeys(regions[word] for word in words if word in regions))
    return Shift(planned.begins, planned.ends, name, spoken, places)


def _of_event(event: Said) -> Iterator[Problem]:
    for fault in event.faults:
        yield Problem(event.number, event.called, event.at, fault)


def _of_titles(plan: Plan, known: Mapping[str, str], words: Collection[str]) -> Iterator[Problem]:
    """Of shifts that are not over, whom they name: each event once, with its first shift."""
    coming = sorted((shift for shift in plan.shifts if shift.ends > plan.begins + BACK), key=lambda shift: shift.begins)
    for place in dict.fromkeys(shift.event for shift in coming):
        event = plan.events[place]
        at = next(shift.begins for shift in coming if shift.event == place)
        yield from _of_title(event, at, known, words)


def _of_title(event: Said, at: datetime, known: Mapping[str, str], words: Collection[str]) -> Iterator[Problem]:
    """Of one event, whose first shift begins then."""
    if event.title.name is None:
        yield Problem(event.number, event.called, at, "SUMMARY must name one member, as in: Aigul [kk, west]")
        return
    if spelled.named(event.title.name, known) is None:
        yield Problem(event.number, event.called, at, f"{_shown(event.title.name)} is not a lawyer who takes part")
        return
    strange = [_shown(one) for one in event.title.asked if one and one.casefold() not in words]
    if strange:
        why = f"{strange[0]} is neither a language nor a region of the questionnaire; the shift counts without"
        yield Problem(event.number, event.called, at, why, empty=False)


def _shown(text: str) -> str:
    """Somebody else's words in an error: short, and nothing that moves a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:40])
