"""Messages about a case in members' chats, so that they can be removed after a day or when the case leaves them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select

from storage.schema import delivered
from storage.tx import Tx


class Delivered:
    """Every method runs inside a change."""

    def keep(self, tx: Tx, member_id: int, message_id: int, case_row: int, *, longer: timedelta = timedelta()) -> None:
        """A message about a case was sent to a member. `longer`: how much longer than others it may stand there."""
        here = (delivered.c.member_id == member_id) & (delivered.c.message_id == message_id)
        tx.execute(delete(delivered).where(here))
        values = {"member_id": member_id, "message_id": message_id, "case_row": case_row, "at": tx.now + longer}
        tx.execute(insert(delivered).values(**values))

    def take(self, tx: Tx, case_row: int, *, but: int | None = None) -> Mapping[int, Sequence[int]]:
        """Member -> messages about this case, `but` one member's; they are forgotten here."""
        mine = delivered.c.case_row == case_row
        return self._take(tx, mine if but is None else mine & (delivered.c.member_id != but))

    def take_of(self, tx: Tx, case_row: int, member_id: int) -> Mapping[int, Sequence[int]]:
        """One member's messages about this case; they are forgotten here."""
        return self._take(tx, (delivered.c.case_row == case_row) & (delivered.c.member_id == member_id))

    def take_older(self, tx: Tx, than: datetime) -> Mapping[int, Sequence[int]]:
        """Member -> messages that have been shown long enough; they are forgotten here."""
        return self._take(tx, delivered.c.at < than)

    def _take(self, tx: Tx, wanted: ColumnElement[bool]) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        query = select(delivered.c.member_id, delivered.c.message_id).where(wanted).order_by(delivered.c.message_id)
        for member_id, message_id in tx.execute(query).all():
            found.setdefault(member_id, []).append(message_id)
        tx.execute(delete(delivered).where(wanted))
        return found
