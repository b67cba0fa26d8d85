"""What is queued for people: rows of the outbox that name what is to be brought up to date, and for whom."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.handoff.for_person import REPAIR_AFTER, ForPerson
from bot.handoff.wipes import Wipes
from storage.case import Claimed
from storage.delivered import Delivered
from storage.members import Member, Members
from storage.outbox import LineKind, Outbox, RowKind
from storage.tx import Tx

WAYS = ("push", "email")  # outside Telegram


def of_member(kind: RowKind, member_id: int, case_row: int | None = None) -> str:
    """The key of the one row of a kind, a member and a case, or of the member alone (storage/outbox.py)."""
    return f"{kind}:{case_row or 0}:{member_id}"


@dataclass(frozen=True, slots=True)
class Queue:
    """Queues for members; every method runs inside a change. What is for others it knows where to find."""

    outbox: Outbox
    members: Members
    delivered: Delivered

    @property
    def person(self) -> ForPerson:
        """For whoever asks for help."""
        return ForPerson(outbox=self.outbox, wipes=self.wipes)

    @property
    def wipes(self) -> Wipes:
        """Messages that go."""
        return Wipes(outbox=self.outbox, members=self.members, delivered=self.delivered)

    def to_member(
        self,
        tx: Tx,
        kind: RowKind,
        member_id: int,
        *,
        at: datetime | None = None,
        case_row: int | None = None,
        args: Mapping[str, object] | None = None,
        mark: str = "",
        chain: str | None = None,
    ) -> None:
        """One row a kind, case and member: what comes first brings the whole truth. `mark` tells two rows apart.

        `chain`: rows of one chain go one after another.
        """
        key = f"{of_member(kind, member_id, case_row)}{mark}"
        self.outbox.put(tx, kind, at=at, case_row=case_row, member_id=member_id, args=args, key=key, chain=chain)

    def drop_to_member(self, tx: Tx, kind: RowKind, member_id: int, *, case_row: int) -> None:
        """What was to be told later is told otherwise."""
        self.outbox.drop(tx, of_member(kind, member_id, case_row))

    def over(self, tx: Tx, member_id: int, case_row: int, at: datetime, *, note: bool) -> None:
        """What asks a member to type says `at` that this is over, unless they do anything before."""
        args = {"over": True, "note": note}
        key = self._over(member_id)
        self.outbox.put(tx, RowKind.preview, at=at, case_row=case_row, member_id=member_id, args=args, key=key)

    def not_over(self, tx: Tx, member_id: int) -> None:
        """The member does something: that card goes."""
        self.outbox.drop(tx, self._over(member_id))

    def _over(self, member_id: int) -> str:
        return f"over:{member_id}"

    def menu(self, tx: Tx, member_id: int) -> None:
        """The menu of a member's chat is brought up to date."""
        self.to_member(tx, RowKind.menu, member_id)

    def line(
        self, tx: Tx, what: LineKind, member_id: int, *, case_row: int | None = None, mark: str, **told: object
    ) -> None:
        """A line to one member: what happened. `told`: what its text names (bot/member/lines.py)."""
        args = {"what": what.value, **told}
        self.to_member(tx, RowKind.line, member_id, case_row=case_row, args=args, mark=mark)

    def to_coordinators(
        self,
        tx: Tx,
        what: LineKind,
        *,
        case_row: int | None = None,
        about: int | None = None,
        count: int | None = None,
        day: date | None = None,
    ) -> None:
        """A line to every coordinator: what happened to which case, which member it is about, how many, until when."""
        for one in self.members.coordinators(tx):
            told: dict[str, object] = {"about": about, "at": tx.at_once.isoformat(), "count": count}
            told |= {"day": day.isoformat()} if day is not None else {}
            mark = f":{what}:{about or 0}:{tx.at_once.isoformat()}"
            self.line(tx, what, one.id, case_row=case_row, mark=mark, **told)

    def ask_about_rota(self, tx: Tx, coordinator_id: int, sha256: str, why: str) -> None:
        """A rota waits for a coordinator's yes. `why`: what shifts.needs_a_yes has found."""
        args, mark = {"why": why}, f":{sha256[:12]}"
        self.to_member(tx, RowKind.askrota, coordinator_id, args=args, mark=mark)

    def fetch(self, tx: Tx, member: Member, file_id: str, message_id: int) -> None:
        """A lawyer's file is fetched after the commit; its id rests sealed until then. It goes once it was read."""
        key, args = f"fetch:{member.id}:{secrets.token_hex(8)}", {"message": message_id}  # each file is one of its own
        self.outbox.put(tx, RowKind.fetch, member_id=member.id, secret=file_id, args=args, key=key)

    def sent_file(self, tx: Tx, case: Claimed, file: Sequence[object], at: datetime) -> None:
        """The claimer hears of a file; one row tells of all that come while it waits, the soonest says when.

        `file`: the number of its entry, its kind, its bytes and seconds (storage/outbox.py: ids, words, numbers).
        """
        before = self.outbox.gathering(tx, of_member(RowKind.files, case.claim.by, case.row))
        told, mark = list[object]([file]), f":{file[0]}"
        if before is not None:
            told, at = [*_listed(before.args.get("files")), file], min(at, before.at)
            self.outbox.drop(tx, before.key)
        self.to_member(tx, RowKind.files, case.claim.by, at=at, case_row=case.row, args={"files": told}, mark=mark)

    # --- outside Telegram ---

    def outside(self, tx: Tx, member: Member, says: str = "waits", *, ways: Collection[str] = WAYS) -> None:
        """Says outside Telegram that a case is waiting, a row for each way: one that fails holds up no other.

        `says`: `waits`, `yours` for one that the member holds, `unseen` for one whose claimer does not look, or
        `attention` when the service itself needs somebody, `test` for nothing at all.
        """
        for way, address in zip(WAYS, (member.push, member.email), strict=True):
            if address and way in ways:
                args, key = {"way": way, "says": says}, f"outside:{way}:{member.id}:{says}"
                self.outbox.put(tx, RowKind.outside, member_id=member.id, args=args, key=key)

    def backstop(self, tx: Tx, addresses: int, says: str = "waits") -> None:
        """The same to every address of `oncall.backstop`: so many there are."""
        for place in range(addresses):
            args, key = {"place": place, "says": says}, f"backstop:{place}:{says}"
            self.outbox.put(tx, RowKind.backstop, args=args, key=key)

    # --- at the start ---

    def begins_again(self, tx: Tx) -> None:
        """At the start of the only process on a database: what a crashed one had in hand is due at once."""
        self.outbox.due_again(tx)
        self.outbox.hurry(tx, "stray", tx.now + REPAIR_AFTER)  # after the cards that are drawn again at a start


def _listed(files: object) -> Sequence[object]:
    return files if isinstance(files, list) else []
