"""The rota's file: read when it changes; a broken one keeps the last good one, a grave change waits for a yes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import RotaError
from bot.handoff.dispatch import Dispatch
from bot.handoff.duty import Duty
from bot.handoff.hours import HERE
from bot.handoff.rota import LARGEST_FILE
from bot.handoff.shifts import Rota, cover, gaps, needs_a_yes
from storage.tx import Reading, Tx

BROKEN_READ_EVERY = timedelta(minutes=1)
_LOOKED_AHEAD = timedelta(days=14)
_MOST_GAPS = 5


@dataclass(slots=True)
class RotaFile:
    """`read` may be called as often as one likes: it reads only what has changed, and a broken file once a minute."""

    path: Path
    duty: Duty
    dispatch: Dispatch
    _seen: tuple[int, int] | None = None
    _again_at: datetime | None = None

    def read(self, now: datetime) -> bytes | None:
        """The file if there is something to look at, else None. Blocking: call it from a thread."""
        again = self._again_at is not None and self._again_at <= now
        try:
            found = self.path.stat()
            mark = (found.st_mtime_ns, found.st_size)
            text = None if mark == self._seen and not again else _text(self.path)
        except OSError:
            mark = (0, 0)
            text = None if mark == self._seen and not again else b""
        if text is not None:
            self._seen, self._again_at = mark, None
        return text

    def take(self, tx: Tx, text: bytes) -> None:
        """Runs inside a change: puts a changed rota in force, or asks the coordinators, or keeps the last good one."""
        duties, sha256 = self.duty.duties, hashlib.sha256(text).hexdigest()
        known = duties.rotas(tx)
        if sha256 in {one.sha256 for state, one in known.items() if state in {"pending", "refused"}}:
            return
        accepted = known.get("accepted")
        if accepted is not None and accepted.sha256 == sha256:
            duties.drop_rota(tx, "pending", "broken", "refused")
            return
        try:
            fresh = self.duty.read(tx, text, tx.now)
        except RotaError:
            # It may be a member who has yet to be added that makes a file wrong, so it is read again.
            self._again_at = tx.now + BROKEN_READ_EVERY
            if "broken" not in known or known["broken"].sha256 != sha256:
                duties.drop_rota(tx, "pending", "refused")
                duties.keep_rota(tx, "broken", sha256, None)
                self.dispatch.to_coordinators(tx, "broken")
            return
        duties.drop_rota(tx, "pending", "broken", "refused")
        why = self.duty.why_asked(tx, fresh)
        if why is None:
            duties.keep_rota(tx, "accepted", sha256, text)
            self.dispatch.to_coordinators(tx, "rota")
            return
        duties.keep_rota(tx, "pending", sha256, text)
        for one in self.dispatch.members.coordinators(tx):
            self.dispatch.ask_about_rota(tx, one.id, sha256, why)


def standing(
    tx: Reading, path: Path | None, duty: Duty, now: datetime, moment: datetime
) -> tuple[Rota | None, Sequence[str]]:
    """The rota around `moment` that is in force, or will be as soon as the bot sees its file; and what is to be said.

    For commands: they may run before the bot has seen the file, or while it is broken or waits for a yes.
    """
    if path is None:
        return None, []
    in_force = duty.rota(tx, moment)
    try:
        text = _text(path)
    except OSError:
        kept = "no rota is in force" if in_force is None else "the earlier rota is in force"
        return in_force, [f"{path}: cannot be read; {kept}"]
    sha256, states = hashlib.sha256(text).hexdigest(), duty.duties.rotas(tx)
    state = next((state for state, one in states.items() if one.sha256 == sha256 and state != "broken"), None)
    if state == "accepted":
        return in_force, []
    try:
        fresh, known = duty.read(tx, text, now), duty.rota(tx, now)
    except RotaError as error:
        return in_force, [f"{path}: {problem}" for problem in error.problems]
    notes = {
        "pending": "the file waits for a coordinator's yes in Telegram; the earlier rota is in force",
        "refused": "a coordinator has refused the file; the earlier rota is in force",
        None: "a coordinator will be asked about the file; until then the earlier rota is in force",
    }
    if state is None and (known is None or needs_a_yes(known, fresh, now) is None):
        return duty.read(tx, text, moment), []
    return in_force, [notes[state], *_gaps_of(fresh, now)]


def _gaps_of(fresh: Rota, now: datetime) -> list[str]:
    ends = now + _LOOKED_AHEAD
    found = gaps(cover(fresh.shifts, now, ends), now, ends)
    said = [
        f"{first.astimezone(HERE):%Y-%m-%d %H:%M} - {last.astimezone(HERE):%Y-%m-%d %H:%M}" for first, last in found
    ]
    more = [f"{len(said) - _MOST_GAPS} more"] if len(said) > _MOST_GAPS else []
    return [f"the file has no shift: {one}" for one in said[:_MOST_GAPS] + more]


def _text(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)
