"""The rota: a calendar's shifts with the members, languages and regions of today. Pure.

An event is named for one member, optionally with languages and regions in brackets: `Aigul [kk, west]`; CATEGORIES say
the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.errors import RotaError
from bot.handoff.plan import TOO_LONG_AGO, Plan, Title
from bot.handoff.shifts import Rota, Shift

MOST_DAYS = 100_000  # of a new file; one that is in force may grow older than that


def judge(
    plan: Plan, names: Iterable[str], languages: Iterable[str], regions: Iterable[str], *, accepted: bool = False
) -> Rota:
    """The shifts of a plan; raises RotaError with every problem.

    `names`: the members who may be on call. `accepted`: this rota is in force, so it counts even when its rules have
    grown older, or the questionnaire has lost a region that it names.
    """
    known = {name.casefold(): name for name in names}
    naming = _Naming(known, frozenset(languages), frozenset(regions), strict=not accepted)
    problems = [
        f"event {number}: {one}"
        for number, event in enumerate(plan.events, start=1)
        for one in (*event.faults, *naming.faults(plan.titles[event.title]))
    ]
    if problems:
        raise RotaError(problems)
    if plan.refused is not None:
        raise RotaError([plan.refused])
    if plan.days > MOST_DAYS and not accepted:
        raise RotaError([TOO_LONG_AGO])
    named = [naming.of(one) for one in plan.titles]
    shifts = {Shift(one.begins, one.ends, *named[one.title]) for one in plan.shifts}
    return Rota(plan.begins, plan.ends, tuple(sorted(shifts, key=lambda one: one.place)))


@dataclass(frozen=True, slots=True)
class _Naming:
    """How a title names a member, languages and regions."""

    known: Mapping[str, str]
    languages: frozenset[str]
    regions: frozenset[str]
    strict: bool

    def faults(self, title: Title) -> list[str]:
        """Why it names nobody, or something unknown."""
        try:
            self.of(title)
        except ValueError as error:
            return [str(error)]
        return []

    def of(self, title: Title) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The member, languages and regions that a title names; raises ValueError."""
        if title.name is None:
            raise ValueError("SUMMARY must name one member, as in: Aigul [kk, west]")
        name = self.known.get(title.name.casefold())
        if name is None:
            raise ValueError(f"{_shown(title.name)} is not a lawyer who takes part")
        words = title.words
        strange = [_shown(one) for one in words if one and one not in self.languages | self.regions]
        if strange and self.strict:
            raise ValueError(f"{strange[0]} is neither a language nor a region of the questionnaire")
        places = tuple(dict.fromkeys(one for one in words if one in self.regions))
        spoken = tuple(dict.fromkeys(one for one in words if one in self.languages))
        return name, spoken, places


def _shown(text: str) -> str:
    """Somebody else's words in an error: short, and nothing that moves a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:40])
