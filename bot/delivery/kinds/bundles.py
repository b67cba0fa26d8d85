"""The sealed case for whoever holds it: in zips one after another, a file alone, and what is new among the files."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Came, Kind, SealedZip, ToMember
from bot.delivery.kinds.to_members import ToMembers, says
from bot.handoff.claims import Claims
from bot.member.claim_cards import ClaimCards
from storage import sent_files
from storage.bundle import in_groups
from storage.case import Case, Claimed, Parted
from storage.members import Member
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx

MOST = 19 * 1024**2  # bytes of files in a zip. Bot API: a bot sends 50 MB; a line that is slow sends less in a minute


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleKinds:
    """Each zip is a row of its own: what was sent stays sent, and what was not goes again."""

    to: ToMembers
    claims: Claims
    cards: ClaimCards

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        to = self.to
        return {
            RowKind.bundle: Kind(draw=to.about_case(self._bundle), kept=self._bundle_kept, lost=to.lost),
            RowKind.files: Kind(draw=to.claimer(self._files), kept=to.goes_with_claim(), lost=to.lost),
        }

    def _bundle(self, tx: Reading, due: Due, case: Case, member: Member) -> ToMember | None:
        """The sealed case with this lawyer's wrap only: for the claimer, and for whom it is being handed over to."""
        offer = self.claims.offers.of(tx, case.row)
        offered = offer is not None and offer.member_id == member.id and offer.wrap_kid is not None
        if not isinstance(case, Claimed | Parted) or not (case.is_held_by(member.id) or offered):
            return None
        sizes = _sizes(tx, case.row)
        if "only" in due.args:
            return self._alone(case, member, due.number("only"), sizes)
        groups, number = in_groups(sizes, MOST), _zip(due)
        if number > len(groups):
            return None
        name = f"{case.code}.zip" if number == 1 else f"{case.code}-{number}.zip"
        caption = self.cards.caption(member, case, name, of=(number, len(groups)), files=bool(sizes))
        return self._sealed(case, member, groups[number - 1], sizes, (name, caption))

    def _alone(self, case: Case, member: Member, seq: int, sizes: Mapping[int, int]) -> ToMember | None:
        if seq not in sizes:
            return None
        name = f"{case.code}-{seq:04}.zip"
        return self._sealed(case, member, frozenset({seq}), sizes, (name, self.cards.of_file(member, case, name, seq)))

    def _sealed(
        self,
        case: Case,
        member: Member,
        files: frozenset[int],
        sizes: Mapping[int, int],
        said: tuple[str, str],
    ) -> ToMember:
        size = sum(sizes[seq] for seq in files)
        sealed = SealedZip(
            case_row=case.row, member_id=member.id, files=files, size=size, name=said[0], caption=said[1]
        )
        return ToMember(chat_id=member.telegram_id, sealed=sealed)

    def _bundle_kept(self, tx: Tx, due: Due, came: Came) -> None:
        """It goes after a day; the next zip of the case follows."""
        self.to.goes_in_a_day()(tx, due, came)
        assert due.case_row is not None
        assert due.member_id is not None
        number = _zip(due) + 1
        if came.message_id is None or "only" in due.args or number > len(in_groups(_sizes(tx, due.case_row), MOST)):
            return
        self.claims.queue.to_member(
            tx,
            RowKind.bundle,
            due.member_id,
            case_row=due.case_row,
            args={"zip": number},
            mark=f":{number}",
        )

    def _files(self, _tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember:
        """What the person has sent, as rows of numbers and a word (bot/handoff/queue.py)."""
        return says(member, self.cards.files(case, member, due.args.get("files")))


def _zip(due: Due) -> int:
    """Which zip of the case it is."""
    return due.number("zip") if "zip" in due.args else 1


def _sizes(tx: Reading, case_row: int) -> Mapping[int, int]:
    """The sealed files of a case by the numbers of their entries."""
    return {seq: one.size for seq, one in sent_files.kept(tx, case_row).items()}
