"""Calendars that have been worked out, in memory: a file is read once, not at each look and in no change."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.handoff.rota.plan import Plan, refusal
from bot.logs import log

STALE_AFTER = timedelta(hours=12)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_KEPT = 8
TOO_MUCH = "it takes too long or too much memory to work out; leave out what is no shift, and let rules begin anew"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file and its plan. `sha256`: what the database calls it by."""

    sha256: str
    text: bytes = field(repr=False)
    plan: Plan


@dataclass(frozen=True, slots=True)
class _Failed:
    """What could not be worked out is tried again, with a growing pause."""

    pause: timedelta
    again_at: datetime


class Plans:
    """The newest plans. Any thread may ask; what is here depends on files alone, never on a change being kept.

    `work`: makes the plan of a file, or None when that takes too much.
    """

    def __init__(self, work: Callable[[bytes, datetime], Plan | None]) -> None:
        self._work = work
        self._plans: dict[tuple[str, datetime], Plan] = {}
        self._failed: dict[str, _Failed] = {}
        self._lock = threading.Lock()

    def of(self, sha256: str, moment: datetime) -> Plan | None:
        """The plan of a file that tells most about a moment; None when none that was made tells anything."""
        with self._lock:
            known = [key for key, one in self._plans.items() if key[0] == sha256 and one.begins <= moment < one.ends]
            if not known:
                return None
            nearest = min(known, key=lambda key: abs(key[1] - moment))
            self._plans[nearest] = self._plans.pop(nearest)  # what is asked for is kept longest
            return self._plans[nearest]

    def wanted(self, sha256: str, moment: datetime) -> bool:
        """True when a file should be worked out for a moment, and has not just failed."""
        with self._lock:
            fresh = any(mark == sha256 and abs(at - moment) < STALE_AFTER for mark, at in self._plans)
            failed = self._failed.get(sha256)
        return not fresh and (failed is None or not failed.again_at - failed.pause <= moment < failed.again_at)

    def prepare(self, text: bytes, moment: datetime) -> Prepared:
        """Works a file out for a moment unless that was done; blocking, in a process of its own. Never raises.

        What takes too much is a plan that is refused, unless an earlier one still tells of the moment.
        """
        sha256 = hashlib.sha256(text).hexdigest()
        if self.wanted(sha256, moment):
            plan = self._work(text, moment)
            if plan is None:
                self.failed(sha256, moment)
            else:
                self._keep(sha256, moment, plan)
        return Prepared(sha256, text, self.of(sha256, moment) or refusal(moment, TOO_MUCH))

    def _keep(self, sha256: str, moment: datetime, plan: Plan) -> None:
        with self._lock:
            self._failed.pop(sha256, None)
            self._plans.pop((sha256, moment), None)
            self._plans[sha256, moment] = plan
            for old in list(self._plans)[:-MOST_KEPT]:
                del self._plans[old]

    def failed(self, sha256: str, moment: datetime) -> None:
        """It could not be read, or not within its limits: it is tried again after a pause, each time a longer one."""
        log.error("a rota could not be read within its limits of time and memory")
        with self._lock:
            before = self._failed.pop(sha256, None)
            pause = FIRST_PAUSE if before is None else min(LONGEST_PAUSE, 2 * before.pause)
            self._failed[sha256] = _Failed(pause, moment + pause)
            for old in list(self._failed)[:-MOST_KEPT]:
                del self._failed[old]
