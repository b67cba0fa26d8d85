"""Cases: sealed entries in a chain, and what becomes of a case from the first answer to the last day it is kept.

The case identity exists in memory while the case is opened: it is wrapped for every active lawyer and every recovery
recipient and then forgotten, so that this server can add to a case and never read it again.
"""

import contextlib
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.engine import Row

from flows.facts import Facts
from flows.model import Level
from storage import codes, records
from storage.alerted import AlertedMembers
from storage.bundle import BundleCase
from storage.call_words import new_call_secret
from storage.case import (
    LIVE,
    AnyHanded,
    Case,
    Claim,
    Claimed,
    Closed,
    Erased,
    Handed,
    Handoff,
    Live,
    Open,
    Status,
    Waiting,
    known_level,
    turned,
)
from storage.errors import Unreadable
from storage.handoffs import Handoffs, lost_handoff
from storage.members import Member, Members
from storage.record import GENESIS, Entry, EntryKind, new_case_key, new_check_word, new_code, seal_entry, tidy_code
from storage.revisions import flow_of
from storage.schema import (
    alert,
    as_they_rest,
    case_file,
    contact,
    entry,
    flow_revision,
    handoff,
    intake,
    offer,
    outbox,
    relay,
    taken,
    trouble,
    undoing,
    wrap,
    writing,
)
from storage.sealing.identity_file import fingerprint
from storage.sealing.keyring import KeyRing
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx
from storage.unreadable import reading, unreadable
from storage.wraps import Wraps

MOST_LAWYERS = 48
ENDS_AFTER = timedelta(days=7)  # a silent claim is erased so long after it was told
ERASED_FOR = timedelta(hours=24)
# What leads from a case to a person, and what belongs to a claim: nobody needs it once the case, or the claim, is over.
LINK: Mapping[str, object] = {"chat_look_up": None, "chat_sealed": None, "card_message": None, "wants_ping": 0}
CLAIM: Mapping[str, object] = {
    "claimed_at": None,
    "contacted_at": None,
    "check_mac": None,
    "checked": 0,
    "call_sealed": None,
}
_WISH = "wish"  # in `outcome`: the person's own
_OF_CLAIM = {"claimed_by": "by", "claimed_at": "at"}
_WANTS = {0: None, 1: True, 2: False}  # the column's values
_EVERY = select(case_file, handoff).outerjoin(handoff, handoff.c.case_row == case_file.c.id)
_HANDED, _LIVE = (case_file.c.status.in_(some) for some in ([Status.waiting, Status.claimed], LIVE))


class _Chat(msgspec.Struct, frozen=True):
    """What is sealed in `chat_sealed`."""

    chat: int
    language: str


@dataclass(frozen=True, slots=True)
class Cases:
    """Opens, fills, hands over and erases cases; every method runs inside a change.

    What changes a case and its handoff or wraps at once is a method here; what concerns only one of them is there.
    """

    ring: KeyRing = field(repr=False)
    members: Members = field(repr=False)
    recovery: tuple[str, ...] = field(repr=False)
    handoffs: Handoffs
    alerted: AlertedMembers
    wraps: Wraps

    # --- finding ---

    def of_chat(self, tx: Reading, look_up: bytes, *, hold: bool = False) -> Handed | None:
        """The waiting or claimed case that a chat shows, or None. `hold`: as it is until the end of the change."""
        wanted = (case_file.c.chat_look_up == look_up) & _HANDED & (case_file.c.hidden == 0)
        if hold:  # what is read after that is as new
            tx.execute(tx.held(select(case_file.c.id).where(wanted))).all()
        return next(iter(_handed(self._all(tx, wanted, newest=True))), None)

    def all_of_chat(self, tx: Reading, look_up: bytes) -> Sequence[Case]:
        """Every case of a chat, the hidden ones too, the newest first."""
        return self._all(tx, case_file.c.chat_look_up == look_up, newest=True)

    def known(self, tx: Reading, look_ups: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these chats have a case."""
        query = select(case_file.c.chat_look_up).where(case_file.c.chat_look_up.in_(look_ups))
        return frozenset(bytes(one) for one in tx.execute(query).scalars() if one is not None)

    def set_language(self, tx: Tx, case: Case, language: str) -> None:
        """The language in which this case's person is spoken to from now on."""
        if case.chat_id is not None:
            chat = msgspec.json.encode(_Chat(case.chat_id, language))
            self._set(tx, case.row, chat_sealed=self.ring.seal_row("chat", "case", "chat", case.case_id, chat))

    def set_chat(self, tx: Tx, case: Case, chat_id: int) -> None:
        """The person has written from the account of this case: its chat can be read again."""
        chat = msgspec.json.encode(_Chat(chat_id, case.language))
        self._set(tx, case.row, chat_sealed=self.ring.seal_row("chat", "case", "chat", case.case_id, chat))

    def hide(self, tx: Tx, case_row: int, *, hidden: bool) -> None:
        """Takes a case out of its person's sight, or back into it; its card is gone either way."""
        self._set(tx, case_row, hidden=int(hidden), card_message=None)

    def get(self, tx: Reading, row_id: int) -> Case:
        """The case of this row."""
        return self._read(tx.execute(_EVERY.where(case_file.c.id == row_id)).one())

    def of_rows(self, tx: Reading, rows: Sequence[int]) -> Sequence[Case]:
        """The cases of these rows, in the order they came."""
        return self._all(tx, case_file.c.id.in_(rows))

    def hold(self, tx: Tx, row_id: int) -> Case:
        """Locks a case until the end of the change, after its intake; as it is now, and stays."""
        tx.execute(select(intake.c.id).where(intake.c.case_row == row_id).with_for_update())
        tx.execute(select(case_file.c.id).where(case_file.c.id == row_id).with_for_update())
        return self.get(tx, row_id)

    def by_typed_code(self, tx: Reading, text: str) -> Case | None:
        """The case of a code as people type it, or None."""
        code = tidy_code(text)
        return self.by_code(tx, code) if code else None

    def by_code(self, tx: Reading, code: str) -> Case | None:
        """The case of this code, or None."""
        here = case_file.c.code_look_up == codes.look_up(self.ring, code)
        row = tx.execute(_EVERY.where(here)).one_or_none()
        if row is None:  # one whose code cannot be read has another
            named = (one for one in tx.execute(_EVERY.where(_LIVE)) if codes.spare(self.ring, one.case_id) == code)
            row = next(named, None)
        return None if row is None else self._read(row)

    def listed(
        self,
        tx: Reading,
        *,
        statuses: Sequence[str] = (),
        since: date | None = None,
    ) -> Sequence[Case]:
        """Cases in the order they came, narrowed by what is given."""
        query = records.narrowed(_EVERY, statuses=statuses, since=since)
        return [self._read(row) for row in tx.execute(query).all()]

    def past_retention(self, tx: Reading, *, closed_before: datetime, unclaimed_before: date) -> Sequence[int]:
        """The rows of cases that have been kept long enough: closed, never taken, or taken and long without a word.

        Of the last kind only those of which that was told `ENDS_AFTER` ago.
        """
        closed = (case_file.c.status == Status.closed) & (case_file.c.closed_at < closed_before)
        never_taken = (case_file.c.status == Status.waiting) & (case_file.c.created_on < unclaimed_before)
        told = select(contact.c.case_row).where(contact.c.ending_at <= tx.now - ENDS_AFTER)
        silent = _is_silent(datetime.combine(unclaimed_before, time(), UTC)) & case_file.c.id.in_(told)
        here = (closed | never_taken | silent) & may_be_tried(tx, "retention", case_file.c.id)
        return list(tx.execute(select(case_file.c.id).where(here).order_by(case_file.c.id)).scalars())

    def ending(self, tx: Reading, silent_before: datetime) -> Sequence[int]:
        """The rows of claimed cases that are erased soon, since nothing is heard, and of which nobody was told so."""
        told = select(contact.c.case_row).where(contact.c.ending_at.is_not(None))
        here = _is_silent(silent_before) & case_file.c.id.not_in(told) & may_be_tried(tx, "ending", case_file.c.id)
        return list(tx.execute(select(case_file.c.id).where(here).order_by(case_file.c.id)).scalars())

    def held_by(self, tx: Reading, member_id: int) -> Sequence[Claimed]:
        """The cases that a member has claimed."""
        wanted = (case_file.c.claimed_by == member_id) & (case_file.c.status == Status.claimed)
        return [case for case in self._all(tx, wanted) if isinstance(case, Claimed)]

    def claims(self, tx: Reading) -> Mapping[int, int]:
        """Member -> how many cases they hold."""
        query = select(case_file.c.claimed_by, func.count()).where(case_file.c.status == Status.claimed)
        rows = tx.execute(query.group_by(case_file.c.claimed_by)).all()
        return {row.claimed_by: row[1] for row in rows}

    def taken_since(self, tx: Tx, member_id: int, since: datetime) -> int:
        """How many cases a member has taken since then, given back or not."""
        tx.execute(delete(taken).where(taken.c.at < since))
        mine = taken.c.member_id == member_id
        return int(tx.execute(select(func.count()).select_from(taken).where(mine)).scalar_one())

    def give_back(self, tx: Tx, member_id: int, at: datetime) -> bool:
        """A case that was taken then counts for its day no more; True when it did."""
        return tx.execute(delete(taken).where(taken.c.member_id == member_id, taken.c.at == at)).rowcount > 0

    def count_again(self, tx: Tx, member_id: int, at: datetime) -> None:
        """It counts after all."""
        tx.execute(insert(taken).values(member_id=member_id, at=at))

    def waiting(self, tx: Reading, rows: Sequence[int] | None = None) -> Sequence[Waiting]:
        """The cases that nobody has taken, the oldest first; all of them, or those of these rows."""
        wanted = case_file.c.status == Status.waiting
        wanted = wanted if rows is None else wanted & case_file.c.id.in_(rows)
        return [case for case in self._all(tx, wanted) if isinstance(case, Waiting)]

    def any_calls(self, tx: Reading, member_id: int | None) -> bool:
        """Some case waits and calls lawyers; with a member, one that they can open."""
        calls = (case_file.c.status == Status.waiting) & (handoff.c.muted == 0)
        if member_id is not None:
            calls &= case_file.c.id.in_(select(wrap.c.case_row).where(wrap.c.member_id == member_id))
        query = select(case_file.c.id).join(handoff, handoff.c.case_row == case_file.c.id).where(calls)
        return tx.execute(query.limit(1)).first() is not None

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        flows = tx.execute(select(flow_revision.c.revision)).scalars().all()
        return {
            "case_file": unreadable(tx.execute(select(case_file)), self._try),
            "entry": records.damaged_entries(tx),
            "flow_revision": unreadable(flows, lambda revision: flow_of(tx, revision)),
        }

    # --- opening and filling ---

    def open(
        self,
        tx: Tx,
        *,
        chat_id: int,
        look_up: bytes,
        language: str,
        revision: str,
    ) -> Open:
        """A new case: key pair, wraps for everybody who may take it, and the entry that names them."""
        key = new_case_key()
        lawyers = self._lawyers(tx)
        chat = self.ring.seal_row("chat", "case", "chat", key.case_id, msgspec.json.encode(_Chat(chat_id, language)))
        row_id = tx.execute(
            insert(case_file)
            .values(
                **codes.rested(self.ring, key.case_id, self._free_code(tx)),
                case_id=key.case_id,
                recipient=key.recipient,
                status=Status.open,
                level=Level.normal,
                revision=revision,
                chat_look_up=look_up,
                chat_sealed=chat,
                seq=0,
                head=GENESIS,
                created_on=tx.now.date(),
            )
            .returning(case_file.c.id)
        ).scalar_one()
        members, recovery = [(one.id, one.recipient) for one in lawyers], [(None, one) for one in self.recovery]
        names = {one.id: one.name for one in lawyers}
        readers = [
            {
                "name": "recovery" if member_id is None else names[member_id],
                "fingerprint": fingerprint(recipient),
                "role": "recovery" if member_id is None else "lawyer",
            }
            for member_id, recipient in self.wraps.make(tx, row_id, key.identity, [*members, *recovery])
        ]
        case = self.get(tx, row_id)
        assert isinstance(case, Open)
        self.append(tx, case, Entry(kind=EntryKind.readers, value=readers, at=tx.now.date().isoformat()))
        return case

    def append(self, tx: Tx, case: Case, new: Entry) -> None:
        """Seals one more entry onto the case's chain."""
        # The row is read again under the transaction: seeker and lawyer both append.
        place = select(case_file.c.seq, case_file.c.head).where(case_file.c.id == case.row).with_for_update()
        seq, head = tx.execute(place).one()
        sealed = seal_entry(case.recipient, case.case_id, seq + 1, head, new)
        sha256 = hashlib.sha256(sealed).hexdigest()
        values = {"case_row": case.row, "seq": seq + 1, "kind": new.kind, "sha256": sha256, "sealed": sealed}
        tx.execute(insert(entry).values(**values))
        self._set(tx, case.row, seq=seq + 1, head=sha256)

    def set_card(self, tx: Tx, case_row: int, message_id: int) -> None:
        """Remembers which message is the person's card."""
        self._set(tx, case_row, card_message=message_id)

    def _lawyers(self, tx: Reading) -> list[Member]:
        able = [one for one in self.members.working(tx) if one.role == "lawyer"]
        return sorted(able, key=lambda one: not one.on_call)[:MOST_LAWYERS]

    def _free_code(self, tx: Reading) -> str:
        while self.by_code(tx, code := new_code()):
            continue
        return code

    # --- handing over ---

    def hand_over(
        self, tx: Tx, case: Live, facts: Facts, *, muted: bool = False, quiet_until: datetime | None = None
    ) -> Waiting:
        """Puts the case before the lawyers: due now, from the first rung; a muted one waits without a due time."""
        begun = self.handoffs.begin(tx, case.row, facts, muted=muted, quiet_until=quiet_until)
        self._set(tx, case.row, status=Status.waiting, level=facts.level)
        return replace(turned(case, Waiting, handoff=begun), level=facts.level)

    def update_facts(
        self,
        tx: Tx,
        case: AnyHanded,
        facts: Facts,
        *,
        ring_now: datetime | None,
        quiet_until: datetime | None = None,
    ) -> AnyHanded:
        """Changes what the alerts say; `ring_now` makes the ladder ring again at once (a rise)."""
        again = ring_now if isinstance(case, Waiting) else None
        self._set(tx, case.row, level=facts.level)
        case = self.handoffs.set_facts(tx, case, facts, ring_now=again, quiet_until=quiet_until)
        return replace(case, level=facts.level)

    def withdraw(self, tx: Tx, case: Waiting) -> Open:
        """Takes a waiting case back from the lawyers; it stays open."""
        self._set(tx, case.row, status=Status.open)
        return turned(case, Open, handoff=self.handoffs.stop(tx, case).handoff)

    def claim(self, tx: Tx, case: Waiting, member: Member, lease: timedelta | None = None) -> Claimed | None:
        """For exactly one of those who take the case at once; None for the others.

        Without contact the claim ends after `lease`.
        """
        waiting = (case_file.c.id == case.row) & (case_file.c.status == Status.waiting)
        values = {"claimed_by": member.id, "claimed_at": tx.now, "contacted_at": None}
        if tx.execute(update(case_file).where(waiting).values(status=Status.claimed, **values)).rowcount != 1:
            return None
        tx.execute(insert(taken).values(member_id=member.id, at=tx.now))
        claim = Claim(by=member.id, at=as_they_rest(case_file, values)["claimed_at"])
        return self.handoffs.set_lease(tx, turned(case, Claimed, handoff=case.handoff, claim=claim), lease)

    def waits_again(self, tx: Tx, case: Claimed) -> Waiting:
        """The claim is over: the case waits again, and the ladder goes on with the next rung."""
        self._set(tx, case.row, status=Status.waiting, claimed_by=None, **CLAIM)
        return self.handoffs.go_on(tx, turned(case, Waiting, handoff=case.handoff))

    def contacted(self, tx: Tx, case: Claimed, deputy: int | None) -> Claimed:
        """First contact: the claim holds, and only claimer, deputy and recovery can open the case from now on."""
        case = self._set_claim(tx, case, contacted_at=tx.now, deputy=deputy)
        self.wraps.narrow_to(tx, case.row, case.claim.by, deputy)
        return self.handoffs.set_lease(tx, case, None)

    def passed_to(self, tx: Tx, case: Claimed, member: Member, lease: timedelta | None) -> Claimed:
        """The claim is another lawyer's now; whoever had it is the deputy. Without contact the lease begins anew."""
        before = case.claim.by
        case = self._set_claim(tx, case, claimed_by=member.id, claimed_at=tx.now, deputy=before)
        if case.claim.contacted_at is None:
            return self.handoffs.set_lease(tx, case, lease)
        self.wraps.narrow_to(tx, case.row, member.id, before)
        return case

    def card_shown(self, tx: Reading, case: Case) -> int | None:
        """The message that is the person's card: that of an open intake while there is one."""
        query = select(intake.c.card_message).where(intake.c.case_row == case.row)
        return tx.execute(query).scalar() or case.card_message

    def is_answering(self, tx: Reading, case_row: int) -> bool:
        """The person of this case has questions open: their card shows one of them."""
        return tx.execute(select(intake.c.id).where(intake.c.case_row == case_row)).first() is not None

    def is_last(self, tx: Reading, case: Case) -> bool:
        """True when this account has no other case or intake, so that nothing of it is known once this one is over."""
        cases = select(case_file.c.id).where(case_file.c.chat_look_up == case.chat_look_up, case_file.c.id != case.row)
        other = intake.c.case_row.is_(None) | (intake.c.case_row != case.row)
        intakes = select(intake.c.id).where(intake.c.chat_look_up == case.chat_look_up, other)
        return tx.execute(cases).first() is None and tx.execute(intakes).first() is None

    def close(self, tx: Tx, case: Claimed, outcome: str) -> None:
        """The claimer is done: what alerts may say and the link to the person go; the sealed record stays a while."""
        for table in (handoff, intake, relay, writing, offer, contact):
            tx.execute(delete(table).where(table.c.case_row == case.row))
        self._set(tx, case.row, status=Status.closed, outcome=outcome, closed_at=tx.now, **{**LINK, **CLAIM})

    def set_wants_ping(self, tx: Tx, case_row: int, *, wants: bool) -> None:
        """Whether news of this case ring on the person's phone; until it is said, bot/gate.py decides."""
        self._set(tx, case_row, wants_ping=1 if wants else 2)

    def set_check_word(self, tx: Tx, case: Claimed, entry_of: Callable[[str, str], Entry]) -> Claimed:
        """Seals a new check word and a new secret of the call words into the case.

        Of the word only its HMAC stays here: who types it has opened the case. The secret stays under the server key
        while the claim holds, for the person's card.
        """
        word, secret = new_check_word(), new_call_secret()
        self.append(tx, case, entry_of(word, secret))
        sealed = self.ring.seal_row("call", "case", "call", case.case_id, secret.encode())
        self._set(tx, case.row, check_mac=self._check_mac(case, word), checked=0, call_sealed=sealed)
        return replace(case, claim=replace(case.claim, checked=False, call_secret=secret))

    def check(self, tx: Tx, case: Claimed, word: str) -> bool:
        """Is this the check word? Once it was typed, free text is open for as long as the claim holds."""
        known = tx.execute(select(case_file.c.check_mac).where(case_file.c.id == case.row)).scalar()
        right = known is not None and hmac.compare_digest(bytes(known), self._check_mac(case, word))
        if right:
            self._set(tx, case.row, checked=1)
        return right

    def _check_mac(self, case: Case, word: str) -> bytes:
        return self.ring.look_up("check", f"{case.case_id}\n{word}")

    # --- bundles and erasing ---

    def bundle(self, tx: Reading, case: Case, *, only_for: int | None = None) -> BundleCase:
        """The case as it goes into a bundle; a claimer's holds only the claimer's wrap."""
        return records.bundle(tx, case, only_for=only_for)

    def erase(self, tx: Tx, case: Case, *, wish: bool = False) -> None:
        """Destroys a case: wraps, entries, handoff, the link to the chat. `wish`: its person's.

        For a day its code still says so.
        """
        for table in (wrap, entry, handoff, intake, relay, writing, offer, contact, undoing):
            tx.execute(delete(table).where(table.c.case_row == case.row))
        nobody = {"claimed_by": None, "deputy": None, "outcome": _WISH if wish else None, "hidden": 0}
        nothing = {"seq": 0, "head": GENESIS, "recipient": ""}
        self._set(tx, case.row, status=Status.erased, closed_at=tx.now, **{**LINK, **CLAIM, **nobody, **nothing})
        self._forget_times(tx, [case.row])

    def forget_over(self, tx: Tx) -> None:
        """Of a case that was erased a day ago nothing is left, nor is anybody told of it any more.

        Of one that was closed, nobody knows when who was told; not before a false alarm can be undone no more.
        """
        undone = select(undoing.c.case_row).where(undoing.c.ends_at > tx.now)
        over = (case_file.c.closed_at <= tx.now) & case_file.c.id.not_in(undone)
        closed = select(case_file.c.id).where(case_file.c.status == Status.closed, over)
        timed = select(alert.c.case_row).where(alert.c.at.is_not(None), alert.c.case_row.in_(closed)).distinct()
        self._forget_times(tx, list(tx.execute(timed).scalars()))
        old = (case_file.c.status == Status.erased) & (case_file.c.closed_at <= tx.now - ERASED_FOR)
        rows = list(tx.execute(select(case_file.c.id).where(old)).scalars())
        if rows:
            about = trouble.c.what.in_(["handoff", "retention"]) & trouble.c.which.in_([str(one) for one in rows])
            tx.execute(delete(trouble).where(about))
            tx.execute(delete(outbox).where(outbox.c.case_row.in_(rows)))
            tx.execute(delete(case_file).where(case_file.c.id.in_(rows)))

    # --- rows ---

    def _forget_times(self, tx: Tx, case_rows: Sequence[int]) -> None:
        """Who was told stays, so that their cards can be brought up to date; not when."""
        gone = {"at": None, "told_at": None, "outside_at": None}
        if case_rows:
            tx.execute(update(alert).where(alert.c.case_row.in_(case_rows)).values(**gone))

    def _try(self, row: Row[tuple[object, ...]]) -> None:
        with reading("case_file"):
            codes.open_code(self.ring, row)
        if row.chat_sealed is not None:
            self._open_chat(row.case_id, row.chat_sealed)

    def _set(self, tx: Tx, row_id: int, **values: object) -> None:
        tx.execute(update(case_file).where(case_file.c.id == row_id).values(**values))

    def _set_claim(self, tx: Tx, case: Claimed, **values: object) -> Claimed:
        self._set(tx, case.row, **values)
        kept = as_they_rest(case_file, values)
        named = {_OF_CLAIM.get(name, name): value for name, value in kept.items()}
        return replace(case, claim=replace(case.claim, **named))

    def _open_chat(self, case_id: str, sealed: bytes) -> _Chat:
        with reading("case_file"):
            return msgspec.json.decode(self.ring.open_row("chat", "case", "chat", case_id, sealed), type=_Chat)

    def _call_secret(self, row: Row[Any]) -> str | None:
        """What the call words come from; None when it cannot be read. A claim of before has the case's id."""
        if row.call_sealed is None:
            return str(row.case_id)
        with contextlib.suppress(Unreadable), reading("case_file"):
            return self.ring.open_row("call", "case", "call", row.case_id, row.call_sealed).decode()
        return None

    def _all(self, tx: Reading, wanted: ColumnElement[bool], *, newest: bool = False) -> list[Case]:
        """Every case that is wanted, the oldest first, or the newest."""
        order = case_file.c.id.desc() if newest else case_file.c.id
        return [self._read(row) for row in tx.execute(_EVERY.where(wanted).order_by(order)).all()]

    def _read(self, row: Row[Any]) -> Case:
        """A case by its state; one that says of itself what cannot be (after damage) is called for again."""
        shared, known = self._shared(row), self.handoffs.read(row)
        match row.status:
            case Status.waiting:
                return Waiting(**shared, handoff=known or _lost(row))
            case Status.claimed if row.claimed_by is not None:
                known = known or _lost(row)
                return Claimed(**shared, handoff=known, claim=self._claim(row, known.began_at))
            case Status.closed:
                return Closed(**shared, outcome=row.outcome or "", by=row.claimed_by)
            case Status.erased:
                return Erased(**shared, by_wish=row.outcome == _WISH)
            case _:
                return Open(**shared, handoff=known)

    def _claim(self, row: Row[Any], began_at: datetime) -> Claim:
        return Claim(
            by=row.claimed_by,
            at=row.claimed_at or began_at,
            contacted_at=row.contacted_at,
            deputy=row.deputy,
            checked=bool(row.checked),
            call_secret=self._call_secret(row),
        )

    def _shared(self, row: Row[Any]) -> dict[str, Any]:
        """What a row says of a case in every state."""
        chat = None
        if row.chat_sealed is not None:
            # Without its chat a case can still be taken, read and exported: only its person cannot be written to.
            with contextlib.suppress(Unreadable):
                chat = self._open_chat(row.case_id, row.chat_sealed)
        return {
            "row": row.id,
            "code": codes.code_of(self.ring, row),
            "case_id": row.case_id,
            "recipient": row.recipient,
            "level": known_level(row.level),
            "revision": row.revision,
            "chat_look_up": row.chat_look_up,
            "chat_id": chat.chat if chat else None,
            "language": chat.language if chat else self.members.last_resort,
            "card_message": row.card_message,
            "seq": row.seq,
            "created_on": row.created_on,
            "hidden": bool(row.hidden),
            "wants_ping": _WANTS[row.wants_ping],
        }


def _lost(row: Row[Any]) -> Handoff:
    began_at = datetime.combine(row.created_on, time(), UTC)
    return lost_handoff(known_level(row.level), began_at)


def _is_silent(before: datetime) -> ColumnElement[bool]:
    """Claimed, and without a word from either side since before a moment."""
    spoke = select(contact.c.spoke_at).where(contact.c.case_row == case_file.c.id).scalar_subquery()
    since = func.coalesce(spoke, case_file.c.contacted_at, case_file.c.claimed_at)
    return (case_file.c.status == Status.claimed) & (since < before)


def _handed(cases: Sequence[Case]) -> list[Handed]:
    return [case for case in cases if isinstance(case, Handed)]
