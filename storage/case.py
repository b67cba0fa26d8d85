"""A case as the server knows it: in one of six states, each with what only it has. Values; nothing is looked up."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from flows.facts import Facts
from flows.model import Level
from storage.call_words import call_words


class Status(StrEnum):
    """The states, as they stand in the column; one that is `Parted` is claimed there."""

    open = "open"
    waiting = "waiting"
    claimed = "claimed"
    closed = "closed"
    erased = "erased"


LIVE = (Status.open, Status.waiting, Status.claimed)


def known_level(level: str) -> Level:
    """A level as it stands in clear; one that is none, after damage, is the gravest."""
    return Level(level) if level in Level.__members__ else Level.critical


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A case on its way to a lawyer: what alerts may say, how far the ladder is, and how long a claim holds.

    `muted`: the account's earlier case was a false alarm, so nobody is rung. `backstop_at`: when everybody was last
    told outside Telegram. `code_until`: so long the person's card shows the code. `quiet_until`: until then its alerts
    make no sound, since its account has rung a moment ago.
    """

    facts: Facts = field(repr=False)
    began_at: datetime
    rung: int
    rang_at: datetime | None
    next_due_at: datetime | None
    lease_until: datetime | None = None
    lease_asked: bool = False
    muted: bool = False
    backstop_at: datetime | None = None
    code_until: datetime | None = None
    quiet_until: datetime | None = None

    def is_quiet(self, now: datetime) -> bool:
        """Its alerts make no sound now."""
        return self.quiet_until is not None and now < self.quiet_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who has taken a case (`by`), and when; `checked`: they have typed the check word from inside it.

    `contacted_at`: first contact with the person, from which on only claimer, deputy and recovery can open the case.
    `call_secret`: what the call words come from, in `call_language`; None when it cannot be read.
    """

    by: int
    at: datetime
    contacted_at: datetime | None = None
    deputy: int | None = None
    checked: bool = False
    call_secret: str | None = field(default=None, repr=False)
    call_language: str = ""

    @property
    def has_reached(self) -> bool:
        """Whether the person was reached in this claim, and not only by whoever had the case before: it holds."""
        return self.contacted_at is not None and self.contacted_at >= self.at

    @property
    def words(self) -> str | None:
        """The two words that a lawyer who calls says first; None when their secret cannot be read.

        The same two as long as the claim holds, whatever language the person chooses meanwhile.
        """
        return None if self.call_secret is None else call_words(self.call_secret, self.call_language)


@dataclass(frozen=True, slots=True, kw_only=True)
class _EveryCase:
    """What a case has in every state. `chat_id`: None also when it cannot be read; `wants_ping`: None while unsaid.

    `hidden`: by its person; `behind`: it was opened again while its person's chat shows another request.
    """

    row: int
    code: str
    case_id: str
    recipient: str = field(repr=False)
    level: Level
    revision: str
    chat_look_up: bytes | None = field(repr=False)
    chat_id: int | None = field(repr=False)
    language: str
    card_message: int | None
    seq: int
    created_on: date
    hidden: bool
    behind: bool = False
    wants_ping: bool | None

    @property
    def tag(self) -> str:
        """What the buttons of the person's chat call it: short, and no code that somebody could read there."""
        return self.case_id[:8]

    def is_held_by(self, member_id: int) -> bool:
        """Whether this member has claimed it."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(_EveryCase):
    """Nobody is called for it: not yet, or no more (`handoff`: that of a call which its person took back)."""

    handoff: Handoff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed(_EveryCase):
    """Put before the lawyers."""

    handoff: Handoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(_Handed):
    """Nobody has taken it yet, or whoever had it has it no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(_Handed):
    """A lawyer has it."""

    claim: Claim

    def is_held_by(self, member_id: int) -> bool:
        """Whether this member has claimed it."""
        return self.claim.by == member_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted(_EveryCase):
    """Its person has deleted everything: nothing leads to them, and the claimer (`by`) alone can have the record sent.

    At `erase_at` it is erased. Nobody writes, is called, or takes it any more (storage/parting.py).
    """

    by: int | None
    erase_at: datetime

    def is_held_by(self, member_id: int) -> bool:
        """Whether it is left to this member."""
        return self.by == member_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(_EveryCase):
    """Its claimer (`by`) is done. The sealed record stays a while, what led to its person is gone."""

    outcome: str
    by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(_EveryCase):
    """Nothing is left but its code, for a day. `by_wish`: its person's."""

    by_wish: bool


Handed = Waiting | Claimed
Live = Open | Waiting | Claimed
Case = Open | Waiting | Claimed | Parted | Closed | Erased
State = TypeVar("State", bound=_EveryCase)
AnyHanded = TypeVar("AnyHanded", bound=_Handed)


def turned(case: Case, state: type[State], **own: Any) -> State:
    """The same case in another state, with what only that one has, and what else is changed."""
    return state(**{**{one.name: getattr(case, one.name) for one in fields(_EveryCase)}, **own})
