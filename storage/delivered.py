"""Messages about a case in members' chats, so that they can be removed after a day or when the case leaves them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Select, bindparam, delete, insert, select

from storage.schema import Exact, delivered
from storage.tx import Tx

_Taking = tuple[Select[int, int], Delete]


def _taking(wanted: ColumnElement[bool]) -> _Taking:
    """What looks for messages, and what forgets them."""
    query = select(delivered.c.member_id, delivered.c.message_id).where(wanted)
    return query.order_by(delivered.c.message_id), delete(delivered).where(wanted)


_MEMBER = delivered.c.member_id == bindparam("member")
_THERE = delete(delivered).where(_MEMBER, delivered.c.message_id == bindparam("message"))
_NEW = insert(delivered)
_ABOUT = delivered.c.case_row == bindparam("row")
_ALL, _BUT, _OF_ONE = (
    _taking(_ABOUT),
    _taking(_ABOUT & (delivered.c.member_id != bindparam("but"))),
    _taking(_ABOUT & _MEMBER),
)
_OLDER = _taking(delivered.c.at < bindparam("than", type_=Exact()))


class Delivered:
    """Every method runs inside a change."""

    def keep(self, tx: Tx, member_id: int, message_id: int, case_row: int, *, longer: timedelta = timedelta()) -> None:
        """A message about a case was sent to a member. `longer`: how much longer than others it may stand there."""
        tx.execute(_THERE, {"member": member_id, "message": message_id})
        values = {"member_id": member_id, "message_id": message_id, "case_row": case_row, "at": tx.now + longer}
        tx.execute(_NEW, values)

    def take(self, tx: Tx, case_row: int, *, but: int | None = None) -> Mapping[int, Sequence[int]]:
        """Member -> messages about this case, `but` one member's; they are forgotten here."""
        if but is None:
            return self._take(tx, _ALL, row=case_row)
        return self._take(tx, _BUT, row=case_row, but=but)

    def take_of(self, tx: Tx, case_row: int, member_id: int) -> Mapping[int, Sequence[int]]:
        """One member's messages about this case; they are forgotten here."""
        return self._take(tx, _OF_ONE, row=case_row, member=member_id)

    def take_older(self, tx: Tx, than: datetime) -> Mapping[int, Sequence[int]]:
        """Member -> messages that have been shown long enough; they are forgotten here."""
        return self._take(tx, _OLDER, than=than)

    def _take(self, tx: Tx, taking: _Taking, **wanted: object) -> Mapping[int, Sequence[int]]:
        query, gone = taking
        found: dict[int, list[int]] = {}
        for member_id, message_id in tx.execute(query, wanted).all():
            found.setdefault(member_id, []).append(message_id)
        tx.execute(gone, wanted)
        return found
