"""The room of a message: each kind says its lane, what goes out, what is kept of it, who hears that it is lost."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import text

from bot.delivery.kind import Came, Kind, Menu, Removal, SentFile, ToMember, ToPerson
from bot.delivery.kinds import Kinds
from bot.errors import UnknownKind
from bot.rings import TABLE, Sound, sound_of
from flows.facts import Change
from storage import duty_cards, in_chat, in_sight, parting, suspending
from storage.case import Claimed
from storage.lists import list_of
from storage.outbox import Due, Lane, RowKind
from storage.practice import Step
from storage.tx import Tx
from tests.bot.stage import STARTS, Stage, opened_case, stage

__all__ = ["stage"]  # a fixture

T = TypeVar("T")
PERSON, MESSAGE = 900, 4242
AIGUL, BORIS = 1, 2  # lawyers; Aigul has taken a case, and offers it to Boris
A_DAY, LONGER = timedelta(), timedelta(hours=22)  # later than now
URGENT, LAWYER, REPLY, WIPE = Lane.urgent, Lane.lawyer, Lane.reply, Lane.wipe

# Kind -> lane; what goes out; what is kept of a message that has come; who hears that nobody is there any more.
ROOMS: dict[RowKind, tuple[Lane, str, str, str]] = {
    RowKind.ring: (URGENT, "new", "alert", "next called"),
    RowKind.alert: (LAWYER, "change", "alert", "next called"),
    RowKind.rings: (URGENT, "new", "list that rang", "next called"),
    RowKind.list: (LAWYER, "change", "list", "next called"),
    RowKind.unclaimed: (URGENT, "new", "alert", "next called"),
    RowKind.nobody: (URGENT, "new", "alert", "next called"),
    RowKind.muted: (LAWYER, "new", "alert", "coordinators"),  # of a muted case nobody is called
    RowKind.bundle: (LAWYER, "file", "a day", "coordinators"),
    RowKind.relay: (LAWYER, "new", "a day, text dropped", "coordinators"),
    RowKind.more: (LAWYER, "new", "with the claim", "coordinators"),
    RowKind.files: (LAWYER, "new", "with the claim", "coordinators"),
    RowKind.risen: (LAWYER, "new", "with the claim", "coordinators"),
    RowKind.preview: (LAWYER, "new", "a day, unsent", "coordinators"),
    RowKind.receipt: (LAWYER, "new", "receipt", "coordinators"),
    RowKind.ask: (LAWYER, "new", "with the claim, asked", "coordinators"),
    RowKind.quiet: (LAWYER, "new", "with the claim, asked", "coordinators"),
    RowKind.unreached: (LAWYER, "new", "with the claim", "coordinators"),
    RowKind.reachable: (LAWYER, "new", "with the claim", "coordinators"),
    RowKind.remind: (LAWYER, "new", "until settled", "coordinators"),
    RowKind.ending: (LAWYER, "new", "until answered", "coordinators"),
    RowKind.offer: (URGENT, "new", "with the claim, asked", "coordinators"),
    RowKind.declined: (LAWYER, "new", "with the claim", "coordinators"),
    RowKind.share: (LAWYER, "file", "a day", "coordinators"),
    RowKind.sent_on: (LAWYER, "new", "with the claim", "coordinators"),
    RowKind.opens: (LAWYER, "new", "with the claim, asked", "coordinators"),
    RowKind.lapsed: (LAWYER, "new", "until answered", "coordinators"),
    RowKind.overtaken: (LAWYER, "new", "stays", "coordinators"),
    RowKind.freed: (LAWYER, "new", "until answered", "coordinators"),
    RowKind.silent: (LAWYER, "new", "until answered", "coordinators"),
    RowKind.parted: (LAWYER, "new", "alert", "coordinators"),
    RowKind.duty: (LAWYER, "new", "card of duty", "coordinators"),
    RowKind.dutynow: (LAWYER, "change", "stays", "coordinators"),
    RowKind.swap: (LAWYER, "new", "until anybody answers", "coordinators"),
    RowKind.unusable: (LAWYER, "nothing", "stays", "coordinators"),  # no calendar stands here (test_duty_walk.py)
    RowKind.askrota: (LAWYER, "new", "until anybody answers", "coordinators"),
    RowKind.line: (LAWYER, "new", "stays", "coordinators"),
    RowKind.reach: (LAWYER, "new", "until answered", "coordinators"),
    RowKind.asksuspend: (LAWYER, "new", "until anybody answers", "coordinators"),
    RowKind.welcome: (LAWYER, "new", "stays", "coordinators"),
    RowKind.trial: (LAWYER, "new", "until answered", "coordinators"),
    RowKind.practice: (LAWYER, "file", "until the practice ends", "coordinators"),
    RowKind.menu: (Lane.bulk, "menu", "nothing", "nobody"),
    RowKind.news: (REPLY, "card of a person", "nothing", "claimer"),
    RowKind.ping: (REPLY, "neutral message", "nothing", "claimer"),
    RowKind.unread: (REPLY, "neutral message", "nothing", "claimer"),
    RowKind.closed: (REPLY, "card of a person", "nothing", "claimer"),
    RowKind.bye: (REPLY, "neutral message", "nothing", "claimer"),
    RowKind.stray: (WIPE, "card of a person", "nothing", "claimer"),
    RowKind.wipe: (WIPE, "removal", "nothing", "claimer"),
    RowKind.blank: (WIPE, "removal", "nothing", "claimer"),
    RowKind.outside: (URGENT, "mailto:aigul@example.org", "nothing", "nobody"),
    RowKind.backstop: (URGENT, "nothing", "nothing", "nobody"),  # nor an address of last resort (test_outside.py)
    RowKind.fetch: (LAWYER, "a file is fetched", "its sender is answered", "coordinators"),
    RowKind.keyfile: (Lane.bulk, "nothing", "nothing", "nobody"),  # nobody was invited (test_joining_by_file.py)
    RowKind.keysaid: (Lane.bulk, "nothing", "nothing", "nobody"),
}
OF_WAITING = {RowKind.ring, RowKind.alert, RowKind.unclaimed, RowKind.nobody, RowKind.muted}
OF_WAITING |= {RowKind.parted}  # it waits for its end
OF_WAITING |= {RowKind.lapsed, RowKind.freed}  # it can be taken again
TO_BORIS = {RowKind.offer, RowKind.opens, RowKind.lapsed, RowKind.freed, RowKind.overtaken}
TO_CHAT = {RowKind.closed, RowKind.bye, RowKind.stray, RowKind.wipe, RowKind.blank, RowKind.keysaid, RowKind.keyfile}
OF_PERSON = {RowKind.news, RowKind.ping, RowKind.unread}


class Undone(Exception):
    """What was done is rolled back."""


@dataclass(frozen=True)
class World:
    """Aigul's case, one that waits, and numbers of what rows are about."""

    claimed: int
    waits: int
    args: dict[str, object]

    def due(self, kind: RowKind) -> Due:
        """A row that has something to say."""
        case = None if kind in TO_CHAT else self.waits if kind in OF_WAITING else self.claimed
        member = None if kind in TO_CHAT | OF_PERSON | {RowKind.backstop} else BORIS if kind in TO_BORIS else AIGUL
        secret = str(PERSON) if kind in TO_CHAT else "file" if kind is RowKind.fetch else None
        return Due(
            id=1,
            lane=kind.lane,
            kind=kind.value,
            case_row=case,
            member_id=member,
            secret=secret,
            args=self.args,
            attempts=0,
        )


def of_world(kind: RowKind) -> tuple[bool, ...]:
    """By what the world of a kind differs from those of others."""
    listed = kind in {RowKind.list, RowKind.rings}
    return kind is RowKind.parted, kind in LOSES_PERSON, listed, kind is RowKind.alert, kind is RowKind.muted


def world(stage: Stage, tx: Tx, kind: RowKind) -> World:
    """Everything that a row could be about."""
    core = stage.pana.core
    claimed = opened_case(stage, tx, PERSON, claimed_by=AIGUL)
    in_sight.set_card(tx, claimed, 5)
    case = core.cases.get(tx, claimed)
    assert isinstance(case, Claimed)
    core.cases.handoffs.set_facts(tx, case, case.handoff.facts.with_change(Change(at=tx.now, due_at=tx.now)))
    parts, loses_person, listed, alerted, muted = of_world(kind)
    waits = opened_case(stage, tx, PERSON + 1, claimed_by=AIGUL if parts else None)
    parted = core.cases.get(tx, waits)
    if isinstance(parted, Claimed):
        parting.begins(tx, parted)
    core.contacts.set(
        tx, claimed, sent=1, asked_at=tx.now, raised_at=tx.now, unreached_at=None if loses_person else tx.now
    )
    core.claims.offers.make(tx, claimed, BORIS)
    core.claims.offers.accept(tx, claimed)
    core.claims.offers.wrapped(tx, claimed, "ab")
    core.relay.put(tx, claimed, None, "слова")
    core.relay.drafts.keep_typed(tx, AIGUL, claimed, "черновик")
    relayed = core.relay.put(tx, claimed, AIGUL, "слова")
    core.cases.alerted.keep(tx, waits, AIGUL, state="listed" if listed else "rung")
    if alerted:
        core.cases.alerted.keep(tx, waits, AIGUL, message_id=7)
    if muted:
        core.cases.handoffs.mute(tx, *core.cases.waiting(tx, [waits]))
    duty_cards.keep(tx, AIGUL, 6)
    core.duty.rota.kept.keep(tx, "pending", "0" * 64, b"")
    swap = core.duty.duties.ask(tx, BORIS, AIGUL, tx.now, tx.now + timedelta(hours=8))
    suspending.keep(tx, BORIS, AIGUL, waits=True)
    aigul = core.members.get(tx, AIGUL)
    practice = core.practices.begin(tx, aigul, stage.pana.questionnaires.current.revision, ())
    core.practices.did(tx, practice, Step.taken)
    core.members.set_about(tx, aigul, languages=["ru"], regions=(), email="aigul@example.org", push=None)
    args = {"messages": [1], "message": 1, "language": "ru", "card": 5, "what": "gap", "at": STARTS.isoformat()}
    args |= {"clock": "K02", "day": STARTS.date().isoformat(), "why": "cover", "place": 0, "way": "email"}
    args |= {
        "files": [[4, "photo", 1_200_000, 0]],
        "says": "waits",
        "swap": swap,
        "relay": relayed,
        "about": BORIS,
        "since": 1,
    }
    return World(claimed, waits, args)


LOSES_PERSON = {kind for kind, (*_, hears) in ROOMS.items() if hears == "claimer"}


def in_the_world(stage: Stage, kind: RowKind, look: Callable[[Tx, World], T]) -> T:
    """What a look finds there; nothing of it is kept."""
    return in_each_world(stage, [kind], lambda tx, there, _: look(tx, there))[kind]


def in_each_world(
    stage: Stage, kinds: Iterable[RowKind], look: Callable[[Tx, World, RowKind], T]
) -> Mapping[RowKind, T]:
    """What a look finds for each kind; none sees what another has done. Kinds of the same world have it in common."""
    alike, found = defaultdict[object, list[RowKind]](list), dict[RowKind, T]()
    for kind in kinds:
        alike[of_world(kind)].append(kind)

    def change(tx: Tx, some: Sequence[RowKind]) -> None:
        there = world(stage, tx, some[0])
        tx.write_gathered()
        for kind in some:
            undone = tx.connection.begin_nested()
            found[kind] = look(Tx(tx.connection, tx.now, tx.name), there, kind)
            undone.rollback()
        raise Undone

    for some in alike.values():
        with pytest.raises(Undone):
            stage.change(lambda tx, some=some: change(tx, some))
    return found


def room_of(stage: Stage, due: Due) -> Kind:
    """As the running bot has it."""
    return stage.pana.kinds.room(due)


def test_every_kind_is_in_the_table_and_has_its_lane() -> None:
    """What calls somebody goes first, removals last."""
    assert {kind: lane for kind, (lane, *_) in ROOMS.items()} == {kind: kind.lane for kind in RowKind}


def goes_out(parcel: object) -> str:
    """What was drawn, in words."""
    match parcel:
        case None:
            return "nothing"
        case ToMember():
            return (
                "file"
                if parcel.document or parcel.sealed
                else "change"
                if parcel.edit is not None or parcel.anew
                else "new"
            )
        case ToPerson():
            return "neutral message" if parcel.outcome.apart else "card of a person"
        case Removal():
            return "removal"
        case Menu():
            return "menu"
        case SentFile():
            return "a file is fetched"
    return str(getattr(parcel, "address", parcel))


async def test_every_kind_is_drawn(stage: Stage) -> None:
    """From the truth of the moment: a new message, a change of one, a file, a card, a removal, a sentence outside."""

    def draw(tx: Tx, there: World, kind: RowKind) -> str:
        due = there.due(kind)
        return goes_out(room_of(stage, due).draw(tx, due))

    assert in_each_world(stage, RowKind, draw) == {kind: goes for kind, (_, goes, *_) in ROOMS.items()}


# Of what is kept of a message, what brings it up to date.
CHANGED = {
    "alert": RowKind.alert,
    "list": RowKind.list,
    "list that rang": RowKind.list,
    "receipt": RowKind.receipt,
    "card of duty": RowKind.dutynow,
}


async def test_every_kind_that_may_change_a_message_names_what_brings_it_up_to_date(stage: Stage) -> None:
    """So they go one after another, also where several processes send."""
    change = {kind: CHANGED[kept] for kind, (_, _, kept, _) in ROOMS.items() if kept in CHANGED}
    change |= {kind: kind for kind in (RowKind.dutynow, RowKind.risen)}
    rooms = {kind: stage.pana.kinds.rooms[kind] for kind in RowKind}
    assert {kind: room.message for kind, room in rooms.items() if room.message is not None} == change
    assert {kind for kind, (_, goes, *_) in ROOMS.items() if goes == "change"} <= change.keys()


async def test_every_kind_for_a_member_is_as_loud_as_the_table_says(stage: Stage) -> None:
    """In the middle of the day, of a critical case whose account has not rung; what rings when: test_rings.py."""

    def draw(tx: Tx, there: World, kind: RowKind) -> bool | None:
        due = there.due(kind)
        parcel = room_of(stage, due).draw(tx, due)
        return not parcel.silent if isinstance(parcel, ToMember) else None

    rings = {kind: loud for kind, loud in in_each_world(stage, RowKind, draw).items() if loud is not None}
    assert rings == {kind: sound_of(kind, "gap") is Sound.rings for kind in rings}
    to_members = {one.kind for row in TABLE.values() for one in row.members}
    assert to_members - set(rings) == {RowKind.outside, RowKind.backstop, RowKind.unusable}
    assert set(rings) <= to_members


def what_is_kept(stage: Stage, tx: Tx, there: World, due: Due) -> str:
    """Where message 4242 is known to stand, in words."""
    core, member = stage.pana.core, due.member_id or 0
    places = {
        "until the practice ends": in_chat.take(tx, member, in_chat.PRACTICE).young,
        "alert": [one.message_id for one in core.cases.alerted.of(tx, there.waits).values()],
        "list that rang": [list_of(tx, member)[0]] if list_of(tx, member)[1] else [],
        "list": [list_of(tx, member)[0]],
        "receipt": [core.contacts.get(tx, there.claimed).receipt_message],
        "card of duty": [duty_cards.of(tx, member)],
    }
    for place, messages in places.items():
        if MESSAGE in messages:
            return place
    until = tx.execute(text(f"SELECT at FROM delivered WHERE message_id = {MESSAGE}")).scalars().all()
    if until:
        at = datetime.fromisoformat(str(until[0])).replace(tzinfo=STARTS.tzinfo)
        dropped = core.relay.get(tx, due.number("relay")) is None
        also = {"unsent": ", unsent", "question": ", asked"}.get(part_of(tx), "")
        return {A_DAY: "a day", LONGER: "with the claim"}[at - tx.now] + (", text dropped" if dropped else also)
    if tx.execute(text(f"SELECT member_id FROM in_chat WHERE message_id = {MESSAGE}")).scalars().all() == [member]:
        goes = dict.fromkeys(("suspend", "rota", "swap"), "until anybody answers")
        goes |= {"question": "until answered", "deadline": "until settled"}
        return goes.get(part_of(tx), "stays")
    answered = tx.execute(text("SELECT args FROM outbox WHERE kind = 'line' AND member_id = 1")).scalars().all()
    return "its sender is answered" if any("nowrap" in one for one in answered) else "nothing"


def part_of(tx: Tx) -> str:
    """What message 4242 is for, in a member's chat."""
    found = tx.execute(text(f"SELECT part FROM in_chat WHERE message_id = {MESSAGE}")).scalar()
    return str(found).partition(":")[0]


async def test_of_every_kind_is_kept_what_is_changed_or_removed_later(stage: Stage) -> None:
    """A message has come; of a wrap's file and of what was relayed everything here goes within a day."""

    def settle(tx: Tx, there: World, kind: RowKind) -> str:
        due = there.due(kind)
        room_of(stage, due).kept(tx, due, Came(message_id=MESSAGE))
        return what_is_kept(stage, tx, there, due)

    assert in_each_world(stage, RowKind, settle) == {kind: stands for kind, (_, _, stands, _) in ROOMS.items()}


@pytest.mark.parametrize("gone", [True, False])
async def test_of_every_kind_somebody_hears_that_it_was_lost(stage: Stage, gone: bool) -> None:
    """A call that did not arrive calls the next; else coordinators hear of a member, the claimer of a person.

    Where only this message could not be said, nothing is wrong with the chat: what rings calls the next all the same.
    """

    def lose(tx: Tx, there: World, kind: RowKind) -> str:
        tx.execute(text("DELETE FROM outbox"))
        due = there.due(kind)
        room_of(stage, due).lost(tx, due, gone=gone)
        queued = tx.execute(text("SELECT kind, member_id, case_row, args FROM outbox")).all()
        assert any("gone" in one.args for one in queued) == (due.member_id is not None and gone and told(kind))
        if any((one.kind, one.member_id, one.case_row) == ("ring", BORIS, there.waits) for one in queued):
            return "next called"
        if any((one.kind, one.member_id) == ("unreached", AIGUL) for one in queued):
            return "claimer"
        return "coordinators" if any("gone" in one.args for one in queued) else "nobody"

    expected = {kind: heard for kind, (*_, heard) in ROOMS.items()}
    if not gone:
        expected = {kind: "next called" if kind in {RowKind.ring, RowKind.rings} else "nobody" for kind in RowKind}
    assert in_each_world(stage, RowKind, lose) == expected


def told(kind: RowKind) -> bool:
    """Whether it is said in Telegram, so that a refusal says something of the chat."""
    return kind not in {RowKind.outside, RowKind.backstop, RowKind.menu}


# --- overtaken on its way ---


async def test_an_alert_that_became_an_entry_of_the_list_on_its_way_goes_at_once(stage: Stage) -> None:
    """A lawyer has one way to take a case, and that is the list's; the alert's own place is not kept."""

    def settle(tx: Tx, there: World) -> tuple[list[str], list[int | None]]:
        core, due = stage.pana.core, there.due(RowKind.ring)
        assert room_of(stage, due).draw(tx, due) is not None
        core.cases.alerted.keep(tx, there.waits, AIGUL, state="listed")
        tx.execute(text("DELETE FROM outbox"))
        room_of(stage, due).kept(tx, due, Came(message_id=MESSAGE))
        alerted = core.cases.alerted.of(tx, there.waits)
        wiped = tx.execute(text("SELECT args FROM outbox WHERE kind = 'blank'")).scalars().all()
        return list(wiped), [one.message_id for one in alerted.values()]

    assert in_the_world(stage, RowKind.ring, settle) == (['{"message": 4242}'], [None])


async def test_an_alert_of_a_case_that_was_taken_on_its_way_is_brought_up_to_date(stage: Stage) -> None:
    """It has just arrived with a button that takes nothing any more."""

    def settle(tx: Tx, there: World) -> list[int]:
        core, due = stage.pana.core, there.due(RowKind.ring)
        assert room_of(stage, due).draw(tx, due) is not None
        case = core.cases.get(tx, there.waits)
        assert core.cases.claims.claim(tx, case, core.members.get(tx, BORIS), timedelta(hours=1))
        tx.execute(text("DELETE FROM outbox"))
        room_of(stage, due).kept(tx, due, Came(message_id=MESSAGE))
        return list(tx.execute(text("SELECT member_id FROM outbox WHERE kind = 'alert'")).scalars())

    assert in_the_world(stage, RowKind.ring, settle) == [AIGUL]


async def test_what_is_said_of_a_claim_goes_at_once_when_that_has_ended_on_its_way(stage: Stage) -> None:
    """Whoever has the case no more keeps nothing of it in their chat."""

    def settle(tx: Tx, there: World, kind: RowKind) -> list[str]:
        core, due = stage.pana.core, there.due(kind)
        assert room_of(stage, due).draw(tx, due) is not None
        core.giving_back.stopped(tx, core.cases.get(tx, there.claimed))
        tx.execute(text("DELETE FROM outbox"))
        room_of(stage, due).kept(tx, due, Came(message_id=MESSAGE))
        assert core.contacts.get(tx, there.claimed).receipt_message is None
        return list(tx.execute(text("SELECT args FROM outbox WHERE kind = 'wipe'")).scalars())

    gone = ("a day", "with the claim", "receipt")
    of_claim = [kind for kind, (_, _, kept, _) in ROOMS.items() if kept.startswith(gone)]
    wiped = in_each_world(stage, of_claim, settle)
    assert [kind for kind in of_claim if wiped[kind] != ['{"messages": [4242]}']] == []


async def test_what_comes_to_somebody_who_takes_part_no_more_goes_at_once(stage: Stage) -> None:
    """They were suspended while it was on its way; nothing of it is kept."""

    def settle(tx: Tx, there: World, kind: RowKind) -> tuple[list[str], str]:
        due = there.due(kind)
        stage.pana.core.membership.suspend(tx, due.member_id or 0, suspended=True)
        tx.execute(text("DELETE FROM outbox"))
        room_of(stage, due).kept(tx, due, Came(message_id=MESSAGE))
        wipes = tx.execute(text("SELECT args FROM outbox WHERE kind = 'wipe'")).scalars()
        return list(wipes), what_is_kept(stage, tx, there, replace(due, args={**due.args, "relay": 0}))

    others = {"nothing", "its sender is answered"}
    to_members = [kind for kind, (_, _, kept, _) in ROOMS.items() if kept not in others]
    wiped = in_each_world(stage, to_members, settle)
    assert [kind for kind in to_members if wiped[kind] != (['{"messages": [4242]}'], "nothing")] == []


# --- none is forgotten ---


def test_without_rooms_for_all_kinds_nothing_begins() -> None:
    """That a kind, or a room without one of its parts, is left out elsewhere, mypy finds (tests/test_types.py)."""
    with pytest.raises(LookupError, match="ring, alert, rings"):
        Kinds({})


async def test_a_kind_that_only_a_newer_version_knows_has_no_room(stage: Stage) -> None:
    """It is not guessed what such a row could mean."""
    due = replace(World(1, 2, {}).due(RowKind.more), kind="tomorrow")
    with pytest.raises(UnknownKind):
        room_of(stage, due)
