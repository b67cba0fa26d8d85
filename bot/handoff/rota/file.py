"""The rota's file: read when it changes; a broken one keeps the last good one, a grave change waits for a yes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import RotaError
from bot.handoff.queue import Queue
from bot.handoff.rota import asking
from bot.handoff.rota.duty import Duty
from bot.handoff.rota.duty_news import DutyNews
from bot.handoff.rota.plan import LARGEST_FILE
from bot.handoff.rota.plans import Prepared
from bot.handoff.rota.shifts import Problem, Rota, cover, gaps
from flows.place import Place
from storage.database import Database
from storage.outbox import LineKind
from storage.tx import Reading, Tx

BROKEN_READ_EVERY = timedelta(minutes=1)
_LOOKED_AHEAD = timedelta(days=14)
_MOST_GAPS = 5
_GONE = (0, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """The file as it was at a look. `mark`: by what a later look knows that it is still the same."""

    mark: tuple[int, int]
    file: Prepared


@dataclass(slots=True)
class RotaFile:
    """`look` may be called as often as one likes: it reads only what has changed, and a broken file once a minute.

    A file counts as seen once what was decided about it is kept (`take`), so that storage that does not answer at
    that moment costs a second and not the rota.
    """

    path: Path
    duty: Duty
    queue: Queue
    _settled: tuple[int, int] | None = None
    _again_at: datetime | None = None

    def look(self, now: datetime) -> Seen | None:
        """The file, worked out, if there is something to decide, else None. Blocking, and not inside a change."""
        again = self._again_at is not None and self._again_at <= now
        mark = _mark(self.path)
        if mark == self._settled and not again:
            return None
        try:
            text = _text(self.path)
        except OSError:
            mark, text = _GONE, b""
        return Seen(mark, self.duty.rota.prepare(text, now))

    def take(self, tx: Tx, seen: Seen) -> None:
        """Runs inside a change: puts a changed rota in force, or asks the coordinators, or keeps the last good one."""
        rotas, file = self.duty.rota.kept, seen.file
        known = rotas.marks(tx)
        in_force = known.get("accepted")
        if in_force is not None and in_force != file.sha256 and self.duty.rota.plans.wanted(in_force, tx.now):
            return  # another process has put a rota in force: this file is judged beside it, in a second
        tx.after(lambda: self._settle(seen.mark, None))
        if file.sha256 in {mark for state, mark in known.items() if state in {"pending", "refused"}}:
            return
        if in_force == file.sha256:
            rotas.drop(tx, "pending", "broken", "refused")
            return
        try:
            fresh = self.duty.rota.judged(tx, file.plan)
        except RotaError:
            # It may be a member who has yet to be added that makes a file wrong, so it is judged again.
            tx.after(lambda: self._settle(seen.mark, tx.now + BROKEN_READ_EVERY))
            self._broken(tx, known, file.sha256)
            return
        rotas.drop(tx, "pending", "broken", "refused")
        why = asking.why_asked(tx, self.duty, fresh)
        if why is None:
            rotas.keep(tx, "accepted", file.sha256, file.text)
            self.queue.to_coordinators(tx, LineKind.rota)
            DutyNews(self.duty, self.queue).new_rota(tx)
            return
        rotas.keep(tx, "pending", file.sha256, file.text)
        for one in self.queue.members.coordinators(tx):
            self.queue.ask_about_rota(tx, one.id, file.sha256, why)

    def _broken(self, tx: Tx, known: Mapping[str, str], sha256: str) -> None:
        if known.get("broken") != sha256:
            self.duty.rota.kept.drop(tx, "pending", "refused")
            self.duty.rota.kept.keep(tx, "broken", sha256, None)
            self.queue.to_coordinators(tx, LineKind.broken if "accepted" in known else LineKind.unplanned)

    def _settle(self, mark: tuple[int, int], again_at: datetime | None) -> None:
        self._settled, self._again_at = mark, again_at


@dataclass(frozen=True, slots=True)
class Now:
    """What a command has worked out before its transaction: the configured file at two moments, None when unreadable.

    `path`: None without a file in the configuration.
    """

    path: Path | None
    now: datetime
    moment: datetime
    file: Prepared | None = None
    then: Prepared | None = None


def worked_out_for(database: Database, path: Path | None, duty: Duty, now: datetime, moment: datetime) -> Now:
    """For commands: the rota in force and its file, around now and around `moment`. Blocking; not inside a change."""
    if path is None:
        return Now(None, now, moment)
    duty.rota.make_ready(database, now, moment)
    try:
        text = _text(path)
    except OSError:
        return Now(path, now, moment)
    return Now(path, now, moment, duty.rota.prepare(text, now), duty.rota.prepare(text, moment))


def in_force(tx: Reading, duty: Duty, found: Now) -> tuple[Rota | None, Sequence[str]]:
    """The rota around a moment that is in force, or will be as soon as the bot sees its file; and what is to be said.

    For commands: they may run before the bot has seen the file, or while it is broken or waits for a yes.
    """
    if found.path is None:
        return None, []
    in_force, place = duty.rota.at(tx, found.moment), duty.rota.place
    if found.file is None or found.then is None:
        kept = "no rota is in force" if in_force is None else "the earlier rota is in force"
        return in_force, [f"{found.path}: cannot be read; {kept}"]
    state = _decided(duty.rota.kept.marks(tx), found.file.sha256)
    if state == "accepted":
        return in_force, _said(duty.problems(tx, in_force), place)
    try:
        fresh, known = duty.rota.judged(tx, found.file.plan), duty.rota.at(tx, found.now)
    except RotaError as error:
        return in_force, [f"{found.path}: {problem}" for problem in error.problems]
    if state is None and (known is None or asking.differs(tx, duty, known, fresh) is None):
        return duty.rota.judged(tx, found.then.plan), _said(duty.problems(tx, fresh), place)
    return in_force, [_NOTES[state], *_said(duty.problems(tx, fresh), place), *_gaps_of(fresh, found.now, place)]


_NOTES = {
    "pending": "the file waits for a coordinator's yes in Telegram; the earlier rota is in force",
    "refused": "a coordinator has refused the file; the earlier rota is in force",
    None: "a coordinator will be asked about the file; until then the earlier rota is in force",
}


def _decided(states: Mapping[str, str], sha256: str) -> str | None:
    """What became of a file; None for one that nothing was decided about."""
    return next((state for state, mark in states.items() if mark == sha256 and state != "broken"), None)


def _said(problems: Sequence[Problem], place: Place) -> list[str]:
    """What of a rota cannot be used, each with its place in the file, its own words and its time."""
    found = []
    for one in problems:
        event = f"event {one.number}: " if one.number else ""
        at = [f"{place.here(one.at):%Y-%m-%d %H:%M}"] if one.at else []
        called = ["".join(letter if letter.isprintable() else "?" for letter in one.called)] if one.called else []
        which = f" ({', '.join([*called, *at])})" if called or at else ""
        found.append(f"{event}{one.why}{'; nobody is on call by it' if one.empty else ''}{which}")
    return found


def _gaps_of(fresh: Rota, now: datetime, place: Place) -> list[str]:
    ends = now + _LOOKED_AHEAD
    found = gaps(cover(fresh.shifts, now, ends), now, ends)
    said = [f"{place.here(first):%Y-%m-%d %H:%M} - {place.here(last):%Y-%m-%d %H:%M}" for first, last in found]
    more = [f"{len(said) - _MOST_GAPS} more"] if len(said) > _MOST_GAPS else []
    return [f"the file has no shift: {one}" for one in said[:_MOST_GAPS] + more]


def _mark(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return _GONE
    return found.st_mtime_ns, found.st_size


def _text(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)
