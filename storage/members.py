"""Members: lawyers and coordinators. Names and Telegram ids rest under the server key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec
from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import Row

from storage.errors import Refused
from storage.schema import member as table
from storage.sealing.keyring import KeyRing

Role = Literal["lawyer", "coordinator"]


class _About(msgspec.Struct, frozen=True):
    """What is sealed in `about_sealed`."""

    name: str
    telegram: int
    languages: tuple[str, ...]
    region: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A lawyer or coordinator. `languages`: the first is the one the bot writes in."""

    id: int
    name: str = field(repr=False)
    telegram_id: int = field(repr=False)
    role: Role
    languages: tuple[str, ...]
    region: str | None = field(repr=False)
    recipient: str = field(repr=False)
    on_call: bool
    active: bool

    @property
    def language(self) -> str:
        """The language the bot writes to this member in."""
        return self.languages[0] if self.languages else "ru"


@dataclass(frozen=True, slots=True)
class Members:
    """Finds and keeps members; every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def add(
        self,
        connection: Connection,
        *,
        name: str,
        telegram_id: int,
        role: Role,
        languages: Sequence[str],
        region: str | None,
        recipient: str,
        on_call: bool,
    ) -> Member:
        """Adds a verified member; raises Refused when the name or the Telegram id is there already."""
        by_telegram, by_name = self._look_up(telegram_id), self.ring.look_up("name", name.casefold())
        taken = select(table.c.id).where((table.c.telegram_look_up == by_telegram) | (table.c.name_look_up == by_name))
        if connection.execute(taken).first():
            raise Refused(f"there is a member of the name {name} or with this Telegram id already")
        about = _About(name, telegram_id, tuple(languages), region)
        sealed = self.ring.seal_row("member", "member", "about", by_telegram.hex(), msgspec.json.encode(about))
        connection.execute(
            insert(table).values(
                telegram_look_up=by_telegram,
                name_look_up=by_name,
                about_sealed=sealed,
                role=role,
                recipient=recipient,
                on_call=int(on_call),
                active=1,
            )
        )
        row = connection.execute(select(table).where(table.c.telegram_look_up == by_telegram)).one()
        return self._read(row)

    def by_telegram(self, connection: Connection, telegram_id: int) -> Member | None:
        """The active member with this Telegram id, or None."""
        wanted = (table.c.telegram_look_up == self._look_up(telegram_id)) & (table.c.active == 1)
        row = connection.execute(select(table).where(wanted)).one_or_none()
        return None if row is None else self._read(row)

    def get(self, connection: Connection, member_id: int) -> Member:
        """The member of this row."""
        return self._read(connection.execute(select(table).where(table.c.id == member_id)).one())

    def all(self, connection: Connection) -> Sequence[Member]:
        """Every member, in the order they joined."""
        return [self._read(row) for row in connection.execute(select(table).order_by(table.c.id)).all()]

    def _look_up(self, telegram_id: int) -> bytes:
        return self.ring.look_up("telegram", telegram_id)

    def _read(self, row: Row[tuple[object, ...]]) -> Member:
        sealed = self.ring.open_row("member", "member", "about", row.telegram_look_up.hex(), row.about_sealed)
        about = msgspec.json.decode(sealed, type=_About)
        return Member(
            id=row.id,
            name=about.name,
            telegram_id=about.telegram,
            role=row.role,
            languages=about.languages,
            region=about.region,
            recipient=row.recipient,
            on_call=bool(row.on_call),
            active=bool(row.active),
        )
