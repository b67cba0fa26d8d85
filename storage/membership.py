"""Who is a member, and who is one no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Delete, Table, bindparam, delete, insert, or_, select, union_all, update

from storage.errors import Refused
from storage.members import LOST, Member, Members, Role, set_columns
from storage.schema import (
    case_file,
    delivered,
    duty_card,
    in_chat,
    intake,
    list_card,
    lost_word,
    offer,
    on_until,
    practice,
    relay,
    suspending,
    swap,
    taken,
    writing,
)
from storage.schema import member as table
from storage.tx import Reading, Tx
from storage.unreadable import readable


def _gone(of: Table, *names: str) -> Delete:
    return delete(of).where(or_(*(of.c[name] == bindparam("member") for name in names)))


_OF_ACCOUNT = select(table).where(table.c.telegram_look_up == bindparam("account"))
_KNOWN = select(table).where(
    (table.c.telegram_look_up == bindparam("account"))
    | (table.c.name_look_up == bindparam("name"))
    | table.c.id.in_(bindparam("alike", expanding=True))
)
_ASKS = union_all(
    select(case_file.c.id).where(case_file.c.chat_look_up == bindparam("account")),
    select(intake.c.id).where(intake.c.chat_look_up == bindparam("account")),
)
_ASKS_FOR_HELP = "this account has a request of its own: they type /delete in the chat first, or `pana erase` erases it"
_WITH_KEY = select(table.c.id).where(table.c.recipient == bindparam("key"), table.c.active == 1)
_NEW = insert(table)
_DEPUTY_GONE = update(case_file).where(case_file.c.deputy == bindparam("member")).values(deputy=None)
# Rows that are about somebody's part in the work, and by which columns: whoever has left has none.
_GONE = (
    _gone(on_until, "member_id"),
    _gone(swap, "asker", "taker"),
    _gone(list_card, "member_id"),
    _gone(duty_card, "member_id"),
    _gone(delivered, "member_id"),
    _gone(in_chat, "member_id"),
    _gone(suspending, "member_id", "asked_by"),
    _gone(taken, "member_id"),
    _gone(offer, "member_id"),
    _gone(relay, "member_id"),
    _gone(writing, "member_id"),
    _gone(practice, "member_id"),
    _gone(lost_word, "member_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Every method runs inside a change. `recovery`: keys that are no member's."""

    members: Members
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
        practised: bool = True,
    ) -> Member:
        """Adds a verified member, or brings somebody back who was one, with all that is given here.

        `met`: they have pressed Start. `practised`: they count as cover without a practice case. Raises Refused when
        name, Telegram id or key belong to somebody else, or the account has a request of its own: a member's chat shows
        none, so nothing could be read, deleted or sent there any more.
        """
        who = self.members.sealed(name, telegram_id, languages, regions, email=email, push=push)
        if tx.execute(_ASKS, {"account": who["telegram_look_up"]}).first() is not None:
            raise Refused(_ASKS_FOR_HELP)
        look_ups = {"account": who["telegram_look_up"], "name": who["name_look_up"]}
        before = self._before(tx, look_ups, name)
        self.require_free(tx, recipient, but=before)
        values = {
            **who,
            "role": role,
            "recipient": recipient,
            "on_call": int(on_call),
            "suspended": 0,
            **_anew(tx),
            "met_at": tx.now if met else None,
            "practised_at": tx.now if practised else None,
        }
        if before is None:
            tx.execute(_NEW, values)
        else:
            set_columns(tx, before, **values)
        return self.members.read(tx.execute(_OF_ACCOUNT, {"account": who["telegram_look_up"]}).one())

    def _before(self, tx: Reading, look_ups: Mapping[str, object], name: str) -> int | None:
        """The row of somebody who comes back, or that is damaged and is made whole: its cases stay this member's.

        Raises Refused when there is a member who is one.
        """
        alike = [one.id for one in self.members.alike(tx, name)]
        rows = tx.execute(_KNOWN, {**look_ups, "alike": alike}).all()
        if any(one.active for one in readable(rows, self.members.read)):
            raise Refused(f"there is a member of the name {name} or with this Telegram id already")
        if len(rows) > 1:
            raise Refused(f"the name {name} and this Telegram id belonged to two former members: choose another name")
        return rows[0].id if rows else None

    def require_free(self, tx: Reading, recipient: str, *, but: int | None = None) -> None:
        """Raises Refused for a key that is somebody else's: what is sealed to it, its owner could not open.

        A wrong file, pasted, would give one member alerts for cases that only another one can open. A recovery key
        stays offline, so it is no member's either.
        """
        if recipient in self.recovery:
            raise Refused("this is a recovery key, which stays offline: a member has a key of their own")
        if any(one != but for one in tx.execute(_WITH_KEY, {"key": recipient}).scalars()):
            raise Refused("this key belongs to another member already: each member has a key of their own")

    def set_recipient(self, tx: Tx, member: Member, recipient: str) -> None:
        """Another key; what was sealed to the old one stays sealed to it. Raises Refused when it is somebody else's."""
        self.require_free(tx, recipient, but=member.id)
        set_columns(tx, member.id, recipient=recipient)
        tx.execute(delete(practice).where(practice.c.member_id == member.id))  # it is sealed to the old one

    def enable(self, tx: Tx, member: Member) -> Member:
        """Somebody who was a member is one again, as they were; raises Refused when their key is another one's now."""
        self.require_free(tx, member.recipient, but=member.id)
        set_columns(tx, member.id, **_anew(tx))
        return self.members.get(tx, member.id)

    def suspend(self, tx: Tx, member_id: int, *, suspended: bool, lost: bool = False) -> None:
        """No alerts, no cases, no messages until a coordinator undoes it on the terminal.

        `lost`: by their lost word, and their chat is a stranger's meanwhile.
        """
        set_columns(tx, member_id, suspended=LOST if suspended and lost else int(suspended))
        tx.execute(delete(practice).where(practice.c.member_id == member_id))

    def disable(self, tx: Tx, member_id: int) -> None:
        """A member is one no more."""
        set_columns(tx, member_id, active=0, on_call=0)

    def forget(self, tx: Tx, member: Member) -> None:
        """Of somebody who has left only that stays by which `enable` brings them back as they were.

        That is name, account, role, languages, regions, key, whether they had pressed Start, and a suspension.
        """
        self.members.set_about(tx, member, languages=member.languages, regions=member.regions, email=None, push=None)
        set_columns(tx, member.id, **_nothing_known(None))
        for gone in (*_GONE, _DEPUTY_GONE):
            tx.execute(gone, {"member": member.id})

    def left(self, tx: Reading) -> Sequence[Member]:
        """Who is a member no more, but of whom more than that is kept: an earlier version kept all."""
        former = readable(tx.execute(select(table).where(table.c.active == 0)).all(), self.members.read)
        return [one for one in former if one.email or one.push or one.joined_at]


def _anew(tx: Tx) -> dict[str, object]:
    """Of somebody who joins, or comes back: nothing is known yet of whether they can be reached."""
    return {"active": 1, **_nothing_known(tx.now)}


def _nothing_known(joined: datetime | None) -> dict[str, object]:
    return {"joined_at": joined, "gone_at": None, "reach_asked_at": None, "reach_confirmed_at": None}
