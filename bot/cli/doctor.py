"""`pana doctor`: every precondition, with ok, warning or failed, and what to do."""

import asyncio
import contextlib
import os
import resource
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from bot import reader_page
from bot.cli import reach
from bot.cli.finding import Finding
from bot.cli.medium import IN_MEMORY, medium_of
from bot.cli.options import DEFAULT_CONFIG, AsJson, Config, now, say_json
from bot.errors import ConfigurationError
from storage.errors import StorageError
from storage.files import why
from storage.sealing.errors import BadKeyFile, SealingError

if TYPE_CHECKING:
    from bot.handoff.rota.duty import Cover
    from bot.settings import Settings
    from bot.wiring.core import Core
    from bot.wiring.pana import Pana
    from storage.members import Member
    from storage.tx import Reading

LEAST_DISK = 500 * 1024**2
SAFE_WAL = (3, 51, 3)  # before it two connections can corrupt a WAL database; Pana writes through one


def doctor(
    as_json: AsJson = False,
    send: Annotated[bool, typer.Option("--send", help="Sends a test on every way outside Telegram.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Looks at everything that `pana run` needs; exit 1 when something has failed. Example: pana doctor"""
    found = list(look(config, send=send))
    if as_json:
        say_json([asdict(one) for one in found])
    else:
        for one in found:
            print(f"{one.state:<8} {one.what}: {one.said}")
    if any(one.state == "failed" for one in found):
        raise typer.Exit(1)


def look(config: Path, *, send: bool = False) -> Iterator[Finding]:
    """Everything that is found, in the order in which it is needed. `send`: also a test on every way outside."""
    from bot.settings import load_settings, strange_variables

    try:
        settings = load_settings(config)
    except ConfigurationError as error:
        yield from (Finding("configuration", "failed", problem) for problem in error.problems)
        return
    yield Finding("configuration", "ok", str(config))
    for name in strange_variables():
        yield Finding("environment", "warning", f"{name} is no setting of Pana and has no effect")
    yield from _token_file()
    yield _key_file(settings.server.key_file)
    yield from _draft_keys(settings.server.draft_keys)
    yield _core_dumps()
    yield _disk(config)
    yield _sqlite()
    yield from _zones(settings)
    yield _reader()
    reached = asyncio.run(reach.telegram(settings))
    yield from reached
    yield from _inside(settings, send=send, clock_is_known=any(one.what == "clock" for one in reached))


def _key_file(path: Path) -> Finding:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    except OSError as error:
        return Finding("key file", "failed", f"{path}: {why(error)}; restore it from your own copy")
    if mode & 0o077:
        return Finding("key file", "failed", f"{path} can be read by others: chmod 600 {path}")
    said = f"{path} mode {mode:o}; a seized disk gives it too; {medium_of(path).said}"
    return Finding("key file", "ok", said)


def _draft_keys(folder: Path | Literal["database"] | None) -> Iterator[Finding]:
    """A folder of memory that is none, or is not there; or that they lie where destroying is worth less."""
    if folder is None:
        return
    if not isinstance(folder, Path):
        said = "in the database, under the server key; its log and backups keep destroyed ones for as long as they stay"
        yield Finding("draft keys", "ok", said)
        return
    try:
        medium = medium_of(folder)
    except OSError as error:
        yield Finding("draft keys", "failed", f"{folder}: {why(error)}; make it at every start (RuntimeDirectory=)")
        return
    yield Finding("draft keys", "ok" if medium.system in IN_MEMORY else "warning", f"{folder}: {medium.said}")


def _reader() -> Finding:
    """The page that lawyers open: the same from the same version, so that its hash can be compared."""
    try:
        return Finding("reader", "ok", f"{reader_page.PAGE.name} has SHA-256 {reader_page.sha256()}")
    except OSError as error:
        return Finding("reader", "warning", f"{reader_page.PAGE}: {why(error)}: `make reader` builds it")


def _token_file() -> Iterator[Finding]:
    """A token in a file that others can read is a token that others have."""
    file = os.environ.get("PANA_TELEGRAM_TOKEN_FILE")
    with contextlib.suppress(OSError):
        if file and Path(file).stat().st_mode & 0o077:
            yield Finding("token file", "warning", f"{file} can be read by others: chmod 600 {file}")


def _core_dumps() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if soft == 0:
        return Finding("core dumps", "ok", "off")
    return Finding("core dumps", "warning", "a crash may write memory to disk: set LimitCORE=0 in the unit")


def _disk(config: Path) -> Finding:
    free = shutil.disk_usage(config.resolve().parent).free
    state = "ok" if free >= LEAST_DISK else "failed"
    return Finding("disk", state, f"{free // 1024**2} MB free")


def _sqlite() -> Finding:
    safe = sqlite3.sqlite_version_info >= SAFE_WAL
    said = f"SQLite {sqlite3.sqlite_version}" + ("" if safe else "; safe here, since one connection writes")
    return Finding("SQLite", "ok", said)


def _zones(settings: "Settings") -> Iterator[Finding]:
    """Nights, shifts and deadlines go by the package that Pana brings along; the machine's own files are compared."""
    from flows.errors import FlowErrors
    from flows.place_file import load_place

    try:
        place = load_place(settings.place_file)
    except FlowErrors:  # said with the questionnaire
        return
    here, name = place.here(now()), place.zone.key
    ahead = here.utcoffset() or timedelta()
    if place.offset is not None and ahead != place.offset.ahead:
        said = f"{name} is not {_offset(place.offset.ahead)} here: bring tzdata to requirements.lock"
        yield Finding("time zones", "failed", said)
    elif not _machine_agrees(here, name):
        old = f"of before {place.offset.since:%B %Y}" if place.offset is not None else "another one"
        said = f"this machine's {name} is {old}; Pana uses its own, other programs are an hour off"
        yield Finding("time zones", "warning", said)
    else:
        yield Finding("time zones", "ok", f"{name} is {_offset(ahead)}, from Pana's own tzdata")


def _machine_agrees(here: datetime, name: str) -> bool:
    """Whether the machine's file of a zone, if it has one, shows the same hour."""
    from bot import HOST_ZONES

    file = next((path for folder in HOST_ZONES if (path := Path(folder, name)).is_file()), None)
    if file is None:
        return True
    try:
        with file.open("rb") as opened:
            return here.astimezone(ZoneInfo.from_file(opened)).utcoffset() == here.utcoffset()
    except (OSError, ValueError):
        return False


def _offset(ahead: timedelta) -> str:
    return str(timezone(ahead)).removeprefix("UTC")


def _inside(settings: "Settings", *, send: bool, clock_is_known: bool) -> Iterator[Finding]:
    from bot.wiring.pana import open_pana
    from flows.errors import FlowErrors
    from storage.migrate import VERSION
    from storage.ready import require_tables, require_writable

    try:
        pana = open_pana(settings)
    except (SealingError, FlowErrors, ConfigurationError) as error:
        yield Finding("questionnaire and keys", "failed", str(error).splitlines()[0])
        return
    flow = pana.questionnaires.current
    yield Finding("catalogs", "ok", f"{len(flow.questions)} questions in {', '.join(flow.languages)}")
    yield from _signed(pana)
    try:
        require_tables(pana.core.database, VERSION)
        require_writable(pana.core.database)
        pana.core.ring.require_writable()
    except (StorageError, BadKeyFile) as error:
        what = "key file" if isinstance(error, BadKeyFile) else "database"
        yield Finding(what, "failed", str(error))
        return
    yield Finding("database", "ok", f"version {VERSION}")
    wrong = _belonging(pana)
    if wrong:
        yield Finding("key and database", "failed", wrong)
        return
    yield Finding("key and database", "ok", "belong together")
    yield from _as_far_as_can_be_read("retention", _what_is_erased(pana, clock_is_known=clock_is_known))
    asyncio.run(reach.find_met(pana))
    for what, findings in _PARTS.items():
        yield from _as_far_as_can_be_read(what, findings(pana))
    yield from _as_far_as_can_be_read("reach", asyncio.run(reach.people(pana, send=send)))


def _signed(pana: "Pana") -> Iterator[Finding]:
    """What nobody has signed as it is today, by who should have read it, language and kind of text."""
    from bot.signable import counted
    from flows.marks import Role
    from flows.source import load_texts

    source = load_texts(pana.settings.flow_file)
    for role in Role:
        for language in pana.core.place.languages:
            counts = counted(source, pana.words, role, language)
            unsigned, changed = sum(one.unsigned for one in counts), sum(one.changed for one in counts)
            said = ", ".join(f"{one.unsigned} of {one.texts} {one.kind}" for one in counts)
            said = f"{role}, {language}: unsigned {said}; changed since {changed}: pana flow sign --check"
            yield Finding("signed texts", "warning" if unsigned else "ok", said)


def _as_far_as_can_be_read(what: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is damaged in the database hides only the findings that need it."""
    try:
        yield from findings
    except StorageError as error:
        yield Finding(what, "failed", f"{str(error) or type(error).__name__}; what depends on it was not looked at")


def _what_is_erased(pana: "Pana", *, clock_is_known: bool) -> Iterator[Finding]:
    """An erasure of many cases that was told, and a clock by which nothing is erased."""
    from bot.sweep import as_of_what_is_kept

    waiting = pana.core.database.read(pana.retention.waiting)
    if waiting is not None:
        said = (
            f"{waiting.count} cases are erased after {waiting.not_before:%Y-%m-%d %H:%M} UTC: look at `pana case list`"
        )
        yield Finding("retention", "warning", f"{said}; a longer retention in the configuration keeps them")
    if not clock_is_known and pana.core.database.read(as_of_what_is_kept) is None:
        said = "is more than a day from when the bot was last sure of the time, so nothing is erased until Telegram"
        yield Finding("clock", "failed", f"{said} is reached, or the clock is set")


def _belonging(pana: "Pana") -> str | None:
    """The sentence with which `pana run` would refuse; None when key file and database belong together."""
    from storage.belongs import judge, sentence

    core = pana.core
    verdict = core.database.read(lambda reading: judge(reading, core.ring))
    return sentence(verdict, core.ring, pana.settings.server.signing_fingerprint)


def _contacts(pana: "Pana") -> Iterator[Finding]:
    """A number that somebody says to have called on a day that has not come was not called then."""
    today = pana.core.place.today(now())
    for one in pana.settings.contacts:
        if one.verified_at > today:
            said = f"{one.label}: verified_at is a day to come; call the number, and write the day of that"
            yield Finding("contacts", "warning", said)


def _people(pana: "Pana") -> Iterator[Finding]:
    recovery = pana.settings.recovery.recipients
    state = "ok" if len(recovery) > 1 else "warning"
    yield Finding("recovery", state, f"{len(recovery)} recipients" + ("" if state == "ok" else ": one key can be lost"))
    yield from _duty(pana.core)
    working = pana.core.database.read(pana.core.members.working)
    if not any(one.role == "lawyer" for one in working):
        yield Finding("lawyers", "failed", "there is none: pana member add")
    yield from _outside(pana.settings, working)


def _duty(core: "Core") -> Iterator[Finding]:
    """The rota, and who is on call by it."""
    from bot.cli.oncall import beyond_limit
    from bot.handoff.rota.file import in_force, worked_out_for

    begins = now()
    seen = worked_out_for(core.database, core.settings.oncall.rota, core.duty, begins, begins)

    def rota_and_cover(tx: "Reading") -> "tuple[Sequence[str], Cover, Sequence[str]]":
        rota, notes = in_force(tx, core.duty, seen)
        limit = beyond_limit(core, tx, core.duty.timetable(tx, rota).at(begins))
        return notes, core.duty.cover(tx, begins, begins + timedelta(days=14), rota), limit

    notes, cover, limit = core.database.read(rota_and_cover)
    for note in notes:
        yield Finding("rota", "warning", note)
    gap = "gaps in the next 14 days: pana oncall check" if cover.gaps else "no gaps in the next 14 days"
    yield Finding("on call", "warning" if cover.gaps else "ok", gap)
    for one in cover.never_met:
        yield Finding("members", "warning", f"{one.name} has never pressed Start: no alert arrives")
    for one in cover.unpractised:
        yield Finding("members", "warning", f"{one.name} has not finished the practice case, so is no cover")
    for one in cover.unreachable:
        yield Finding("on call", "warning", f"{one.name} cannot be reached or has not confirmed the test page")
    for said in limit:
        yield Finding("lawyers", "warning", said)


def _outside(settings: "Settings", members: "Sequence[Member]") -> Iterator[Finding]:
    """Who hears of it outside Telegram: that the bot dies, and that a case waits."""
    if not settings.server.heartbeat_url:
        yield Finding("heartbeat", "warning", "server.heartbeat_url is not set: nobody outside hears when the bot dies")
    ways = any(one.push or (one.email and settings.mail.host) for one in members)
    if not ways and not settings.oncall.backstop:
        yield Finding("backstop", "warning", "no member has a way outside Telegram and oncall.backstop is not set")


_KINDS = {
    "outbox": "messages",
    "handoff": "ladders",
    "call": "calls after silence",
    "expiry": "intakes past their time",
    "retention": "cases past retention",
    "veil": "cards of the silent",
    "code": "cards with a code",
    "fade": "cards with a lawyer's words",
    "renew": "old cards",
    "file": "files that people sent",
    "unopened": "messages that nobody opened",
    "ending": "silent claims",
    "ask again": "questions after an outage",
    "redraw": "cards after a start",
    "job": "jobs of the bot",
}
_NEVER_GIVEN_UP = {"handoff", "call", "job"}


def _work_that_fails(pana: "Pana") -> Iterator[Finding]:
    """What the running bot could not do, by kind (storage/troubles.py)."""
    from storage import troubles

    for one in pana.core.database.read(troubles.counted):
        grave = one.for_long and one.what in _NEVER_GIVEN_UP
        said = f"{one.rows} {_KINDS.get(one.what, one.what)} ({one.for_long} for long), last {one.error_class}"
        remedy = "see the log's lines of this kind; what goes on failing needs a newer Pana or a sound database"
        yield Finding("work that fails", "failed" if grave else "warning", f"{said}: {remedy}")


_UNREADABLE = {
    "member": "members: they get no alerts and are not heard; `pana member add` anew makes the row whole",
    "case_file": "chats of cases: lawyers have the cases; each heals when its person writes",
    "handoff": "facts of alerts: lawyers are called for these cases by their level alone",
    "intake": "open intakes: lawyers get those with a danger, the others expire and their chats are emptied",
    "relay": "messages on their way: they stand in their sealed cases",
    "writing": "drafts of lawyers' messages: they must be typed again",
    "invite": "invitations: invite again with `pana member invite`",
    "outbox": "messages that were queued: they are set aside, later news of the same case go out",
    "rota": "rotas: nobody is on duty by them; save the rota file anew",
    "sent_file": "files on their way: their people are asked to send them again",
    "entry": "sealed entries of cases: `pana open` names the cases; the other entries open",
    "flow_revision": "questionnaires of older versions: their open intakes go to lawyers as they are",
}


def _rows_that_cannot_be_read(pana: "Pana") -> Iterator[Finding]:
    """Damaged rows, by table; a backup of the database has them as they were."""
    from bot.unreadable import unreadable

    found = pana.core.database.read(lambda reading: unreadable(pana.core.sealed, reading))
    for table, count in found.items():
        said = f"{count} {_UNREADABLE.get(table, table)}; or put back a backup of the database"
        yield Finding("rows that cannot be read", "failed" if table == "member" else "warning", said)


def _files(pana: "Pana") -> Iterator[Finding]:
    """What people have sent that is no text: each sealed file is compared with its SHA-256, a part at a time."""
    from storage import records

    found = pana.core.database.read(records.files_counted)
    damaged = pana.core.database.read(records.damaged_files)
    if any(found.values()):
        said = f"{found['kept']} kept, {found['waiting']} on their way, {found['lost']} could not be had"
        yield Finding("files", "ok", said)
    if damaged:
        said = f"{damaged} sealed files are damaged: `pana open` names them, all others open"
        yield Finding("files", "warning", f"{said}; or put back a backup of the database")


def _updates_set_aside(pana: "Pana") -> Iterator[Finding]:
    """What people wrote and the program could not handle; nothing of it is kept but its number."""
    from storage import updates

    found = pana.core.database.read(updates.counted_aside)
    if found:
        classes = ", ".join(sorted(found))
        said = (
            f'{sum(found.values())} in the last two days could not be handled ({classes}): see the log at "set aside"'
        )
        yield Finding("updates set aside", "warning", f"{said}; their people were asked to send them again")


def _damaged_file(pana: "Pana") -> Iterator[Finding]:
    """What a start has put aside because SQLite could not read all of it."""
    from storage.salvage import damaged_copy

    file = pana.core.database.file
    if file is not None and damaged_copy(file).exists():
        said = (
            f"{damaged_copy(file)} is a damaged file that a start has replaced: see whether the disk is sound, compare"
        )
        said += " with a backup what is missing, then remove it, for it also holds what is erased later"
        yield Finding("database file", "warning", said)


_PARTS: Mapping[str, Callable[["Pana"], Iterator[Finding]]] = {
    "database file": _damaged_file,
    "contacts": _contacts,
    "people": _people,
    "work that fails": _work_that_fails,
    "rows that cannot be read": _rows_that_cannot_be_read,
    "files": _files,
    "updates set aside": _updates_set_aside,
}
