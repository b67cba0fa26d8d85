"""Who rings when: every event of the table happens, and what arrives on every phone is what the table says."""

import ast
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from bot.delivery.kind import Came
from bot.gate import Way, let_out
from bot.handoff.case_files import Fetched
from bot.member.lines import _LINES
from bot.rings import TABLE, Calm, Event, ForPerson, Sound, Who, calm_of, sound_of
from bot.rings_page import loudest, page, sections
from bot.speech.incoming import Reach
from bot.speech.texts import coordinator, seeker
from bot.speech.texts import member as texts
from flows.facts import Facts, Reminder
from flows.hands import Hands
from flows.model import ClockId, Level
from storage.case import Claimed, Waiting
from storage.muted import mute
from storage.outbox import Due, RowKind
from storage.schema import relay
from storage.sent_files import GONE, About, Wanted
from tests.talks.life import Life, Sent, answers, begun, called, closed, living, taken, written
from tests.talks.moments import Moments, Step
from tests.talks.test_gate import COMES
from tests.virtual_time import run
from tests.whole import WHOLE

AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
NEUTRAL = "Есть новое сообщение"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAGE = Path(__file__).parents[2] / "docs" / "rings.md"
BOT = Path(__file__).parents[2] / "bot"
# A relative who wants to be called, and somebody at liberty who does: their phones ring. Who is held: theirs does not.
PHONES = {
    "relative, by phone": Hands.free,
    "free, by phone": Hands.free,
    "held, no way": Hands.held,
    "held, by phone": Hands.held,
    "held, this chat": Hands.chosen,
    "unsure": Hands.unsure,
    "hidden": Hands.hidden,
}
_HELD, _RELATIVE, _FREE, _UNKNOWN = ("1", "1", "2"), ("1", "2", "2"), ("7", "1", "2"), ("6", "1")
FIRST = dict(zip(PHONES, (_RELATIVE, _FREE, _HELD, _HELD, _HELD, _UNKNOWN, _FREE), strict=True))  # where, for whom
_CHAT, _PHONE, _NO_WAY, _UNSAID = ("1",), ("3", "/skip"), ("5",), ("/skip",)
CONTACT = dict(zip(PHONES, (_PHONE, _PHONE, _NO_WAY, _PHONE, _CHAT, _UNSAID, _PHONE), strict=True))

Doing = Callable[[Life], Awaitable[None]]


# --- how far the story has come ---


async def asks(life: Life, phone: str) -> None:
    """In the middle of the questions, a lawyer was called; how to reach the person has been answered."""
    # Nobody is handed over, and there is no hearing.
    await answers(life, PERSON, [*FIRST[phone], "5", "5", *CONTACT[phone]])


async def has(life: Life) -> None:
    """Aigul has taken it."""
    await taken(life, AIGUL)
    await life.pass_time(MINUTE)


async def wrote(life: Life) -> None:
    """And has written."""
    await written(life, AIGUL)


async def read(life: Life) -> None:
    """The person has read it."""
    await presses(life, PERSON, seeker.SHOW)


async def offered(life: Life) -> None:
    """Aigul has offered the case to Boris."""
    await presses(life, AIGUL, texts.HAND_OVER, "Boris")


async def shut(life: Life) -> None:
    """He cannot open it yet."""
    row = case_of(life).row
    life.change(lambda tx: life.core.cases.wraps.drop(tx, row, 2))


async def key_compared(life: Life) -> None:
    """Aigul has offered the case to him all the same, once she had compared his key."""
    await presses(life, AIGUL, texts.HAND_OVER, "Boris", "Ключ верный: Boris")


async def accepted(life: Life) -> None:
    """And has accepted."""
    await presses(life, BORIS, texts.ACCEPT)


async def new(life: Life) -> None:
    """Something is new, and as grave as before."""
    await _changed(life)


async def unseen(life: Life) -> None:
    """Aigul has not seen it."""
    await life.pass_time(3 * MINUTE)


async def false_alarm(life: Life) -> None:
    """Closed as one a moment ago."""
    await presses(life, AIGUL, texts.CLOSE, texts.OUTCOME_FALSE_ALARM, texts.CLOSE_YES)


async def gone(life: Life) -> None:
    """The person has blocked the bot."""
    _reach(life, here=False)
    await life.rest()


async def false_before(life: Life) -> None:
    """An earlier case of this account was a false alarm; now urgent help is asked for, and nothing is said yet."""
    ring = life.core.ring
    await begun(life, PERSON)
    life.change(lambda tx: mute(tx, ring, ring.look_up("telegram", PERSON)))


async def hides(life: Life) -> None:
    """What of the chat can go is gone."""
    await presses(life, PERSON, seeker.HIDE_CHAT)


HAS = (has,)
OFFERED = (*HAS, offered)
SHUT = (*HAS, shut, key_compared)
WROTE = (*HAS, wrote)
NEW = (*HAS, new)
UNSEEN = (*NEW, unseen)


# --- what happens ---


def case_of(life: Life) -> Any:
    """The newest case."""
    return life.change(life.core.cases.listed)[-1]


def facts(life: Life, change: Callable[[Facts], Facts]) -> None:
    """What is known of the case becomes something else."""
    life.change(lambda tx: life.core.cases.handoffs.set_facts(tx, case_of_tx(life, tx), change(known(life, tx))))


def case_of_tx(life: Life, tx: Any) -> Any:
    """The newest case, inside a change."""
    return life.core.cases.listed(tx)[-1]


def known(life: Life, tx: Any) -> Facts:
    """What is known of it."""
    found: Facts = case_of_tx(life, tx).handoff.facts
    return found


def _reach(life: Life, *, here: bool) -> None:
    life.hear(Reach(update_id=next(life._updates), chat_id=PERSON, here=here))


async def presses(life: Life, chat: int, *labels: str) -> None:
    """The newest buttons with these texts, as they stand in Russian."""
    for label in labels:
        await life.press(chat, life.pana.words.text("ru", label))
        await life.rest()


def _press(chat: int, *labels: str) -> Doing:
    async def press(life: Life) -> None:
        await presses(life, chat, *labels)

    return press


def _time(by: timedelta) -> Doing:
    async def passes(life: Life) -> None:
        await life.pass_time(by)

    return passes


async def _two_thirds_pass(life: Life) -> None:
    case = case_of(life)
    asked_at = case.claim.at + (case.handoff.lease_until - case.claim.at) * 2 / 3
    await life.pass_time(asked_at + timedelta(seconds=1) - life.now())  # what led here took some minutes too


async def _withdraws(life: Life) -> None:
    await life.say(PERSON, "/status")
    await life.rest()
    await presses(life, PERSON, seeker.WITHDRAW, seeker.WITHDRAW_YES)


def _deletes(label: str) -> Doing:
    async def delete(life: Life) -> None:
        await life.say(PERSON, "/delete")
        await life.rest()
        await presses(life, PERSON, label)

    return delete


async def _rung_again(life: Life) -> None:
    await life.pass_time(2 * MINUTE)


async def _listed(life: Life) -> None:
    def call(tx: Any) -> None:
        revision = life.pana.questionnaires.current.revision
        case = life.core.cases.chain.open(tx, chat_id=901, look_up=b"x" * 32, language="ru", revision=revision)
        life.core.calls.call(tx, case, Facts(level=Level.normal, language="ru"))

    life.change(call)
    await life.pass_time(24 * HOUR)


async def _rise(life: Life) -> None:
    from flows.facts import Rising
    from flows.model import RuleId

    def change(tx: Any) -> None:
        rises = Rising(life.now(), Level.critical, RuleId("C3"))
        found = msgspec.structs.replace(known(life, tx), level=Level.high, risings=(rises,))
        life.core.cases.update_facts(tx, case_of_tx(life, tx), found, ring_now=life.now())

    life.change(change)
    await life.pass_time(timedelta(seconds=1))


async def _changed(life: Life) -> None:
    """How they are reached stands open on the card; the answers before it are given anew: now, to Russia."""
    for _ in range(9):
        if any("Сейчас или сегодня" in label for one in life.seen(PERSON) for label in one.labels):
            break
        await life.say(PERSON, "/back")
        await life.rest()
    await life.press(PERSON, "Сейчас или сегодня")
    await life.rest()


async def _graver(life: Life) -> None:
    facts(life, lambda found: msgspec.structs.replace(found, level=Level.high))
    await _changed(life)


async def _unopened(life: Life) -> None:
    def change(tx: Any) -> None:
        tx.execute(update(relay).values(at=life.now() - 25 * HOUR))
        life.core.messages.unopened(tx, case_of_tx(life, tx))

    life.change(change)


async def _blocks(life: Life) -> None:
    _reach(life, here=False)


async def _is_back(life: Life) -> None:
    _reach(life, here=True)


async def _answers(life: Life) -> None:
    await life.say(PERSON, "1")
    await life.rest()
    await life.pass_time(timedelta(seconds=31))


async def _writes(life: Life) -> None:
    life.change(lambda tx: life.core.sealed_messages.add_message(tx, case_of_tx(life, tx), "слова"))


async def _remind(life: Life) -> None:
    ahead = Reminder(life.now(), ClockId("K12a"), life.now().date())
    facts(life, lambda found: msgspec.structs.replace(found, reminders=(ahead,)))
    row = case_of(life).row
    life.change(lambda tx: life.core.cases.handoffs.bring_forward(tx, row, life.now()))
    await life.pass_time(timedelta(seconds=1))


async def _quiet(life: Life) -> None:
    await life.pass_time(49 * HOUR)
    await life.pass_time(25 * HOUR)


async def _freed(life: Life) -> None:
    life.change(lambda tx: life.core.contacts.set(tx, case_of_tx(life, tx).row, raised_at=life.now()))
    row = case_of(life).row
    life.change(lambda tx: life.core.queue.to_member(tx, RowKind.silent, 3, case_row=row))
    await life.rest()
    await presses(life, CLARA, coordinator.FREE)


async def _ending(life: Life) -> None:
    life.change(lambda tx: life.core.claims.ends(tx, case_of_tx(life, tx), 90 * 24 * HOUR))


async def _wrapped(life: Life) -> None:
    def change(tx: Any) -> None:
        due = Due(
            id=1, lane=RowKind.fetch.lane, kind="fetch", case_row=None, member_id=1, secret="f", args={}, attempts=0
        )
        case, ring = case_of_tx(life, tx), life.core.cases.ring
        manifest = {"case": case.code, "case_id": case.case_id, "recipient": case.recipient, "entries": []}
        signed = msgspec.json.encode(manifest)
        wraps = {case.code: {"ab": b"sealed", "manifest.json": signed, "manifest.sig": ring.sign(signed)}}
        life.pana.kinds.room(due).kept(tx, due, Came(wraps=wraps))

    life.change(change)


async def _undone(life: Life) -> None:
    await presses(life, AIGUL, texts.UNDO)


@dataclass(frozen=True, kw_only=True)
class Story:
    """How an event comes about. `begins`: what has happened since the questions.

    `also`: what else time brings with it; `presses`: who is answered, silently.
    """

    does: Doing
    begins: tuple[Doing, ...] = HAS
    also: tuple[Event, ...] = ()
    presses: int | None = None
    who: Mapping[Who, int] = field(default_factory=lambda: {Who.claimer: AIGUL, Who.lawyers: BORIS})


WAITS: Mapping[Who, int] = {Who.lawyers: BORIS}
HAPPENS: Mapping[Event, Story] = {
    Event.called: Story(begins=(), does=_rung_again, who=WAITS),
    Event.listed: Story(does=_listed, also=(Event.lapsed, Event.called, Event.untaken), who=WAITS),
    Event.passed: Story(begins=(), does=_press(AIGUL, texts.PASS), who={Who.lawyers: AIGUL}),
    Event.untaken: Story(begins=(), does=_time(11 * MINUTE), also=(Event.called,), who=WAITS),
    Event.muted: Story(begins=(false_before,), does=_time(timedelta(seconds=61)), who=WAITS),
    Event.rise: Story(begins=(), does=_rise, who=WAITS),
    Event.out_of_reach: Story(begins=(), does=_blocks, who=WAITS),
    Event.withdrawn: Story(begins=(), does=_withdraws, who=WAITS),
    Event.taken: Story(begins=(), does=_press(AIGUL, texts.TAKE)),
    Event.asked: Story(does=_two_thirds_pass),
    Event.lapsed: Story(does=_time(15 * MINUTE)),
    Event.returned: Story(does=_press(AIGUL, texts.GIVE_BACK)),
    Event.freed: Story(begins=(*WROTE, read), does=_freed, presses=CLARA, also=(Event.quiet,)),
    Event.relayed: Story(does=lambda life: written(life, AIGUL), presses=AIGUL),
    Event.unopened: Story(begins=WROTE, does=_unopened),
    Event.reached: Story(begins=WROTE, does=_press(PERSON, seeker.SHOW)),
    Event.written: Story(does=_writes),
    Event.answered: Story(does=_answers),
    Event.unreached: Story(does=_blocks),
    Event.reachable: Story(begins=(*HAS, gone), does=_is_back),
    Event.graver: Story(does=_graver),
    Event.changed: Story(does=_changed),
    Event.unseen: Story(begins=NEW, does=_time(3 * MINUTE)),
    Event.seen: Story(begins=UNSEEN, does=_press(AIGUL, texts.SEEN)),
    Event.remind: Story(does=_remind),
    Event.quiet: Story(begins=(*WROTE, read), does=_quiet, also=(Event.renewed, Event.expiry)),
    Event.ending: Story(does=_ending),
    Event.offered: Story(does=offered, presses=AIGUL),
    Event.declined: Story(begins=OFFERED, does=_press(BORIS, texts.DECLINE)),
    Event.wrapped: Story(begins=(*SHUT, accepted), does=_wrapped),
    Event.handed: Story(begins=OFFERED, does=_press(BORIS, texts.ACCEPT), who={Who.claimer: BORIS, Who.lawyers: AIGUL}),
    Event.overtaken: Story(begins=UNSEEN, does=_press(BORIS, texts.TAKE), who={Who.claimer: AIGUL}),
    Event.closed: Story(does=lambda life: closed(life, AIGUL), presses=AIGUL),
    Event.parted: Story(does=_deletes(seeker.DELETE_YES)),
    Event.deleted: Story(does=_deletes(seeker.DELETE_LAWYER_TOO)),
    Event.undone: Story(begins=(*HAS, false_alarm), does=_undone, presses=AIGUL),
}


async def _shares(life: Life) -> None:
    await presses(life, BORIS, texts.ACCEPT)


def _wanted(life: Life, tx: Any) -> tuple[Wanted, About]:
    """The person has sent a photo, which is being fetched."""
    about = About(file_id="f", kind="photo", chat_id=PERSON, message=1, sent_at=tx.now)
    life.core.case_files.wants(tx, case_of_tx(life, tx), about)
    (wanted,) = life.core.case_files.files.take(tx, 1)
    assert life.core.case_files.begins(tx, wanted) is not None
    return wanted, about


async def _file_kept(life: Life) -> None:
    fetched = Fetched(parts=0, bytes=1, sha256="", sealed_size=1, sealed_sha256="", media="image/jpeg")
    life.change(lambda tx: life.core.case_files.is_kept(tx, *_wanted(life, tx), fetched))


async def _file_lost(life: Life) -> None:
    life.change(lambda tx: life.core.case_files.lost(tx, _wanted(life, tx)[0], GONE))


HAPPENS = {
    **HAPPENS,
    Event.shared: Story(begins=SHUT, does=_shares),
    Event.kept: Story(does=_file_kept, also=(Event.written,)),
    Event.not_kept: Story(does=_file_lost),
}


def steps_to(story: Story, phone: str) -> list[Step]:
    """What a story begins with on this phone: a lawyer is called, the questions, and what has happened since."""
    first: list[Step] = [(called, PERSON), (asks, phone)]
    steps = [*([] if story.begins == (false_before,) else first), *((step,) for step in story.begins)]
    return [*steps, (hides,)] if PHONES[phone] is Hands.hidden else steps


def heard(log: list[Sent], chat: int) -> Sound | None:
    """The loudest that has arrived there."""
    if any(one.rings for one in log if one.chat_id == chat):
        return Sound.rings
    what = {one.what for one in log if one.chat_id == chat}
    return Sound.silent if "send" in what else Sound.edit if "edit" in what else None


BACK = {Event.reached, Event.reachable}  # who comes back to a hidden chat is not there unseen any more
# Every phone that hears of it, and of what it does not hear one that would ring, and one that would not.
EVERY_CELL = [
    (event, phone)
    for event in HAPPENS
    for phone, hands in PHONES.items()
    if phone in {"relative, by phone", "held, no way"}
    or TABLE[event].person in {ForPerson.news, ForPerson.message}
    or (
        TABLE[event].person is ForPerson.change
        and hands is Hands.hidden
        and event not in {Event.reached, Event.reachable}
    )
]


def cells() -> list[tuple[Event, str]]:
    """In the suite one phone for each way in which an event comes to it, each time another; in `make both` all."""
    found, came, used = list[tuple[Event, str]](), set[tuple[Event, Way]](), Counter[str]()
    for event in HAPPENS:
        for phone in sorted((phone for one, phone in EVERY_CELL if one is event), key=used.__getitem__):
            way = let_out(event, PHONES[phone])
            if WHOLE or (event, way) not in came:
                found.append((event, phone))
                used[phone] += 1
                came.add((event, way))
    return found


@pytest.mark.parametrize(("event", "phone"), cells())
def test_what_arrives_is_what_the_table_says(event: Event, phone: str, moments: Moments, tmp_path: Path) -> None:
    """On the person's phone, and on those of every member whom it concerns."""
    story = HAPPENS[event]

    async def happens(life: Life) -> list[Sent]:
        before = len(life.telegram.log)
        await story.does(life)
        await life.rest()
        return life.telegram.log[before:]

    with living(moments.after(*steps_to(story, phone)), tmp_path / "life") as life:
        log = run(life.live(happens))
    rows = [TABLE[each] for each in (event, *story.also)]
    for who, chat in {**story.who, Who.coordinators: CLARA}.items():
        sounds = [sound for row in rows if (sound := loudest(row, who)) is not None]
        expected = max(sounds, key=list(Sound).index, default=None)
        found = heard(log, chat)
        if expected in {None, Sound.edit}:
            assert found in ({None, Sound.edit} | ({Sound.silent} if chat == story.presses else set())), who
        else:
            assert found == expected, who
    ways = {let_out(each, PHONES[phone]) for each in (event, *story.also)}
    person = [one for one in log if one.chat_id == PERSON and one.what == "send"]
    assert [(one.text, one.rings) for one in person if one.rings] == [(NEUTRAL, True)] * (Way.ping in ways)
    if Way.hint in ways:
        assert (NEUTRAL, False) in [(one.text, one.rings) for one in person]
    if ways <= {Way.edit, Way.nothing}:
        assert person == []
    if ways == {Way.nothing} and PHONES[phone] is Hands.hidden:
        assert [one for one in log if one.chat_id == PERSON and one.what != "remove"] == []


def test_every_event_happens_somewhere() -> None:
    """In a person's chat (test_gate.py, test_ends.py), here, or among members as a kind of its own (test_kinds.py)."""
    among_members = {one for title in ("Duty", "Members, and the service itself") for one in sections()[title]}
    assert set(HAPPENS) | set(COMES) | {Event.ends} | among_members == set(Event)


# --- each message ---


def test_every_line_has_its_row_and_every_row_its_line() -> None:
    """Of the kind that has many."""
    lines = {one.what for row in TABLE.values() for one in row.members if one.kind is RowKind.line}
    assert lines == set(_LINES)


@pytest.mark.parametrize("what", sorted(_LINES))
def test_a_line_rings_where_the_table_says_so(what: str, prepared: Path, tmp_path: Path) -> None:
    """As it arrives at a coordinator."""

    async def story(life: Life) -> list[Sent]:
        args = {"what": what, "at": life.now().isoformat(), "day": "2026-11-24", "about": 1}
        args |= {"begins": life.now().isoformat(), "ends": life.now().isoformat()}
        life.change(lambda tx: life.core.queue.to_member(tx, RowKind.line, 3, args=args))
        await life.rest()
        return life.telegram.log

    with living(prepared, tmp_path / "life") as life:
        assert heard(run(life.live(story)), CLARA) is sound_of(RowKind.line, what)


def test_what_can_wait_makes_no_sound_and_what_is_gravest_always_does() -> None:
    """Unless its account has rung a moment ago."""
    calm = {
        (level, night): bool(calm_of(level, night=night, often=False)) for level in Level for night in (True, False)
    }
    assert [one for one, waits in calm.items() if not waits] == [
        *((Level.critical, night) for night in (True, False)),
        (Level.high, False),
    ]
    assert calm_of(Level.critical, night=True, often=True) == {Calm.often}
    assert sound_of(RowKind.ring) is Sound.rings
    assert sound_of(RowKind.ring, calm={Calm.often}) is sound_of(RowKind.ring, calm={Calm.waits}) is Sound.silent
    assert sound_of(RowKind.risen, calm=set(Calm)) is Sound.rings
    assert calm_of(Level.high, night=True, often=False) == {Calm.waits, Calm.night}
    assert calm_of(Level.normal, night=False, often=False) == {Calm.waits}
    assert sound_of(RowKind.outside, "waits", {Calm.waits}) is not Sound.rings
    assert sound_of(RowKind.outside, "yours", {Calm.waits}) is Sound.rings


def test_a_message_without_a_row_is_not_guessed() -> None:
    """It is set aside like all that cannot be done."""
    with pytest.raises(KeyError):
        sound_of("tomorrow")
    with pytest.raises(KeyError):
        sound_of(RowKind.line, "tomorrow")


def test_nobody_else_decides_what_rings() -> None:
    """`silent=` for a member is set in one place, and nothing but the table is asked there."""
    sets = {
        file.relative_to(BOT).as_posix()
        for file in BOT.rglob("*.py")
        if "silent" in (text := file.read_text())
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and any(one.arg == "silent" for one in call.keywords)
    }
    known = {"delivery/kinds/to_members.py", "delivery/carrier.py", "telegram/door.py"}
    assert {one for one in sets if one.startswith(("delivery/", "telegram/", "member/"))} - known == set()


def test_the_page_is_what_the_table_gives() -> None:
    """After a change of it: `make rings`."""
    assert PAGE.read_text() == page()
    assert all(row.happens in page() for row in TABLE.values())


def test_the_cases_of_these_stories_are_what_they_seem(prepared: Path, tmp_path: Path) -> None:
    """So that no walk above goes past what it is about."""

    async def story(life: Life) -> list[type]:
        await called(life, PERSON)
        await asks(life, "held, no way")
        found = [type(case_of(life))]
        await life.press(AIGUL, "Взять в работу")
        await life.rest()
        return [*found, type(case_of(life))]

    with living(prepared, tmp_path / "life") as life:
        assert run(life.live(story)) == [Waiting, Claimed]
