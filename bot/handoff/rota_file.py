"""The rota's file: read when it changes; a broken one keeps the last good one, a grave change waits for a yes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import RotaError
from bot.handoff.dispatch import Dispatch
from bot.handoff.duty import Duty
from bot.handoff.rota import LARGEST_FILE, needs_a_yes
from storage.writer import Connection


@dataclass(slots=True)
class RotaFile:
    """`look` may run as often as one likes: it reads only what has changed."""

    path: Path
    duty: Duty
    dispatch: Dispatch
    _seen: tuple[int, int] | None = None

    def read(self) -> bytes | None:
        """The file if it has changed since the last look, else None. Blocking: call it from a thread."""
        try:
            found = self.path.stat()
            mark = (found.st_mtime_ns, found.st_size)
            if mark == self._seen:
                return None
            with self.path.open("rb") as file:
                text = file.read(LARGEST_FILE + 1)
        except OSError:
            mark, text = (0, 0), b""
            if mark == self._seen:
                return None
        self._seen = mark
        return text

    def take(self, connection: Connection, text: bytes, now: datetime) -> None:
        """Runs inside a change: puts a changed rota in force, or asks the coordinators, or keeps the last good one."""
        duties, sha256 = self.duty.duties, hashlib.sha256(text).hexdigest()
        known = duties.rotas(connection)
        if sha256 in {one.sha256 for state, one in known.items() if state != "accepted"}:
            return
        duties.drop_rota(connection, "pending", "broken", "refused")
        accepted = known.get("accepted")
        if accepted is not None and accepted.sha256 == sha256:
            return
        try:
            fresh = self.duty.read(connection, text, now)
        except RotaError:
            duties.keep_rota(connection, "broken", sha256, None, now)
            self.dispatch.to_coordinators(connection, "broken", now)
            return
        before = self.duty.rota(connection, now)
        why = needs_a_yes(before, fresh, now) if before is not None else None
        if why is None:
            duties.keep_rota(connection, "accepted", sha256, text, now)
            self.dispatch.to_coordinators(connection, "rota", now)
            return
        duties.keep_rota(connection, "pending", sha256, text, now)
        for one in self.dispatch.members.coordinators(connection):
            args = {"why": why}
            self.dispatch.to_member(connection, "askrota", one.id, now, args=args, mark=f":{sha256[:12]}")
