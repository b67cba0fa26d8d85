"""A file that a lawyer sends: the wraps in it, for the cases that are being handed over; nothing else of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Came, Kind, SentFile
from bot.delivery.kinds.to_members import ToMembers
from bot.delivery.wraps import MANIFEST
from bot.handoff.claims import Claims
from bot.handoff.handing_over import HandingOver
from storage.manifests import is_of
from storage.outbox import Due, LineKind, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKinds:
    """What is fetched from Telegram after the commit."""

    to: ToMembers
    claims: Claims
    handing_over: HandingOver

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        return {RowKind.fetch: Kind(draw=self._file, kept=self._wraps_came, lost=self.to.lost)}

    def _file(self, _tx: Reading, due: Due) -> SentFile:
        assert due.secret is not None
        return SentFile(file_id=due.secret)

    def _wraps_came(self, tx: Tx, due: Due, came: Came) -> None:
        """The one new wrap of a case goes on to the other lawyer; its sender hears what became of the file.

        Only of a file whose manifest this server has signed for that case: a wrap alone does not say what it opens.
        """
        assert due.member_id is not None
        wraps, cases, found = came.wraps or {}, self.claims.cases, False
        for case in cases.held_by(tx, due.member_id):
            known, of_case = cases.wraps.kids(tx, case.row), wraps.get(case.code, {})
            fresh = [one for one in of_case.items() if one[0] not in {*known, *MANIFEST}]
            if not is_of(of_case, case.case_id, cases.ring.verify_key):
                continue
            if len(fresh) == 1 and self.handing_over.wrap_came(tx, case, *fresh[0]):
                found = True
                self.claims.queue.to_member(tx, RowKind.sent_on, due.member_id, case_row=case.row)
        if "message" in due.args:
            self.claims.queue.wipes.from_members(tx, {due.member_id: [due.number("message")]})
        if not found:
            self.claims.queue.line(tx, LineKind.nowrap, due.member_id, mark=f":{due.id}")
