"""Which members were told of a case: one alert for each, with its message and its state."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from flows.model import Level
from storage.case import Status
from storage.schema import Id, alert, as_they_rest, case_file, handoff, wrap
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

_ROW = bindparam("row", type_=Id)
_OF_CASE = select(alert).where(alert.c.case_row == _ROW)
_TIMES = (
    select(alert.c.told_at)
    .where(alert.c.case_row == _ROW, alert.c.told_at.is_not(None), alert.c.state.not_in(["told", "through"]))
    .order_by(alert.c.told_at)
)
_RUNG = (
    select(case_file.c.id, alert.c.message_id)
    .join(alert, alert.c.case_row == case_file.c.id)
    .where(alert.c.member_id == bindparam("member"), alert.c.state == "rung", case_file.c.status == Status.waiting)
)
_LISTED = (
    select(case_file.c.id)
    .join(alert, alert.c.case_row == case_file.c.id)
    .where(alert.c.member_id == bindparam("member"), alert.c.state == "listed", case_file.c.status == Status.waiting)
    .order_by(case_file.c.id)
)
_LISTED_OUTSIDE = (
    _LISTED.with_only_columns(alert.c.outside_at)
    .where(alert.c.outside_at.is_not(None))
    .order_by(None)
    .order_by(alert.c.outside_at.desc())
    .limit(1)
)
_SILENT = case_file.c.id.in_(select(handoff.c.case_row).where(handoff.c.unanswered == 1))
_RUNG_FOR = {False: _RUNG, True: _RUNG.where(_SILENT)}  # True: only of those whose person has answered nothing
_CRITICAL_ALONE = {only: query.where(case_file.c.level == Level.critical) for only, query in _RUNG_FOR.items()}
_ALONE = {only: query.where(case_file.c.id == _ROW) for only, query in _RUNG_FOR.items()}
_NEWS = (
    alert.c.member_id == bindparam("member"),
    alert.c.case_row.in_(bindparam("rows", expanding=True)),
    alert.c.told_at.is_(None),
)
_ARE_NEWS = select(alert.c.case_row).where(*_NEWS).order_by(alert.c.case_row)
_TOLD = update(alert).where(*_NEWS)  # when is given with the rows


@dataclass(frozen=True, slots=True)
class Alerted:
    """One member's alert: its message, its state, when it was said outside.

    A lawyer's state is `rung`, `listed` or `passed`; a coordinator's `told`, or `through` once one of them has let a
    muted case through.

    `told_at`: when it was delivered for the first time; what is only queued has told nobody.
    """

    message_id: int | None
    state: str
    outside_at: datetime | None = None
    told_at: datetime | None = None


class AlertedMembers:
    """Who was told of which case; every method runs inside a change."""

    def of(self, tx: Reading, case_row: int) -> Mapping[int, Alerted]:
        """Member -> alert, of every member who was told of a case."""
        return tx.once(those_of(case_row), [alert], lambda: _read(tx, case_row))

    def listed_for(self, tx: Reading, member_id: int) -> Sequence[int]:
        """The rows of the waiting cases that stand on a lawyer's list, the oldest first."""
        return list(tx.execute(_LISTED, {"member": member_id}).scalars())

    def listed_outside(self, tx: Reading, member_id: int) -> datetime | None:
        """When a lawyer was last told outside Telegram of any case that stands on their list."""
        last: datetime | None = tx.execute(_LISTED_OUTSIDE, {"member": member_id}).scalar()
        return last

    def alone(
        self, tx: Reading, member_id: int, case_row: int | None = None, *, unanswered: bool = False
    ) -> Mapping[int, int | None]:
        """Case -> message of a lawyer's own alerts for waiting critical cases, or one case: what a list replaces.

        `unanswered`: only of those whose person has answered nothing.
        """
        query = _CRITICAL_ALONE[unanswered] if case_row is None else _ALONE[unanswered]
        rows = tx.execute(query, {"member": member_id} | ({} if case_row is None else {"row": case_row})).all()
        return {row.id: row.message_id for row in rows}

    def times(self, tx: Reading, case_row: int) -> Sequence[datetime]:
        """When each lawyer was told of a case for the first time, in order."""
        return list(tx.execute(_TIMES, {"row": case_row}).scalars())

    def by_member(self, tx: Reading, member_id: int) -> Sequence[int]:
        """The rows of the waiting cases that a member could take, or of which they were to be told."""
        told = select(alert.c.case_row).where(alert.c.member_id == member_id)
        able = select(wrap.c.case_row).where(wrap.c.member_id == member_id)
        here = (case_file.c.status == Status.waiting) & (case_file.c.id.in_(told) | case_file.c.id.in_(able))
        return list(tx.execute(select(case_file.c.id).where(here).order_by(case_file.c.id)).scalars())

    # --- changes ---

    def told(self, tx: Tx, member_id: int, case_rows: Sequence[int]) -> Sequence[int]:
        """An alert or a list with these cases has been delivered; of which of them it is news to this member."""
        these = {"member": member_id, "rows": list(case_rows)}
        rows = list(tx.execute(_ARE_NEWS, these).scalars())
        if rows:
            tx.execute(_TOLD, {**these, "told_at": tx.now})
        return rows

    def keep(self, tx: Tx, case_row: int, member_id: int, **values: object) -> None:
        """Keeps one alert: its message id or state; `at` counts the first time only."""
        self.keep_all(tx, case_row, [member_id], **values)

    def keep_all(self, tx: Tx, case_row: int, member_ids: Collection[int], **values: object) -> None:
        """The same of several members at once."""
        fresh = {"case_row": case_row, "state": "rung", **values}
        again = tuple(name for name in values if name != "at")
        rows = upsert_of(tx, alert, ("case_row", "member_id"), again)
        if member_ids:
            known = self.of(tx, case_row) if tx.knows(those_of(case_row)) else None
            tx.execute(rows, [{**fresh, "member_id": one} for one in member_ids])
            if known is not None:
                kept = {one: _kept(known.get(one), values) for one in member_ids}
                tx.know(those_of(case_row), [alert], {**known, **kept})

    def take_messages_of(self, tx: Tx, member_id: int) -> Sequence[int]:
        """The messages of a member's alerts; they are forgotten here."""
        mine = (alert.c.member_id == member_id) & alert.c.message_id.is_not(None)
        found = list(tx.execute(select(alert.c.message_id).where(mine)).scalars())
        tx.execute(update(alert).where(mine).values(message_id=None))
        return sorted(found)

    def drop(self, tx: Tx, case_row: int, member_id: int) -> int | None:
        """Forgets one alert; its message, if it has one of its own."""
        here = (alert.c.case_row == case_row) & (alert.c.member_id == member_id)
        message_id = tx.execute(select(alert.c.message_id).where(here)).scalar()
        tx.execute(delete(alert).where(here))
        return message_id

    def unlist(self, tx: Tx, case_row: int) -> Sequence[int]:
        """Takes a case off every list: it deserves an alert of its own. The lawyers whose lists are shorter now."""
        here = (alert.c.case_row == case_row) & (alert.c.state == "listed")
        found = list(tx.execute(select(alert.c.member_id).where(here)).scalars())
        tx.execute(delete(alert).where(here))
        return found

    def drop_all(self, tx: Tx, case_row: int) -> Mapping[int, int | None]:
        """Forgets every alert of a case; member -> its message, if it has one of its own."""
        rows = tx.execute(select(alert).where(alert.c.case_row == case_row)).all()
        tx.execute(delete(alert).where(alert.c.case_row == case_row))
        return {row.member_id: row.message_id for row in rows}

    def never_told(self, tx: Tx, case_row: int, member_id: int) -> bool:
        """Forgets an alert that never arrived; True when there was one."""
        here = (alert.c.case_row == case_row) & (alert.c.member_id == member_id)
        lost = here & alert.c.message_id.is_(None) & alert.c.state.in_(["rung", "listed"])
        return tx.execute(delete(alert).where(lost)).rowcount > 0


def those_of(case_row: int) -> Hashable:
    """As what a change knows them."""
    return "alerts", case_row


def _kept(before: Alerted | None, values: Mapping[str, object]) -> Alerted:
    """An alert after these were written to it."""
    changed = as_they_rest(alert, {name: value for name, value in values.items() if name != "at"})
    return replace(before or Alerted(None, "rung"), **changed)


def _read(tx: Reading, case_row: int) -> Mapping[int, Alerted]:
    rows = tx.execute(_OF_CASE, {"row": case_row}).all()
    return {row.member_id: Alerted(row.message_id, row.state, row.outside_at, row.told_at) for row in rows}
