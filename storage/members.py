"""Members: lawyers and coordinators. Names and Telegram ids rest under the server key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Row

from storage.errors import Refused
from storage.schema import (
    case_file,
    delivered,
    duty_card,
    in_chat,
    list_card,
    offer,
    on_until,
    relay,
    suspending,
    swap,
    taken,
    writing,
)
from storage.schema import member as table
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import readable, reading, unreadable

Role = Literal["lawyer", "coordinator"]
# Rows that are about somebody's part in the work, and by which columns: whoever has left has none.
_OF_A_MEMBER = (
    (on_until, ("member_id",)),
    (swap, ("asker", "taker")),
    (list_card, ("member_id",)),
    (duty_card, ("member_id",)),
    (delivered, ("member_id",)),
    (in_chat, ("member_id",)),
    (suspending, ("member_id", "asked_by")),
    (taken, ("member_id",)),
    (offer, ("member_id",)),
    (relay, ("member_id",)),
    (writing, ("member_id",)),
)
TO_CONFIRM = timedelta(hours=24)  # how long a member has to confirm a test page


class _About(msgspec.Struct, frozen=True):
    """What is sealed in `about_sealed`."""

    name: str
    telegram: int
    languages: tuple[str, ...]
    regions: tuple[str, ...] = ()
    email: str | None = None
    push: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A lawyer or coordinator. `languages`: the first is the one the bot writes in. `regions`: none means all.

    `on_call`: on duty until changed, whatever the rota says. `email`, `push`: where "a case is waiting" is said outside
    Telegram. `met_at`: when the bot could reach them first, None when they have never pressed Start, so that no message
    arrives. `gone_at`: since when the bot cannot reach them. `reach_*`: the last test page, and its confirmation.
    """

    id: int
    name: str = field(repr=False)
    telegram_id: int = field(repr=False)
    role: Role
    languages: tuple[str, ...]
    regions: tuple[str, ...] = field(repr=False)
    recipient: str = field(repr=False)
    on_call: bool
    active: bool
    suspended: bool = False
    email: str | None = field(default=None, repr=False)
    push: str | None = field(default=None, repr=False)
    joined_at: datetime | None = None
    met_at: datetime | None = None
    gone_at: datetime | None = None
    reach_asked_at: datetime | None = None
    reach_confirmed_at: datetime | None = None

    @property
    def works(self) -> bool:
        """Takes part: neither disabled nor suspended."""
        return self.active and not self.suspended

    def proven(self, now: datetime) -> bool:
        """False for somebody who has not confirmed the last test page in time."""
        asked, confirmed = self.reach_asked_at, self.reach_confirmed_at
        if asked is None or (confirmed is not None and confirmed >= asked):
            return True
        return now - asked < TO_CONFIRM

    def counts(self, now: datetime) -> bool:
        """True for somebody whom an alert reaches as far as is known: met, reachable, and proven to be."""
        return self.met_at is not None and self.gone_at is None and self.proven(now)

    @property
    def language(self) -> str:
        """The language the bot writes to this member in."""
        return self.languages[0] if self.languages else "ru"


@dataclass(frozen=True, slots=True)
class Members:
    """Finds and keeps members; every method runs inside a change. `recovery`: keys that are no member's."""

    ring: KeyRing = field(repr=False)
    recovery: tuple[str, ...] = field(default=(), repr=False)

    def add(
        self,
        tx: Tx,
        *,
        name: str,
        telegram_id: int,
        role: Role,
        languages: Sequence[str],
        regions: Sequence[str],
        recipient: str,
        on_call: bool,
        email: str | None = None,
        push: str | None = None,
        met: bool = False,
    ) -> Member:
        """Adds a verified member, or brings somebody back who was one, with all that is given here.

        `met`: they have pressed Start. Raises Refused when name, Telegram id or key belong to somebody else.
        """
        before = self._before(tx, name, telegram_id)
        self.require_free(tx, recipient, but=before)
        by_telegram = self._look_up(telegram_id)
        about = _About(name, telegram_id, tuple(languages), tuple(regions), email, push)
        values = {
            "telegram_look_up": by_telegram,
            "name_look_up": self.name_look_up(name),
            "about_sealed": self._seal(by_telegram, about),
            "role": role,
            "recipient": recipient,
            "on_call": int(on_call),
            "suspended": 0,
            **_anew(tx),
            "met_at": tx.now if met else None,
        }
        if before is None:
            tx.execute(insert(table).values(**values))
        else:
            self._set(tx, before, **values)
        row = tx.execute(select(table).where(table.c.telegram_look_up == by_telegram)).one()
        return self._read(row)

    def _before(self, tx: Reading, name: str, telegram_id: int) -> int | None:
        """The row of somebody who comes back, or that is damaged and is made whole: its cases stay this member's.

        Raises Refused when there is a member who is one.
        """
        here = (table.c.telegram_look_up == self._look_up(telegram_id)) | (
            table.c.name_look_up == self.name_look_up(name)
        )
        rows = tx.execute(select(table).where(here)).all()
        if any(one.active for one in readable(rows, self._read)):
            raise Refused(f"there is a member of the name {name} or with this Telegram id already")
        if len(rows) > 1:
            raise Refused(f"the name {name} and this Telegram id belonged to two former members: choose another name")
        return rows[0].id if rows else None

    def require_free(self, tx: Reading, recipient: str, *, but: int | None = None) -> None:
        """Raises Refused for a key that is somebody else's: what is sealed to it, its owner could not open.

        A wrong file, pasted, would give one member alerts for cases that only another one can open. A recovery key
        stays offline, so it is no member's either.
        """
        same = (table.c.recipient == recipient) & (table.c.active == 1)
        if recipient in self.recovery:
            raise Refused("this is a recovery key, which stays offline: a member has a key of their own")
        if any(one != but for one in tx.execute(select(table.c.id).where(same)).scalars()):
            raise Refused("this key belongs to another member already: each member has a key of their own")

    def by_telegram(self, tx: Reading, telegram_id: int) -> Member | None:
        """The active member with this Telegram id, or None."""
        wanted = (table.c.telegram_look_up == self._look_up(telegram_id)) & (table.c.active == 1)
        row = tx.execute(select(table).where(wanted)).one_or_none()
        return None if row is None else self._read(row)

    def by_name(self, tx: Reading, name: str) -> Member | None:
        """The member of this working name, or None."""
        row = tx.execute(select(table).where(table.c.name_look_up == self.name_look_up(name))).one_or_none()
        return None if row is None else self._read(row)

    def get(self, tx: Reading, member_id: int) -> Member:
        """The member of this row."""
        return self._read(tx.execute(select(table).where(table.c.id == member_id)).one())

    def find(self, tx: Reading, member_id: int | None) -> Member | None:
        """The member of this row; None also when the row cannot be read."""
        rows = tx.execute(select(table).where(table.c.id == member_id)).all()
        return next(iter(readable(rows, self._read)), None)

    def all(self, tx: Reading) -> Sequence[Member]:
        """Every member whose row can be read, in the order they joined."""
        return readable(tx.execute(select(table).order_by(table.c.id)).all(), self._read)

    def known(self, tx: Reading, telegram_ids: Sequence[int]) -> frozenset[int]:
        """Which of these Telegram ids belong to active members."""
        look_ups = {self._look_up(one): one for one in telegram_ids}
        query = select(table.c.telegram_look_up).where(table.c.telegram_look_up.in_(look_ups), table.c.active == 1)
        return frozenset(look_ups[bytes(one)] for one in tx.execute(query).scalars())

    def working(self, tx: Reading) -> Sequence[Member]:
        """Every member who takes part."""
        return [one for one in self.all(tx) if one.works]

    def coordinators(self, tx: Reading) -> Sequence[Member]:
        """Every coordinator who takes part."""
        return [one for one in self.working(tx) if one.role == "coordinator"]

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"member": unreadable(tx.execute(select(table)), self._read)}

    # --- changes ---

    def set_on_call(self, tx: Tx, member_id: int, *, on_call: bool) -> None:
        """On duty until changed, or by the rota alone."""
        self._set(tx, member_id, on_call=int(on_call))

    def set_about(
        self,
        tx: Tx,
        member: Member,
        *,
        languages: Sequence[str],
        regions: Sequence[str],
        email: str | None,
        push: str | None,
    ) -> None:
        """What a member speaks, where they work, and where they are told outside Telegram."""
        about = _About(member.name, member.telegram_id, tuple(languages), tuple(regions), email, push)
        self._set(tx, member.id, about_sealed=self._seal(self._look_up(member.telegram_id), about))

    def set_recipient(self, tx: Tx, member: Member, recipient: str) -> None:
        """Another key; what was sealed to the old one stays sealed to it. Raises Refused when it is somebody else's."""
        self.require_free(tx, recipient, but=member.id)
        self._set(tx, member.id, recipient=recipient)

    def enable(self, tx: Tx, member: Member) -> Member:
        """Somebody who was a member is one again, as they were; raises Refused when their key is another one's now."""
        self.require_free(tx, member.recipient, but=member.id)
        self._set(tx, member.id, **_anew(tx))
        return self.get(tx, member.id)

    def suspend(self, tx: Tx, member_id: int, *, suspended: bool) -> None:
        """No alerts, no cases, no messages until a coordinator undoes it on the terminal."""
        self._set(tx, member_id, suspended=int(suspended))

    def disable(self, tx: Tx, member_id: int) -> None:
        """A member is one no more."""
        self._set(tx, member_id, active=0, on_call=0)

    def forget(self, tx: Tx, member: Member) -> None:
        """Of somebody who has left only that stays by which `enable` brings them back as they were.

        That is name, account, role, languages, regions, key, whether they had pressed Start, and a suspension.
        """
        self.set_about(tx, member, languages=member.languages, regions=member.regions, email=None, push=None)
        self._set(tx, member.id, **_nothing_known(None))
        for of, names in _OF_A_MEMBER:
            tx.execute(delete(of).where(or_(*(of.c[name] == member.id for name in names))))
        tx.execute(update(case_file).where(case_file.c.deputy == member.id).values(deputy=None))

    def left(self, tx: Reading) -> Sequence[Member]:
        """Who is a member no more, but of whom more than that is kept: an earlier version kept all."""
        former = readable(tx.execute(select(table).where(table.c.active == 0)).all(), self._read)
        return [one for one in former if one.email or one.push or one.joined_at]

    def gone(self, tx: Tx, member_id: int) -> bool:
        """The bot cannot reach this member; True when that is news."""
        here = (table.c.id == member_id) & table.c.gone_at.is_(None)
        return tx.execute(update(table).where(here).values(gone_at=tx.now)).rowcount == 1

    def back(self, tx: Tx, member: Member) -> None:
        """A member has written, or has let the bot write again: the bot can reach them."""
        if member.gone_at is not None:
            self._set(tx, member.id, gone_at=None)
        if member.met_at is None:
            self.met(tx, member.id)

    def met(self, tx: Tx, member_id: int) -> None:
        """A message has reached a member, or one of theirs the bot; only the first time is kept."""
        first = (table.c.id == member_id) & table.c.met_at.is_(None)
        tx.execute(update(table).where(first).values(met_at=tx.now))

    def reach_asked(self, tx: Tx, member_id: int) -> None:
        """A test page is on its way."""
        self._set(tx, member_id, reach_asked_at=tx.now)

    def reach_asked_later(self, tx: Tx, member_id: int) -> None:
        """A member of an older version: the month until the first test page begins now."""
        self._set(tx, member_id, joined_at=tx.now)

    def reach_confirmed(self, tx: Tx, member_id: int) -> None:
        """A test page was confirmed."""
        self._set(tx, member_id, reach_confirmed_at=tx.now)

    # --- rows ---

    def name_look_up(self, name: str) -> bytes:
        """By which a member is found by name; upper and lower case are one."""
        return self.ring.look_up("name", name.casefold())

    def _look_up(self, telegram_id: int) -> bytes:
        return self.ring.look_up("telegram", telegram_id)

    def _seal(self, by_telegram: bytes, about: _About) -> bytes:
        return self.ring.seal_row("member", "member", "about", by_telegram.hex(), msgspec.json.encode(about))

    def _set(self, tx: Tx, member_id: int, **values: object) -> None:
        tx.execute(update(table).where(table.c.id == member_id).values(**values))

    def _read(self, row: Row[tuple[object, ...]]) -> Member:
        with reading("member"):
            sealed = self.ring.open_row("member", "member", "about", row.telegram_look_up.hex(), row.about_sealed)
            about = msgspec.json.decode(sealed, type=_About)
        return Member(
            id=row.id,
            name=about.name,
            telegram_id=about.telegram,
            role=row.role,
            languages=about.languages,
            regions=about.regions,
            recipient=row.recipient,
            on_call=bool(row.on_call),
            active=bool(row.active),
            suspended=bool(row.suspended),
            email=about.email,
            push=about.push,
            joined_at=row.joined_at,
            met_at=row.met_at,
            gone_at=row.gone_at,
            reach_asked_at=row.reach_asked_at,
            reach_confirmed_at=row.reach_confirmed_at,
        )


def _anew(tx: Tx) -> dict[str, object]:
    """Of somebody who joins, or comes back: nothing is known yet of whether they can be reached."""
    return {"active": 1, **_nothing_known(tx.now)}


def _nothing_known(joined: datetime | None) -> dict[str, object]:
    return {"joined_at": joined, "gone_at": None, "reach_asked_at": None, "reach_confirmed_at": None}
