"""`pana oncall ...`: who is told, and when nobody is."""

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, AsJson, Config, now, open_pana, say_json
from flows.model import Level
from flows.time_of_day import minutes_of_day
from storage.errors import Refused

if TYPE_CHECKING:
    from bot.handoff.rota.shifts import Rota
    from bot.wiring.core import Core
    from flows.place import Place
    from storage.members import Member
    from storage.tx import Reading

FIRST_YEAR, LAST_YEAR = 2020, 2100
_WRITTEN = re.compile(r"(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:T|\s+))?(?P<time>\S+)")

app = typer.Typer(no_args_is_help=True, help="Duty: who is called, and gaps in it. Example: pana oncall check")


@app.command("show")
def show(
    at: Annotated[
        str | None,
        typer.Option(metavar="[DAY ]TIME", help="Such as 23:30, the next one, or '2026-12-01 24:00'. Default: now."),
    ] = None,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Tells who is told for which level, rung by rung, in the place's time. Example: pana oncall show --at 23:30"""
    from bot.handoff.rota.file import in_force, worked_out_for

    core = open_pana(config).core
    moment = _moment(at, core.place)
    seen = worked_out_for(core.database, core.settings.oncall.rota, core.duty, now(), moment)

    def look(tx: "Reading") -> tuple[list[dict[str, object]], Sequence[str]]:
        rota, notes = in_force(tx, core.duty, seen)
        never = [f"{one.name} has never pressed Start, so no alert arrives" for one in core.duty.never_met(tx)]
        never += [f"{one.name} has not finished the practice case" for one in core.duty.unpractised(tx)]
        limit = beyond_limit(core, tx, core.duty.timetable(tx, rota).at(moment))
        return rungs_of(core, tx, rota, moment), [*(f"rota: {note}" for note in notes), *never, *limit]

    rows, notes = core.database.read(look)
    for note in notes:
        print(note, file=sys.stderr)
    if as_json:
        say_json(rows)
        return
    print(f"{core.place.here(moment):%Y-%m-%d %H:%M}")
    for row in rows:
        names = ", ".join(str(one) for one in _listed(row["names"])) or "nobody"
        print(f"{row['level']}\t{row['when']}\t{row['who']}\t{names}")


@app.command("check")
def check(
    days: Annotated[int, typer.Option(min=1, max=60, help="How far ahead.")] = 14,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Lists gaps in cover, members who cannot be reached, languages and regions without anybody; exit 1 for gaps.

    Example: pana oncall check --days 14
    """
    from bot.handoff.rota.file import in_force, worked_out_for

    core = open_pana(config).core
    begins = now()
    ends = begins + timedelta(days=days)
    seen = worked_out_for(core.database, core.settings.oncall.rota, core.duty, begins, begins)

    def look(tx: "Reading") -> dict[str, object]:
        rota, notes = in_force(tx, core.duty, seen)
        found = core.duty.cover(tx, begins, ends, rota)
        return {
            "gaps": [_span(core.place, first, last) for first, last in found.gaps],
            "languages": {one: [_span(core.place, *gap) for gap in gaps] for one, gaps in found.languages.items()},
            "regions": list(found.regions),
            "unreachable": [one.name for one in found.unreachable],
            "never_met": [one.name for one in found.never_met],
            "unpractised": [one.name for one in found.unpractised],
            "notes": list(notes),
            "limit": beyond_limit(core, tx, core.duty.timetable(tx, rota).at(begins)),
        }

    found = core.database.read(look)
    if as_json:
        say_json(found)
    else:
        _say(found)
    if found["gaps"]:
        raise typer.Exit(1)


_SAYS = {
    "regions": "no lawyer for region",
    "unreachable": "on call, but cannot be reached or has not confirmed the test page",
    "never_met": "never pressed Start, so no alert arrives and they are no cover",
    "unpractised": "has not finished the practice case, so is called but is no cover",
}


def _say(found: dict[str, object]) -> None:
    for note in _listed(found["notes"]):
        print(f"rota: {note}")
    for gap in _listed(found["gaps"]):
        print(f"nobody on call: {gap}")
    languages = found["languages"]
    for language, gaps in languages.items() if isinstance(languages, dict) else ():
        print(f"nobody who speaks {language}: {'; '.join(gaps[:5])}{' ...' if len(gaps) > 5 else ''}")
    for kind, says in _SAYS.items():
        for one in _listed(found[kind]):
            print(f"{says}: {one}")
    for one in _listed(found["limit"]):
        print(one)
    if not found["gaps"]:
        print("no gaps, apart from languages" if languages else "no gaps")


def beyond_limit(core: "Core", tx: "Reading", on_duty: "Mapping[int, Member]") -> list[str]:
    """What is to be said when a new case cannot be sealed to every lawyer; nothing when it can."""
    from bot.handoff.readers import COMING
    from storage.chain import MOST_LAWYERS

    count = sum(one.role == "lawyer" for one in core.members.working(tx))
    if count <= MOST_LAWYERS:
        return []
    first = f"first who is on call when it comes, then who is within {COMING.days} days, then who fits"
    said = f"{count} lawyers take part and a new case is sealed to {MOST_LAWYERS}: {first}; the others are not called"
    beyond = len(on_duty) - MOST_LAWYERS
    return [f"{said}; {beyond} of those on call are among them" if beyond > 0 else said]


def rungs_of(core: "Core", tx: "Reading", rota: "Rota | None", moment: datetime) -> list[dict[str, object]]:
    """Each rung of the ladder, with the names of who would be told at a moment."""
    duty = core.duty.timetable(tx, rota).at(moment)
    names = _told([one for one in core.members.working(tx) if one.gone_at is None])
    names["on_call"] = [one.name for one in duty.values() if one.gone_at is None]
    names["backstop"] = _last_resort(core, tx)
    rows: list[dict[str, object]] = []
    for level in Level:
        for rung in core.settings.oncall.ladder.rungs_for(level).rungs:
            when = f"{rung.at:%H:%M}" if rung.at else f"+{_length(rung.after)}"
            rows.append({"level": level.value, "when": when, "who": rung.who, "names": names[rung.who]})
    return rows


def _told(members: "Sequence[Member]") -> dict[str, list[str]]:
    """Whom each word of the ladder means, of those who can be reached."""
    return {
        "all": [one.name for one in members if one.role == "lawyer"],
        "coordinators": [one.name for one in members if one.role == "coordinator"],
    }


def _last_resort(core: "Core", tx: "Reading") -> list[str]:
    """Who is told outside Telegram, also of those whom the bot cannot reach; addresses are counted: some are secret."""
    mail, addresses = core.settings.mail.host is not None, len(core.settings.oncall.backstop)
    members = [one.name for one in core.members.working(tx) if one.push or (one.email and mail)]
    counted = f"oncall.backstop ({addresses} address{'es' if addresses > 1 else ''})"
    return [*members, counted] if addresses else members


def _moment(at: str | None, place: "Place") -> datetime:
    """A time alone is the next such one, and 24:00 is where a day ends; raises BadParameter for what is neither."""
    here = place.here(now())
    if at is None:
        return here
    found = _WRITTEN.fullmatch(at.strip())
    minutes = minutes_of_day(found["time"]) if found else None
    try:
        day = date.fromisoformat(found["day"]) if found and found["day"] else here.date()
    except ValueError:
        minutes = None
    if minutes is None:
        raise typer.BadParameter(
            f"'{at}' is no time: write 23:30, or with the day '2026-12-01 23:30'", param_hint="'--at'"
        )
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"--at: a year from {FIRST_YEAR} to {LAST_YEAR} is needed")
    moment = datetime.combine(day, time(), place.zone) + timedelta(minutes=minutes)
    is_over = moment <= here - timedelta(minutes=1)
    return moment + timedelta(days=1) if is_over and found and not found["day"] else moment


def _span(place: "Place", first: datetime, last: datetime) -> str:
    return f"{place.here(first):%Y-%m-%d %H:%M} - {place.here(last):%Y-%m-%d %H:%M}"


def _length(after: timedelta) -> str:
    minutes = int(after.total_seconds() // 60)
    return f"{minutes // 60}h" if minutes and minutes % 60 == 0 else f"{minutes}min"


def _listed(found: object) -> Sequence[object]:
    return found if isinstance(found, list) else []
