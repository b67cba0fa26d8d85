"""Members: lawyers and coordinators. Names and Telegram ids rest under the server key."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import BindParameter, ColumnElement, bindparam, select, update
from sqlalchemy.engine import Row

from storage.names import folded
from storage.schema import member as table
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import readable, reading, unreadable

Role = Literal["lawyer", "coordinator"]
ALL = "members"  # as what a change knows them
LOST = 2  # in the column `suspended`: by their lost word
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
    `practised_at`: when they had finished a practice case, or were let in without one.
    `lost`: suspended by their lost word, and whoever has their chat meets what a stranger meets.
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
    lost: bool = False
    email: str | None = field(default=None, repr=False)
    push: str | None = field(default=None, repr=False)
    joined_at: datetime | None = None
    met_at: datetime | None = None
    gone_at: datetime | None = None
    reach_asked_at: datetime | None = None
    reach_confirmed_at: datetime | None = None
    practised_at: datetime | None = None

    @property
    def practised(self) -> bool:
        """Has finished a practice case, or needs none."""
        return self.practised_at is not None

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
        """True for somebody who is cover as far as is known: met, reachable, proven to be, and able to open a case.

        Whether they are called never hangs on it.
        """
        return self.met_at is not None and self.gone_at is None and self.practised and self.proven(now)

    @property
    def language(self) -> str:
        """The language the bot writes to this member in."""
        return self.languages[0]


_ACTIVE = select(table).where((table.c.telegram_look_up == bindparam("look_up")) & (table.c.active == 1))
_MET = (table.c.active == 1) & (table.c.suspended != LOST)  # as members are
_OF_ROW = select(table).where(table.c.id == bindparam("row"))
_KNOWN = select(table.c.telegram_look_up).where(
    table.c.telegram_look_up.in_(bindparam("look_ups", expanding=True)), _MET
)
_OF_NAME = select(table).where(table.c.name_look_up == bindparam("name"))
_SET = update(table).where(table.c.id == bindparam("row"))  # what is set is given with the row
_EVERYBODY = select(table).order_by(table.c.id)


def name_look_up(ring: KeyRing, name: str) -> bytes:
    """Under what a name is kept: one that looks the same is the same."""
    return ring.look_up("name", folded(name))


@dataclass(frozen=True, slots=True)
class Members:
    """Finds members, and keeps what is known about them; every method runs inside a change.

    Who is one, and who is one no more: storage/membership.py. Whom the bot can reach: storage/reachable.py.
    `last_resort`: the language of whoever has named none.
    """

    ring: KeyRing = field(repr=False)
    last_resort: str = ""
    _opened: dict[int, tuple[object, Member]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def by_telegram(self, tx: Reading, telegram_id: int) -> Member | None:
        """The active member with this Telegram id, or None."""
        look_up = self.look_up(telegram_id)
        row = tx.once(of_look_up(look_up), [table], lambda: tx.execute(_ACTIVE, {"look_up": look_up}).one_or_none())
        return None if row is None else self._known(row)

    def by_name(self, tx: Reading, name: str) -> Member | None:
        """The member of this working name, or None; of two whom an earlier version told apart, as it is."""
        alike = self.alike(tx, name)
        if alike:
            return next((one for one in alike if one.name == name or len(alike) == 1), None)
        row = tx.execute(_OF_NAME, {"name": name_look_up(self.ring, name)}).one_or_none()
        return None if row is None else self._known(row)

    def alike(self, tx: Reading, name: str) -> Sequence[Member]:
        """Whose name looks the same; an earlier version kept it by how it was typed."""
        return [one for one in self.all(tx) if folded(one.name) == folded(name)]

    def get(self, tx: Reading, member_id: int) -> Member:
        """The member of this row."""
        return self._known(tx.execute(_OF_ROW, {"row": member_id}).one())

    def find(self, tx: Reading, member_id: int | None) -> Member | None:
        """The member of this row; None also when the row cannot be read."""
        rows = tx.execute(_OF_ROW, {"row": member_id}).all()
        return next(iter(readable(rows, self._known)), None)

    def all(self, tx: Reading) -> Sequence[Member]:
        """Every member whose row can be read, in the order they joined."""
        rows = tx.once(ALL, [table], lambda: tx.execute(_EVERYBODY).all())
        return readable(rows, self._known)

    def known(self, tx: Reading, telegram_ids: Sequence[int]) -> frozenset[int]:
        """Which of these Telegram ids belong to active members, but for whose lost word was used."""
        look_ups = {self.look_up(one): one for one in telegram_ids}
        found = tx.execute(_KNOWN, {"look_ups": list(look_ups)}).scalars()
        return frozenset(look_ups[bytes(one)] for one in found)

    def working(self, tx: Reading) -> Sequence[Member]:
        """Every member who takes part."""
        return [one for one in self.all(tx) if one.works]

    def coordinators(self, tx: Reading) -> Sequence[Member]:
        """Every coordinator who takes part."""
        return [one for one in self.working(tx) if one.role == "coordinator"]

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"member": unreadable(tx.execute(select(table)), self.read)}

    # --- changes ---

    def set_on_call(self, tx: Tx, member_id: int, *, on_call: bool) -> None:
        """On duty until changed, or by the rota alone."""
        set_columns(tx, member_id, on_call=int(on_call))

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
        sealed = self.sealed(member.name, member.telegram_id, languages, regions, email=email, push=push)
        del sealed["name_look_up"]  # the name is the same; an earlier version may have kept it in another spelling
        set_columns(tx, member.id, **sealed)

    # --- rows ---

    def sealed(
        self,
        name: str,
        telegram_id: int,
        languages: Sequence[str],
        regions: Sequence[str],
        *,
        email: str | None,
        push: str | None,
    ) -> dict[str, object]:
        """The columns that say who a member is: two look-ups, and the rest under the server key."""
        by_telegram = self.look_up(telegram_id)
        about = msgspec.json.encode(_About(name, telegram_id, tuple(languages), tuple(regions), email, push))
        return {
            "telegram_look_up": by_telegram,
            "name_look_up": name_look_up(self.ring, name),
            "about_sealed": self.ring.seal_row("member", "member", "about", by_telegram.hex(), about),
        }

    def look_up(self, telegram_id: int) -> bytes:
        """Under what a member's row stands."""
        return self.ring.look_up("telegram", telegram_id)

    def _known(self, row: Row[Any]) -> Member:
        """What a row says; it is opened once for as long as it stays as it is, since every tap asks about everybody."""
        columns = tuple(row[: len(table.c)])
        known = self._opened.get(row.id)
        if known is None or known[0] != columns:
            known = self._opened[row.id] = columns, self.read(row)
        return known[1]

    def read(self, row: Row[tuple[object, ...]]) -> Member:
        """The member of a row; raises Unreadable."""
        with reading("member"):
            sealed = self.ring.open_row("member", "member", "about", row.telegram_look_up.hex(), row.about_sealed)
            about = msgspec.json.decode(sealed, type=_About)
        return Member(
            id=row.id,
            name=about.name,
            telegram_id=about.telegram,
            role=row.role,
            languages=about.languages or (self.last_resort,),
            regions=about.regions,
            recipient=row.recipient,
            on_call=bool(row.on_call),
            active=bool(row.active),
            suspended=bool(row.suspended),
            lost=row.suspended == LOST,
            email=about.email,
            push=about.push,
            joined_at=row.joined_at,
            met_at=row.met_at,
            gone_at=row.gone_at,
            reach_asked_at=row.reach_asked_at,
            reach_confirmed_at=row.reach_confirmed_at,
            practised_at=row.practised_at,
        )


def is_active(look_up: BindParameter[bytes]) -> ColumnElement[bool]:
    """As part of a query: the active member of this look-up."""
    return (table.c.telegram_look_up == look_up) & (table.c.active == 1)


def of_look_up(look_up: bytes) -> Hashable:
    """As what a change knows them."""
    return "member", look_up


def set_columns(tx: Tx, member_id: int, **values: object) -> None:
    """Writes these columns of a member's row."""
    tx.execute(_SET, {"row": member_id, **values})
