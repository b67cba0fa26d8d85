"""Somebody who walks through a story, and what it costs them: taps, characters to read, and how often phones ring."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.due_work import Work
from bot.speech.incoming import What
from bot.speech.texts import seeker as texts
from bot.speech.words import Words
from flows.model import Flow, Form, Question
from tests.talks.talks import Message, Talks
from tests.talks.waiting import waits

AIGUL, BORIS, CLARA, DINA = 201, 202, 301, 203
MEMBERS: Mapping[str, int] = {"Aigul": AIGUL, "Boris": BORIS, "Clara": CLARA, "Dina": DINA}
MOMENT = timedelta(minutes=1)
LAWYERS = (AIGUL, BORIS, DINA)
BEGINS: Mapping[str, str] = {"ru": "1. Русский", "kk": "2. Қазақша"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a part of a story has cost so far. `read`: characters of texts; `labels`: those of buttons."""

    taps: int = 0
    read: int = 0
    labels: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.taps + other.taps, self.read + other.read, self.labels + other.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """What a story may cost at most. What is None is not laid down; a phone that is not named under `rings` is silent.

    `to_alert`: taps with /start, and characters of texts and labels before the last of them. `to_offer`: characters of
    texts up to the offer to stop, which is among them.
    """

    taps: int
    read: int
    to_alert: tuple[int, int] | None = None
    to_offer: int | None = None
    rings: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Walker:
    """A person at a phone, in one language. Whatever changes in their chat at a step is read by them."""

    talks: Talks
    chat: int
    language: str
    cost: Cost = Cost()
    to_alert: Cost | None = None
    to_offer: Cost | None = None

    # --- what they do ---

    def says(self, *said: str, again: bool = False) -> None:
        """One text after another."""
        for one in said:
            before = self._shown()
            self.talks.say(self.chat, one, again=again)
            self._reads(before)

    def begins(self, way: str = texts.URGENT) -> None:
        """From /start over the consent to the first question."""
        self.says("/start")
        self.presses(BEGINS[self.language], way)

    def answers(self, **answers: str) -> None:
        """The buttons of these questions, in this order."""
        for question, option in answers.items():
            self.chooses(question, option)

    def pushes(self, data: str, message: int) -> None:
        """A button as it stood on a card some time ago."""
        before = self._shown()
        self.talks.push(self.chat, data, message)
        self._reads(before)

    def presses(self, *labels: str) -> None:
        """One button after another, by the source of its text or by the label itself."""
        for label in labels:
            before = self._shown()
            self.talks.press(self.chat, self.words(label))
            self._reads(before)

    def goes_on(self) -> None:
        """Whatever is asked: the first answer; of a day the button for not knowing; else a few words."""
        labels, first = self.labels, [one for one in self.labels if one.startswith(("1. ", "1✓"))]
        if first:
            self.presses(first[0])
            if self.words(texts.DONE) in self.labels:  # several are possible
                self.presses(texts.DONE)
        elif self.words(texts.DO_NOT_KNOW) in labels:
            self.presses(texts.DO_NOT_KNOW)
        else:
            self.says(f"немного слов, {self.cost.taps}")

    def sends(self, what: What, text: str = "") -> None:
        """Something that is no text."""
        before = self._shown()
        self.talks.send(self.chat, what, text)
        self._reads(before)

    def comes_back(self) -> None:
        """The phone has told of news, and of nothing else; it is opened."""
        newest = self._messages()[-1]
        assert (newest.text, newest.rang) == (self.words(texts.NEW_MESSAGE), True)
        self.presses(texts.SHOW)

    def waits(self, **time: float) -> None:
        """What comes meanwhile is read."""
        until, step = self.talks.at + timedelta(**time), max(MOMENT / 2, timedelta(**time) / 120)
        while self.talks.at < until:
            before = self._shown()
            self.talks.at = _first_that_is_due(self.talks, step, until)
            self.talks.tick()
            _does_what_is_due(self.talks)
            self._reads(before, taps=0)

    def meanwhile(self) -> "_Meanwhile":
        """What others do inside of it changes this chat too, and is read."""
        return _Meanwhile(self)

    def chooses(self, question: str, option: str) -> None:
        """The button of an answer, on whichever page of the list it stands."""
        self.sees_question(question)
        label = self.option(question, option)
        for _ in range(12):
            if any(label in one for one in self.labels):
                self.presses(label)
                return
            self.presses(self.words(texts.MORE_ANSWERS, num=0).partition("0")[0])
        raise AssertionError(f"no page has {label!r}")

    # --- what they see ---

    @property
    def text(self) -> str:
        """The newest message; nothing in an empty chat."""
        return next((one.text for one in reversed(self._messages())), "")

    @property
    def seen(self) -> str:
        """All that stands in the chat."""
        return self.talks.seen(self.chat)

    @property
    def labels(self) -> list[str]:
        """Every button of the chat."""
        return self.talks.labels(self.chat)

    @property
    def flow(self) -> Flow:
        """The questionnaire."""
        return self.talks.pana.questionnaires.current

    def words(self, text: str, **values: object) -> str:
        """A text of the bot as this person reads it."""
        found: Words = self.talks.pana.words
        return found.text(self.language, text, **values)

    def question(self, question: str) -> Question:
        """By its id."""
        return next(one for one in self.flow.questions if one.id == question)

    def asks(self, question: str) -> bool:
        """It is open on the card, in whichever form."""
        return any(form[self.language] in self.seen for form in _forms(self.question(question)))

    def sees_question(self, question: str) -> None:
        """It is the open one."""
        assert self.asks(question), (question, self.seen)

    def sees_form(self, question: str, form: Form) -> None:
        """It is the open one, in this form."""
        assert self.question(question).text.of(form)[self.language] in self.seen, self.seen

    def sees(self, text: str, **values: str) -> None:
        """These words of the bot stand in the chat; values that are not given may be anything."""
        assert self.is_told(text, **values), (self.words(text, **values), self.seen)

    def is_told(self, text: str, **values: str) -> bool:
        """Whether the unchanging parts of a text stand in the chat."""
        names = dict.fromkeys(("time", "code", "words", "num", "example", "date", "name", "key"), "\0") | values
        return all(part in self.seen for part in self.words(text, **names).split("\0"))

    @property
    def rung(self) -> int:
        """How often this phone has rung."""
        return self.talks.rung(self.chat)

    def option(self, question: str, option: str, language: str | None = None) -> str:
        """The label of an answer, in one's own language where none is named."""
        found = self.question(question).option(option)
        assert found is not None
        return found.label[language or self.language]

    def span(self, question: str, number: int) -> str:
        """The label of a button of a date."""
        return self.question(question).spans[number].label[self.language]

    # --- what it costs ---

    def rings(self) -> dict[str, int]:
        """How often each phone has rung so far, this one among them."""
        here = {} if self.chat in MEMBERS.values() else {"person": self.chat}
        found = {name: self.talks.rung(chat) for name, chat in {**MEMBERS, **here}.items()}
        return {name: rung for name, rung in found.items() if rung}

    def costs(self, most: Most) -> Cost:
        """At most that; what it did cost."""
        cost = self.cost
        assert (cost.taps <= most.taps, cost.read <= most.read) == (True, True), cost
        for name, rung in self.rings().items():
            assert rung <= most.rings.get(name, 0), (name, self.rings())
        if most.to_alert is not None:
            taps, characters = most.to_alert
            assert self.to_alert is not None
            assert self.to_alert.taps <= taps, self.to_alert
            assert self.to_alert.read + self.to_alert.labels <= characters, self.to_alert
        if most.to_offer is not None:
            assert self.to_offer is not None
            assert self.to_offer.read <= most.to_offer, self.to_offer
        return cost

    def _shown(self) -> dict[int, tuple[str, tuple[str, ...]]]:
        return {one.id: (one.text, tuple(one.labels)) for one in self._messages()}

    def _messages(self) -> list[Message]:
        return list(self.talks.chats.get(self.chat, {}).values())

    def _reads(self, before: dict[int, tuple[str, tuple[str, ...]]], *, taps: int = 1) -> None:
        drawn = [shown for number, shown in self._shown().items() if before.get(number) != shown]
        if self.to_alert is None and self.talks.rung(*LAWYERS):
            self.to_alert = self.cost + Cost(taps)
        read = sum(len(text) for text, _ in drawn) + (len(self.talks.toast or "") if taps else 0)
        self.cost += Cost(taps, read, sum(len(label) for _, labels in drawn for label in labels))
        if self.to_offer is None and any(self.asks(one) for one in self.flow.offers):
            self.to_offer = self.cost


def sends_the_rest(person: Walker) -> None:
    """Somebody who has said that they are not safe, and why, answers the questions after that, and sends them."""
    person.presses(texts.SKIP)
    person.chooses("q07", "north")
    person.chooses("q10", "nothing")
    person.presses(texts.DONE)
    person.chooses("q15", "none")
    person.presses(person.span("q18", 1))
    person.answers(q19="checkpoint_foreign", q23="none", q27="likely", more="stop")
    person.presses(texts.SEND)


@dataclass(slots=True)
class _Meanwhile:
    walker: Walker
    before: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def __enter__(self) -> None:
        self.before = self.walker._shown()

    def __exit__(self, *_: object) -> None:
        self.walker._reads(self.before, taps=0)


def _forms(question: Question) -> tuple[Mapping[str, str], ...]:
    return (question.text.self_, question.text.other, question.text.open)


def _first_that_is_due(talks: Talks, step: timedelta, until: datetime) -> datetime:
    """The first step at which anything is to be done, the last at the latest. What is due once is due until it is done.

    Most steps need not be taken.
    """
    due, database, begins = talks.pana.due, talks.core.database, talks.at
    works = (due.calls, due.handoffs, *_besides(talks))

    def is_due(number: int) -> bool:
        at = begins + step * number
        return any(waits(database, at)) or _is_time_for(talks, works, at)

    steps = range(1, -(-(until - begins) // step))  # without the last
    number = 0 if steps and is_due(1) else bisect_left(steps, True, key=is_due)
    return min(until, begins + step * (number + 1))


def _besides(talks: Talks) -> tuple[Work, ...]:
    return *talks.pana.due.shown, talks.pana.due.renew, *talks.pana.due.destroys


def _is_time_for(talks: Talks, works: Sequence[Work], at: datetime) -> bool:
    return talks.core.database.read(lambda tx: any(work.rows(tx) for work in works), at=at)


def _does_what_is_due(talks: Talks) -> None:
    """What a running bot does besides the ladder: cards that show too much are veiled, what has run out goes."""
    works = _besides(talks)
    for work in works if _is_time_for(talks, works, talks.at) else ():
        for row in talks.change(work.rows):
            shown = talks.change(partial(work.do, row=row))
            if shown is not None:
                talks._show(*shown)
    talks.change(talks.pana.due.forget)
    talks.deliver()


@dataclass(slots=True)
class Table:
    """What every story has cost, one line each."""

    rows: list[tuple[str, Walker, Most]] = field(default_factory=list)

    def add(self, story: str, walker: Walker, most: Most) -> None:
        """A story has ended: it has cost no more than it may."""
        walker.costs(most)
        self.rows.append((story, walker, most))

    def __str__(self) -> str:
        head = ("story", "", "taps", "texts", "labels", "to the alert", "to the offer", "rings")
        lines = [head, *(_row(*row) for row in self.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
        return "\n".join("  ".join(one.ljust(width) for one, width in zip(line, widths, strict=True)) for line in lines)


def _row(story: str, walker: Walker, most: Most) -> tuple[str, ...]:
    cost, alert, offer = walker.cost, walker.to_alert, walker.to_offer
    return (
        story,
        walker.language,
        f"{cost.taps} of {most.taps}",
        f"{cost.read} of {most.read}",
        str(cost.labels),
        f"{alert.taps}: {alert.read} + {alert.labels}" if alert else "-",
        f"{offer.taps}: {offer.read} + {offer.labels}" if offer else "-",
        ", ".join(f"{name} {rung} of {most.rings[name]}" for name, rung in walker.rings().items()) or "-",
    )
