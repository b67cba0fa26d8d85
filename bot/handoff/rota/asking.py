"""Whether a coordinator must agree to a rota, and why. Every function runs inside a change."""

from dataclasses import replace

from bot.errors import RotaError
from bot.handoff.rota.duty import Duty
from bot.handoff.rota.shifts import Rota, needs_a_yes
from storage.tx import Reading


def why_asked(tx: Reading, duty: Duty, fresh: Rota) -> str | None:
    """Why a coordinator must agree to this rota in place of the one in force; None when none needs to."""
    before = duty.rota.at(tx, tx.now)
    return None if before is None else differs(tx, duty, before, fresh)


def differs(tx: Reading, duty: Duty, before: Rota, fresh: Rota) -> str | None:
    """What is grave about one rota after another: as they come out with today's members and what they agreed on."""
    return needs_a_yes(_as_it_runs(tx, duty, before), _as_it_runs(tx, duty, fresh), tx.now)


def _as_it_runs(tx: Reading, duty: Duty, rota: Rota) -> Rota:
    running = (one.shift for one in duty.timetable(tx, rota).shifts(rota.begins, rota.ends) if one.runs)
    return replace(rota, shifts=tuple(running))


def waiting(tx: Reading, duty: Duty) -> tuple[str, str] | None:
    """The rota that waits for a yes: its SHA-256, and why it waits."""
    mark = duty.rota.kept.marks(tx).get("pending")
    if mark is None:
        return None
    plan = duty.rota.plans.of(mark, tx.now)
    try:
        fresh = None if plan is None else duty.rota.judged(tx, plan)
    except RotaError:  # it was sound when it was kept
        fresh = None
    return mark, (fresh and why_asked(tx, duty, fresh)) or "half"
