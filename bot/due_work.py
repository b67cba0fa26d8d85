"""Work that time brings, row by row: which rows it is time for, and what is done with one of them.

Each row is a change of its own, so one that fails stops no other (bot/edge.py). Which rows it is time for is looked up
without opening any of them. The running bot does it all the time (bot/watch), `pana sweep` once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bot.handoff.calls import Calls
from bot.handoff.intake_ends import IntakeEnds
from bot.handoff.intake_to_case import IntakeToCase
from bot.handoff.looking import Looking
from bot.handoff.messages import Messages
from bot.retention import Retention
from bot.seeker.over_time import RENEWED_AFTER, OverTime, Shown
from storage import erasing, ladder_due, parting, shown, troubles, turns, updates, waiting
from storage.intakes import Intakes
from storage.relay import Relay
from storage.tx import Reading, Tx


class Do(Protocol):
    """Does the work of one row, inside a change."""

    def __call__(self, tx: Tx, row: int) -> Shown | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of work. `rows`: those it is time for, some at once; `do`: one of them, and what its chat shows then.

    `given_up`: a row that fails again and again is set aside; not so what calls a lawyer. `together`: so many at once,
    so that nobody who presses a button meanwhile waits for all of them.
    """

    what: str
    rows: Callable[[Reading], Sequence[int]]
    do: Do
    given_up: bool = True
    together: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWork:
    """Every kind of it, by when it is done.

    `calls`, `handoffs`: somebody is called. `shown`: what is shown dies with what may be known of it. `renew`: messages
    that Telegram will soon let nobody change. `destroys`: what must wait for a clock that is believed (bot/clock.py);
    `forget`, behind it: what nobody needs any more.
    """

    calls: Work
    handoffs: Work
    shown: tuple[Work, ...]
    renew: Work
    destroys: tuple[Work, ...]
    forget: Callable[[Tx], None]


def due_work(
    *,
    intakes: Intakes,
    messages: Messages,
    calls: Calls,
    looking: Looking,
    relay: Relay,
    intake_to_case: IntakeToCase,
    intake_ends: IntakeEnds,
    over_time: OverTime,
    retention: Retention,
) -> DueWork:
    """The table of it: what, which rows, and what is done with one."""
    cases = calls.cases
    return DueWork(
        calls=Work(
            what="call",
            rows=partial(intakes.due, what="call"),
            do=intake_to_case.call_after_silence,
            given_up=False,
            together=2,
        ),
        handoffs=Work(what="handoff", rows=ladder_due.due, do=looking.look, given_up=False),
        shown=(
            Work(what="veil", rows=partial(intakes.due, what="veil"), do=over_time.veil),
            Work(what="warning", rows=partial(intakes.due, what="warning"), do=over_time.warn),
            Work(what="code", rows=ladder_due.codes_to_hide, do=over_time.hide_code),
            Work(what="fade", rows=relay.to_fade, do=over_time.fade),
        ),
        renew=Work(what="renew", rows=lambda tx: shown.older(tx, tx.now - RENEWED_AFTER), do=over_time.renew),
        destroys=(
            Work(what="expiry", rows=partial(intakes.due, what="expiry"), do=intake_ends.expire_due),
            Work(
                what="unopened",
                rows=relay.overdue,
                do=lambda tx, row: messages.unopened(tx, cases.get(tx, row)),
            ),
            Work(what="ending", rows=retention.about_to_end, do=retention.tell_of_the_end),
            Work(what="retention", rows=retention.over, do=retention.erase),
            Work(what="parting", rows=parting.over, do=intake_ends.parting.over),
        ),
        forget=partial(_forget, intakes=intakes, calls=calls, relay=relay),
    )


def _forget(tx: Tx, *, intakes: Intakes, calls: Calls, relay: Relay) -> None:
    """What nobody needs any more."""
    updates.forget_old(tx)
    waiting.forget_old(tx)
    troubles.forget_old(tx)
    turns.forget_old(tx)
    relay.forget_old(tx)
    erasing.forget_over(tx)
    intakes.destroy_old_keys(tx)
