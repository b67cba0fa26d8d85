"""What is kept of a claim: who has taken a case, whether they can be believed, how many a member takes a day."""

import hmac
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Select, delete, func, insert, select

from storage.call_words import new_call_secret
from storage.case import Case, Claim, Claimed, Status, Waiting, turned
from storage.case_rows import CLAIM, LINK, gone_with_case, put_off, set_columns
from storage.chain import Chain
from storage.handoffs import Handoffs
from storage.members import Member
from storage.record import Entry, new_check_word
from storage.schema import SECOND, as_they_rest, case_file, contact, handoff, intake, offer, relay, taken, writing
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.wraps import Wraps

HELD = "held"  # as what a change knows it
A_DAY = timedelta(days=1)  # so many cases a member may take
_GONE = gone_with_case(handoff, intake, relay, writing, offer, contact)
_NEW = insert(taken)
_HOLDS = (
    select(case_file.c.claimed_by, func.count())
    .where(case_file.c.status == Status.claimed, case_file.c.erase_at.is_(None))
    .group_by(case_file.c.claimed_by)
)
_OF_CLAIM = {"claimed_by": "by", "claimed_at": "at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptClaims:
    """Every method runs inside a change; what changes a case returns it as it then is."""

    ring: KeyRing = field(repr=False)
    handoffs: Handoffs
    wraps: Wraps
    chain: Chain

    def claim(self, tx: Tx, case: Waiting, member: Member, lease: timedelta | None = None) -> Claimed | None:
        """For exactly one of those who take the case at once; None for the others.

        Without contact the claim ends after `lease`.
        """
        if not self.chain.still(tx, case.row, Status.waiting):
            return None
        values = {"claimed_by": member.id, "claimed_at": tx.now, "contacted_at": None}
        put_off(tx, case.row, status=Status.claimed, **values)
        count_again(tx, member.id, tx.now)
        claim = Claim(by=member.id, at=as_they_rest(case_file, values)["claimed_at"])
        return self.handoffs.set_lease(tx, turned(case, Claimed, handoff=case.handoff, claim=claim), lease)

    def waits_again(self, tx: Tx, case: Claimed) -> Waiting:
        """The claim is over: the case waits again, and the ladder goes on with the next rung."""
        set_columns(tx, case.row, status=Status.waiting, claimed_by=None, **CLAIM)
        return self.handoffs.go_on(tx, turned(case, Waiting, handoff=case.handoff))

    def contacted(self, tx: Tx, case: Claimed, deputy: int | None) -> Claimed:
        """First contact: the claim holds, and only claimer, deputy and recovery can open the case from now on."""
        case = self._set_claim(tx, case, contacted_at=tx.now, deputy=deputy)
        self.wraps.narrow_to(tx, case.row, case.claim.by, deputy)
        return self.handoffs.set_lease(tx, case, None)

    def passed_to(self, tx: Tx, case: Claimed, member: Member, lease: timedelta | None) -> Claimed:
        """The claim is another lawyer's now, who has `lease` to reach the person in their turn.

        Whoever had it is the deputy: after contact those two alone can open it, and a lapse calls the deputy.
        """
        before, contact = case.claim.by, case.claim.contacted_at
        earlier = contact and min(contact, tx.now - SECOND)  # than this claim, also as both rest
        case = self._set_claim(tx, case, claimed_by=member.id, claimed_at=tx.now, deputy=before, contacted_at=earlier)
        if contact is not None:
            self.wraps.narrow_to(tx, case.row, member.id, before)
        return self.handoffs.set_lease(tx, case, lease)

    def close(self, tx: Tx, case: Claimed, outcome: str) -> None:
        """The claimer is done: what alerts may say and the link to the person go; the sealed record stays a while."""
        for gone in _GONE:
            tx.execute(gone, {"row": case.row})
        set_columns(tx, case.row, status=Status.closed, outcome=outcome, closed_at=tx.now, **{**LINK, **CLAIM})

    def set_check_word(self, tx: Tx, case: Claimed, entry_of: Callable[[str, str], Entry]) -> Claimed:
        """Seals a new check word and a new secret of the call words into the case, with the language of those.

        It is the language that the person reads now. Of the check word only its HMAC stays here: who types it has
        opened the case. Secret and language stay under the server key while the claim holds, for the person's card.
        """
        word, secret, language = new_check_word(), new_call_secret(), case.language
        sealed = self.ring.seal_row("call", "case", "call", case.case_id, f"{secret} {language}".encode())
        kept = {"check_mac": self._check_mac(case, word), "checked": 0, "call_sealed": sealed}
        self.chain.append(tx, case, replace(entry_of(word, secret), lang=language), **kept)
        return replace(case, claim=replace(case.claim, checked=False, call_secret=secret, call_language=language))

    def check(self, tx: Tx, case: Claimed, word: str) -> bool:
        """Is this the check word? Once it was typed, free text is open for as long as the claim holds."""
        known = tx.execute(select(case_file.c.check_mac).where(case_file.c.id == case.row)).scalar()
        right = known is not None and hmac.compare_digest(bytes(known), self._check_mac(case, word))
        if right:
            set_columns(tx, case.row, checked=1)
        return right

    def _check_mac(self, case: Case, word: str) -> bytes:
        return self.ring.look_up("check", f"{case.case_id}\n{word}")

    def _set_claim(self, tx: Tx, case: Claimed, **values: object) -> Claimed:
        set_columns(tx, case.row, **values)
        kept = as_they_rest(case_file, values)
        named = {_OF_CLAIM.get(name, name): value for name, value in kept.items()}
        return replace(case, claim=replace(case.claim, **named))


def held(tx: Reading) -> Mapping[int, int]:
    """Member -> how many cases they hold."""
    return tx.once(HELD, [case_file], lambda: {row.claimed_by: row[1] for row in tx.execute(_HOLDS).all()})


def forget_taken(tx: Tx, before: datetime) -> None:
    """What was taken before then counts for nobody's day."""
    tx.execute(delete(taken).where(taken.c.at < before))


def taken_since(tx: Reading, member_id: int, since: datetime) -> int:
    """How many cases a member has taken since then, given back or not."""
    query = taken_by(since)
    takes = tx.once(have_taken(since), [taken], lambda: {one: int(many) for one, many in tx.execute(query).all()})
    return takes.get(member_id, 0)


def taken_by(since: datetime | BindParameter[datetime]) -> Select[int, int]:
    """A query for how many cases each member has taken since then."""
    query = select(taken.c.member_id, func.count().label("takes"))
    return query.where(taken.c.at >= since).group_by(taken.c.member_id)


def have_taken(since: datetime) -> Hashable:
    """As what a change knows them."""
    return "taken", since


def count_no_more(tx: Tx, member_id: int, at: datetime) -> bool:
    """A case that was taken then counts for its day no more; True when it did."""
    return tx.execute(delete(taken).where(taken.c.member_id == member_id, taken.c.at == at)).rowcount > 0


def count_again(tx: Tx, member_id: int, at: datetime) -> None:
    """It counts after all."""
    tx.execute(_NEW, {"member_id": member_id, "at": at})
