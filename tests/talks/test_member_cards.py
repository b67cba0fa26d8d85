"""Every card of a member's chat on the smallest phone: it is in sight as a whole, and no label of a button is cut.

Cards are gathered from whole nights of a lawyer and a coordinator, and drawn at edges that no night reaches.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import msgspec
import pytest

from bot.member.alerts import muted_card
from bot.member.closing import OUTCOMES
from bot.member.lines import _LINES, _NOTICES
from bot.speech import phone
from bot.speech.outgoing import Card, Look
from bot.speech.texts import both, coordinator, member, seeker
from flows.alert import Told
from flows.clocks import Deadline
from flows.facts import Change, Facts, Reminder
from flows.model import Flow, Level, OptionId, QuestionId, Reason
from storage import suspending
from storage.case import Claimed
from storage.record import Entry, EntryKind
from storage.rotas import RotaText
from storage.sealing import age
from storage.tx import Reading, Tx
from tests.talks.talks import Talks, talks, urgent
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, DINA, PERSON = 201, 202, 301, 203, 900
MANY = 40 if WHOLE else 18
# English takes the same ways as the other two, and its texts are shorter; in `make both` it is measured, too.
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk", *(["en"] if WHOLE else [])])
NAMES = ("Aleksandra Konstantinova", "Нұрсұлтан Әбілқайыров", *(f"Lawyer of Atyrau {number}" for number in range(20)))


@dataclass
class Gallery:
    """Every card that has stood in a member's chat. `theirs`: what people wrote stands in them, and is shown whole."""

    language: str
    cards: list[Card] = field(default_factory=list)

    def too_much(self) -> list[str]:
        """What does not fit: the card by its first line, its height, the labels that are cut."""
        found = {}
        for card in self.cards:
            height, cut = phone.height(card), phone.cut(card)
            theirs = any(mark.look is Look.code and mark.length > len("K7Q4-F2MX") for mark in card.marks)
            if (height > phone.SMALLEST.chat and not theirs) or cut:
                labels = [button.text for row in card.rows for button in row]
                found[card.text, height] = (
                    f"{height:.0f} of {phone.SMALLEST.chat:.0f}: {card.text!r} {labels} cut: {cut}"
                )
        return sorted(found.values(), reverse=True)


def gathered(talks: Talks, language: str, monkeypatch: pytest.MonkeyPatch) -> Gallery:
    """Members speak this language, whatever their chats show from here on is kept, and no case has a wider code."""
    codes = ("".join((*letters[:4], "-", *letters[4:])) for letters in itertools.product("WM", repeat=8))
    monkeypatch.setattr("storage.chain.new_code", lambda: next(codes))
    gallery, put, edit = Gallery(language), Talks._put, Talks._edit

    def put_too(self: Talks, chat: int, card: Card | None, **more: object) -> int:
        gallery.cards += [card] if card is not None and chat < PERSON else []
        return put(self, chat, card, **more)  # type: ignore[arg-type]

    def edit_too(self: Talks, chat: int, message: int, card: Card) -> None:
        gallery.cards += [card] if chat < PERSON else []
        edit(self, chat, message, card)

    monkeypatch.setattr(Talks, "_put", put_too)
    monkeypatch.setattr(Talks, "_edit", edit_too)
    for one in talks.change(talks.core.members.all):
        talks.change(
            lambda tx, one=one: talks.core.members.set_about(
                tx, one, languages=[language], regions=(), email=None, push=None
            )
        )
    return gallery


def said(talks: Talks, language: str, text: str) -> str:
    """A text as members read it."""
    return talks.pana.words.text(language, text)


def parted(talks: Talks, person: int) -> None:
    """Boris has their case, and they have deleted everything."""
    urgent(talks, person)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.say(person, "/delete")
    talks.press(person, said(talks, "ru", seeker.DELETE_YES))


def worst(flow: Flow, language: str, level: Level = Level.critical) -> Facts:
    """All that an alert can say at once, in the longest words."""

    def longest(question: str | None) -> str | None:
        asked = next((one for one in flow.questions if one.id == question), None)
        return max(asked.options, key=lambda option: len(option.label[language])).id if asked else None

    rules = sorted(flow.rules, key=lambda rule: -len(rule.reason.get(language, "")))
    clock, other = sorted(flow.clocks, key=lambda clock: -len(clock.event[language]) if clock.pages else 0)[:2]
    lines, papers = flow.alert, flow.alert.papers or ""
    asked = [one for one in (lines.writes, *lines.where, *lines.threat, *lines.help) if one is not None]
    told = [Told(one, (OptionId(longest(one) or ""),)) for one in asked]
    told.append(Told(QuestionId(papers), tuple(option.id for option in flow.question(papers).options[2:])))
    first = next(one for one in flow.questions if len(one.options) > 3)
    because = tuple((first.id, option.id) for option in first.options[:3])
    return Facts(
        level=level,
        reasons=tuple(Reason(rule.id, because) for rule in rules),
        region=longest(flow.region),
        language="kk",
        asked_urgent=True,
        contact=longest(flow.contact),
        quiet=True,
        told=tuple(told),
        running=(
            Deadline(clock.id, date(2026, 11, 24), date(2026, 12, 24), datetime(2026, 12, 24, 22)),  # noqa: DTZ001
            Deadline(other.id, date(2026, 11, 24), date(2026, 12, 20)),
        ),
    )


def waiting(talks: Talks, numbers: Sequence[int], facts: Facts) -> None:
    """Cases that wait with these facts, all at once."""
    cases, revision, look_up = talks.core.cases, talks.pana.questionnaires.current.revision, talks.core.ring.look_up

    def change(tx: Tx) -> None:
        for number in numbers:
            known = look_up("telegram", number)
            case = cases.chain.open(tx, chat_id=number, look_up=known, language="ru", revision=revision)
            talks.core.calls.call(tx, case, facts)

    talks.change(change)
    talks.deliver()


class Night:
    """A member's chat that is driven by the texts of its buttons."""

    def __init__(self, talks: Talks, language: str) -> None:
        self.talks, self.language = talks, language

    def press(self, chat: int, *texts: str) -> None:
        """One button after another."""
        for text in texts:
            self.talks.press(chat, said(self.talks, self.language, text))

    def lawyers(self) -> None:
        """Taken, written, asked, answered, offered, closed, undone; and passed."""
        talks = self.talks
        urgent(talks, PERSON)
        self.grow()
        code = talks.case().code
        talks.pass_by(minutes=3)
        self.press(BORIS, member.TAKE)
        self.press(BORIS, member.WRITE, both.CANCEL, member.WRITE, member.PHRASE_LAWYER)
        self.press(BORIS, member.WRITE)
        talks.say(BORIS, "неверно")
        talks.say(BORIS, self.check_word())
        self.press(BORIS, member.NOTE)
        talks.say(BORIS, "x" * 3000)
        talks.say(BORIS, "Жена звонит по вечерам. " * 10)
        self.press(BORIS, member.NOTE_SAVE, member.NOTE, both.CANCEL)
        for begun, instead in ((member.NOTE, member.WRITE), (member.WRITE, member.NOTE)):
            self.press(BORIS, begun)
            talks.say(BORIS, "Жена звонит по вечерам.")
            self.press(BORIS, instead)
        self.press(BORIS, member.WRITE)
        talks.say(BORIS, "x" * 3000)
        talks.say(BORIS, "Где вас держат? " * 20)
        self.press(BORIS, member.SEND_MESSAGE)
        talks.pass_by(minutes=14)
        self.press(BORIS, member.ACTING, member.HAND_OVER)
        talks.press(BORIS, "Aigul")
        self.press(AIGUL, member.DECLINE)
        talks.press(PERSON, "Показать")
        talks.say(PERSON, "застава Маштаково, Уральский погранотряд")
        talks.say(BORIS, "/cases")
        self.press(BORIS, member.HAND_OVER)
        talks.press(BORIS, "Aigul")
        self.press(AIGUL, member.ACCEPT, member.WRITE)
        talks.press(AIGUL, list(talks.chats[AIGUL].values())[-1].labels[0])
        talks.press(PERSON, "Показать")
        talks.pass_by(hours=73)
        for outcome in OUTCOMES.values():
            self.press(AIGUL, member.CLOSE, outcome, both.CANCEL)
        self.press(AIGUL, member.CLOSE, member.OUTCOME_FALSE_ALARM, member.CLOSE_YES, member.UNDO)
        self.press(AIGUL, member.GIVE_BACK)
        self.press(BORIS, member.TAKE, member.GIVE_BACK, member.PASS_TIME)
        parted(talks, PERSON + 1)
        self.press(BORIS, member.PARTED_CLOSE, both.CANCEL, member.PARTED_CLOSE, member.PARTED_YES)
        for said_to_all in (
            "/help",
            "/lostword",
            "/lostword aaa",
            "/lostword три синих чайника 5",
            "/oncall",
            "/oncall swap",
            "/oncall until x",
            "/cases",
            "/nothing",
            f"/take {code}x",
        ):
            talks.say(AIGUL, said_to_all)

    def coordinators(self) -> None:
        """Nobody takes it; the queue part by part, whom to call, who is stopped."""
        talks = self.talks
        for some in (range(5), range(5, 6), range(6, MANY)):
            waiting(talks, [5000 + one for one in some], worst(talks.pana.questionnaires.current, self.language))
        for number in range(7000, 7003):
            parted(talks, number)
        talks.say(CLARA, "/queue")
        for number in range(3):
            urgent(talks, 6000 + number, None)
        for _ in range(4):  # each ladder has been climbed, and coordinators know it
            talks.at += timedelta(minutes=3)
            talks.tick()
        talks.say(CLARA, "/queue")
        for _ in range(12):
            self.press_first(CLARA, member.MORE_OF_LIST)
        self.press(CLARA, member.LIST_SILENT_SHOW, coordinator.TO_QUEUE)
        talks.press(CLARA, talks.labels(CLARA)[0])
        self.press(CLARA, coordinator.CALL_ALL, coordinator.TO_QUEUE, coordinator.TO_DUTY, coordinator.REFRESH)
        for chat in (AIGUL, BORIS):
            for _ in range(12):
                self.press_first(chat, member.MORE_OF_LIST)
            self.press(chat, member.LIST_SILENT_SHOW)
        for command in ("/oncall", "/help", "/suspend Boris", "/suspend nobody"):
            talks.say(CLARA, command)

    def lists(self) -> list[Card]:
        """What a lawyer's list has looked like on its way to what waits now: with every number of cases."""
        core, listed = self.talks.core, self.talks.pana.member.alerts.listed

        def draw(tx: Reading) -> list[Card]:
            boris, waits = core.members.by_name(tx, "Boris"), core.cases.waiting(tx)
            assert boris is not None
            return [listed(tx, boris, waits[: number + 1]) for number in range(len(waits))]

        return core.database.read(draw, at=self.talks.at)

    def press_first(self, chat: int, text: str) -> None:
        """A button whose label begins like a text with a number in it, if there is one."""
        begins = said(self.talks, self.language, text).partition("%")[0]
        if any(label.startswith(begins) for label in self.talks.labels(chat)):
            self.talks.press(chat, begins)

    def grow(self) -> None:
        """All that an alert can say."""
        calls, cases, row = self.talks.core.calls, self.talks.core.cases, self.talks.case().row
        facts = worst(self.talks.pana.questionnaires.current, self.language)
        reminder = Reminder(self.talks.at + timedelta(hours=30), facts.deadlines[0].clock, facts.deadlines[0].ends)
        facts = msgspec.structs.replace(facts, reminders=(reminder,))
        self.talks.change(lambda tx: calls.bring_up_to_date(tx, cases.get(tx, row), facts))
        self.talks.deliver()

    def check_word(self) -> str:
        """A new one, for who has the newest case."""
        talks, case, words = self.talks, self.talks.case(), list[str]()
        assert isinstance(case, Claimed)

        def entry(word: str, call: str) -> Entry:
            words.append(word)
            return Entry(kind=EntryKind.check, at="2026-11-24", value={"word": word, "call": call})

        talks.change(lambda tx: talks.core.cases.claims.set_check_word(tx, talks.core.cases.get(tx, case.row), entry))
        return words[-1]


@EACH_LANGUAGE
def test_the_night_of_a_lawyer_fits_the_smallest_phone(
    talks: Talks, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first ring to a false alarm that was none."""
    gallery = gathered(talks, language, monkeypatch)
    Night(talks, language).lawyers()
    assert len(gallery.cards) > 40
    assert gallery.too_much() == []


def test_no_card_of_a_lawyers_chat_can_be_forwarded(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one of the case they have no more than any other: only the sealed zip can, which needs a key."""
    gallery = gathered(talks, "ru", monkeypatch)
    Night(talks, "ru").lawyers()
    assert any(
        talks.pana.words.text("ru", member.YOU_TOOK, code=talks.case().code) in one.text for one in gallery.cards
    )
    assert [one.text for one in gallery.cards if not one.protect] == []


@EACH_LANGUAGE
def test_the_night_of_a_coordinator_fits_the_smallest_phone(
    talks: Talks, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many cases that nobody takes, in `make both` forty, and all that can be asked."""
    gallery, night = gathered(talks, language, monkeypatch), Night(talks, language)
    night.coordinators()
    gallery.cards += night.lists()
    assert len(gallery.cards) > 60 + 2 * MANY
    assert gallery.too_much() == []


def colleagues(talks: Talks, language: str) -> None:
    """Many, with long names; the first are on duty, some have never been met."""
    for number, name in enumerate(NAMES):
        talks.change(
            lambda tx, name=name, number=number: talks.core.membership.add(
                tx,
                name=name,
                telegram_id=400 + number,
                role="lawyer",
                languages=[language],
                regions=(),
                recipient=age.recipient_of(age.generate_identity()),
                on_call=number < 4,
                met=number % 2 == 0,
            )
        )


@EACH_LANGUAGE
def test_many_colleagues_fit_the_smallest_phone(talks: Talks, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom to hand over to, whom to ask for a shift, whom to call, who is on call: part by part, names shortened."""
    gallery, night = gathered(talks, language, monkeypatch), Night(talks, language)
    colleagues(talks, language)
    urgent(talks, PERSON)
    talks.pass_by(minutes=1)
    talks.say(CLARA, "/queue")
    talks.press(CLARA, talks.case().code)
    talks.press(CLARA, said(talks, language, coordinator.CALL_ONE).partition("%")[0])
    talks.say(CLARA, "/oncall")
    night.press(BORIS, member.TAKE, member.HAND_OVER)
    for _ in range(5):
        night.press_first(BORIS, member.MORE_OF_LIST)
    boris = talks.change(lambda tx: talks.core.members.by_name(tx, "Boris"))
    assert boris is not None
    begins, ends = talks.at + timedelta(hours=1), talks.at + timedelta(hours=9)
    monkeypatch.setattr(type(talks.core.duty), "shifts_of", lambda *_: [(begins, ends)] * 20)
    talks.say(BORIS, "/oncall")
    talks.say(BORIS, "/oncall swap")
    talks.press(BORIS, talks.pana.member.talk.speech.to_member(boris).shift(begins, ends))
    for _ in range(5):
        night.press_first(BORIS, member.MORE_OF_LIST)
    talks.press(BORIS, "Lawyer of Atyrau")
    assert len(gallery.cards) > 20
    assert gallery.too_much() == []


@EACH_LANGUAGE
def test_what_no_night_reaches_fits_the_smallest_phone(talks: Talks, language: str) -> None:
    """Claims in every state with all that an alert can say, each deadline, each line, questions among coordinators."""
    gallery, wing, flow = Gallery(language), talks.pana.member, talks.pana.questionnaires.current
    cards = wing.alerts.claim_cards
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")
    case = talks.case()
    assert isinstance(case, Claimed)
    facts = worst(flow, language)

    def draw(tx: object) -> None:
        claimer = replace(talks.core.members.get(tx, case.claim.by), languages=(language,))  # type: ignore[arg-type]
        clara = replace(talks.core.members.by_name(tx, "Clara"), languages=(language,))  # type: ignore[arg-type,type-var]
        grown = replace(case, handoff=replace(case.handoff, facts=facts))
        long = case.handoff.lease_until
        for checked, contacted, told in itertools.product((False, True), (False, True), range(5)):
            claim = replace(grown.claim, checked=checked, contacted_at=talks.at if contacted else None)
            held = replace(grown, claim=claim, handoff=replace(grown.handoff, lease_until=None if contacted else long))
            states = (
                {"sent": 0},
                {"sent": 1},
                {"sent": 1, "missed": 1},
                {"sent": 1, "unreached_at": talks.at},
                {"seen": 1},
            )
            talks.core.contacts.set(tx, case.row, **states[told])  # type: ignore[arg-type]
            gallery.cards += [
                cards.taken(tx, held, claimer),  # type: ignore[arg-type]
                cards.ask(tx, held, claimer),  # type: ignore[arg-type]
                cards.quiet(held, claimer),
                cards.unreached(tx, held, claimer),  # type: ignore[arg-type]
                cards.ending(claimer, held, {"day": "2026-12-24"}),
                wing.alerts.offer(tx, held, claimer),  # type: ignore[arg-type]
                wing.talk.claims.handing_over._compare(held, claimer, replace(clara, name="N" * 24)),  # type: ignore[arg-type]
            ]
        graver = wing.alerts.graver_cards
        for called in (None, talks.at):
            new = Change(
                at=talks.at,
                reasons=tuple(facts.reasons[:5]),
                due_at=talks.at,
                called_at=called,
                called=(1, 2) if called else (),
                coordinators=2,
            )
            gallery.cards += [graver.for_claimer(tx, grown, claimer, new), graver.for_others(tx, grown, clara, new)]  # type: ignore[arg-type]
        for clock in flow.clocks:
            gallery.cards.append(cards.remind(tx, case, claimer, clock.id, date(2026, 12, 24)))  # type: ignore[arg-type]
        args = {"about": case.claim.by, "at": "2026-11-24T23:00:00+00:00", "day": "2026-12-24", "count": 1234}
        args |= {"begins": "2026-11-24T23:00:00+00:00", "ends": "2026-11-25T23:00:00+00:00"}
        for what in _LINES:
            gallery.cards.append(wing.lines.line(tx, clara, case, {"what": what, **args}))  # type: ignore[arg-type]
        for kind in _NOTICES:
            gallery.cards.append(wing.lines.notice(clara, case, kind))
        gallery.cards += [wing.lines.reach(claimer), cards.opens(case, claimer)]
        coordinators = wing.coordinators
        gallery.cards += [coordinators.silent_card(tx, clara, case)]  # type: ignore[arg-type]
        gallery.cards += [muted_card(wing.lines.speech.to_member(clara), case.code)]
        suspending.keep(tx, case.claim.by, clara.id, waits=True)  # type: ignore[arg-type]
        asks = coordinators.suspending.card(tx, clara, case.claim.by)  # type: ignore[arg-type]
        rota = RotaText(sha256="0" * 64, text=b"", at=talks.at)
        gallery.cards += [asks] if asks else []
        gallery.cards += [coordinators.rota.card(clara, rota, why) for why in ("cover", "half")]

    talks.change(draw)
    assert len(gallery.cards) > 100
    assert gallery.too_much() == []
