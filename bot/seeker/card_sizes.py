"""Every card of the seeker's chat, drawn in every language and state, and measured on the smallest phones.

`pana flow cards` prints the table. `pana flow check` refuses a questionnaire with a card that is too tall, with a label
that is cut, or with an answer out of sight where one has to be chosen.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

from msgspec import structs

from bot.handoff.status import Say
from bot.seeker.advice import advice_text
from bot.seeker.beside import Beside
from bot.seeker.cards import SeekerCards
from bot.seeker.from_lawyer import MOST_SHOWN, Letters
from bot.seeker.question_card import QuestionCards
from bot.seeker.request_card import OfCase, of_case, of_status
from bot.seeker.status import TEXTS, State
from bot.seeker.typed import TRUST
from bot.speech import phone
from bot.speech.outgoing import Card
from bot.speech.presses import Ended
from bot.speech.reader import Reader, Speech
from bot.speech.texts import both
from bot.speech.texts import seeker as texts
from bot.speech.words import Words
from flows.facts import Facts
from flows.model import (
    GO_ON,
    Answer,
    Answers,
    Chosen,
    Dated,
    Flow,
    Intake,
    Level,
    Option,
    OptionId,
    Question,
    QuestionId,
    Skipped,
)
from flows.place import Place
from flows.said.resolve import MOST_OFFERED
from storage.case import Case, Claim, Claimed, Handed, Handoff, Waiting
from storage.intakes import OpenIntake
from storage.sealing.keyring import KeyRing

_NOW = datetime(2026, 11, 26, 23, 45, tzinfo=UTC)  # no time of day is wider
_CODE = "MMMM-WWWW"
# Sentences that stand together on the card of a sent request (bot/handoff/status.py), the longest of each kind.
_WAITING = (
    (Say.told, Say.told, Say.coordinators_told, Say.lapsed, Say.go_on, Say.more),
    (Say.told, Say.coordinators_told, Say.untaken, Say.go_on, Say.coordinators_at),
    (Say.told, Say.returned, Say.passed, Say.coordinators_next),
    (Say.nobody, Say.coordinators_told),
    (Say.calling, Say.coordinators_at),
    (Say.told, Say.untaken, Say.morning),
    (Say.listed,),
    (Say.looked_at,),
    (Say.unseen,),
)
_CLAIMED = (
    (Say.taken, Say.wait_here, Say.lease),
    (Say.taken, Say.claimer_gone, Say.lease_alone),
    (Say.taken, Say.reached),
)
_NOBODY = ((Say.returned, Say.passed, Say.coordinators_next), (Say.untaken, Say.morning), (Say.unseen,))
# What is said once, before there is a case and after; beside it, that a file was not taken, or what became of others.
_BEFORE = (
    *(texts.NO_OPTION, texts.NO_DATE, texts.FUTURE, texts.EMPTY, texts.NOT_ASKED, texts.NOT_TOGETHER, texts.NOT_KEPT),
    *(texts.TERM, texts.EARLIER, texts.NOT_CORRECTED, texts.STATUS_OPEN, texts.NOT_YET, texts.REST_NOT_KEPT),
    *(texts.CHOOSE_BELOW, texts.URGENT_HINT, texts.WORDS_NOT_KEPT, *TRUST.values()),
)
_SAID = (
    *(texts.SAVED, texts.KEPT, texts.KEPT_NOT_TOGETHER, texts.KEPT_NO_DATE, texts.KEPT_FUTURE, texts.KEPT_EARLIER),
    *(texts.ADDED, texts.CAME_TWICE, texts.KEPT_TERM),
)
_ALONE = (
    *(texts.NOTHING_TICKED, texts.NOT_SKIPPABLE, texts.CORRECTED, texts.TEXT_STAYS, texts.TEXT_COUNTS, both.AGAIN),
    *(texts.ENDS, texts.OTHER_HIDDEN, texts.OPEN_AGAIN, texts.THIS_CODE, texts.CALL_STAYS, texts.NO_HURRY),
    texts.NOBODY_IS_CALLED,
)
_BESIDE = (texts.ONLY_TEXT, texts.NO_SUCH_CODE, texts.NO_FILES, texts.NO_VIDEO, texts.TOO_LARGE, texts.FULL)
NOTICES = frozenset((*_BEFORE, *_SAID, *_ALONE, *_BESIDE, texts.DATE_READ))  # every one is measured
_FILES = (texts.FILES_SAVED, texts.FILES_LOST, texts.FILES_LARGE)
_DAYS = "26 сентября 2026 г. – 27 сентября 2026 г."
_VALUES = {"example": "26.11.2026", "time": "26.11, 23:45", "date": _DAYS, "code": _CODE}
_AT_FIRST = {"nothing sent", "urgent", "called"}
_LETTERS = (
    Letters(),
    Letters(waits=True),
    Letters(opened=(("слово " * (MOST_SHOWN // 6)).strip(),), waits=True, missed=True, asks=True),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card, and what it is called in the table. `answers`: so many must be in sight. `asked`: its question."""

    name: str
    language: str
    card: Card = field(repr=False)
    answers: int = 0
    asked: QuestionId | None = None

    def problems(self, on: phone.Phone = phone.SMALLEST) -> Iterator[str]:
        """What of it cannot be seen."""
        tall = phone.height(self.card, on) - on.chat
        if tall > 0:
            yield f"{self.name} ({self.language}): {tall:.0f} px too tall for a phone of {on.width}x{on.height}"
        seen = sum(button.text[0].isdigit() for row in self.card.rows for button in row)
        if seen < self.answers:
            yield f"{self.name} ({self.language}): {self.answers - seen} of {self.answers} answers are out of sight"
        for label in phone.cut(self.card, on):
            yield f"{self.name} ({self.language}): the button is cut: {label}"


@dataclass(frozen=True, slots=True)
class _Notices:
    """The tallest that can stand on a question's card, of one language: before there is a case, and after."""

    first: str
    later: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Draws for one questionnaire and place."""

    flow: Flow
    place: Place
    words: Words
    ring: KeyRing = field(repr=False)

    @property
    def speech(self) -> Speech:
        """Texts and buttons of nobody's chat."""
        return Speech(ring=self.ring, words=self.words, place=self.place)

    def questions(self) -> Iterator[Drawn]:
        """Every question in every state, and the summary of all of them."""
        for language in self.place.languages:
            reader = self.speech.to(0, language)
            notices = _Notices(
                first=self._tallest_notice(reader, (*_BEFORE, *_SAID, texts.DATE_READ), _ALONE),
                later=self._tallest_notice(reader, (*_SAID, texts.DATE_READ), _ALONE),
            )
            for question in (*self.flow.questions, None):
                yield from self._question(question, language, notices)

    def _question(self, question: Question | None, language: str, notices: _Notices) -> Iterator[Drawn]:
        cards, asked = QuestionCards(speech=self.speech), question.id if question is not None else None
        for subject in self._subjects(question):
            intake = self._intake(language, asked, subject)
            for name, changed, case, beside in self._states(intake, notices):
                card = cards.of_intake(self.flow, changed, case, beside)
                must = question is not None and not question.skippable and name in _AT_FIRST
                answers = len(question.options) if question is not None and must else 0
                yield Drawn(f"{asked or 'summary'}, {name}", language, card, answers, asked)

    def others(self) -> Iterator[Drawn]:
        """First contact, the request that was sent, what is neutral, and what is asked before something grave."""
        cards = SeekerCards(speech=self.speech, languages=self.place.languages)
        yield Drawn("language", "all", cards.choose_language(0, texts.LOST))
        for language in self.place.languages:
            for name, card in self._plain(cards, language):
                yield Drawn(name, language, card)
            for name, card in self._sent(language):
                yield Drawn(name, language, card)

    # --- parts ---

    def _plain(self, cards: SeekerCards, language: str) -> Iterator[tuple[str, Card]]:
        reader = self.speech.to(0, language)
        yield "consent", cards.consent(0, language)
        for answer in (texts.CONSENT_HOW, texts.CONSENT_WHO, texts.CONSENT_FREE, texts.CONSENT_DATA):
            yield "consent, answered", cards.consent(0, language, answer)
        yield "left", cards.left(0, language)
        yield "erased", cards.erased(0, language)
        yield "joined", cards.joined(0, language)
        yield "ping", cards.ping(0, language)
        yield "rests", cards.rests(0, language)
        yield "closed", cards.closed(0, language)
        yield "goodbye", cards.goodbye(0, language, Ended.expired)
        yield "expired", cards.expired(0, language)
        left = reader.plural(texts.LEFT_OVER, 12)
        for hidden in (texts.HIDDEN, texts.HIDDEN_UNSENT, texts.HIDDEN_JOINED, texts.LEFT):
            yield "hidden", cards.hidden(0, language, f"{self._filled(reader, hidden)} {left}")
        yield "delete?", cards.confirm_delete(0, language)
        yield "delete?, also from the lawyer", cards.confirm_delete(0, language, lawyer=True)
        yield "delete?, asked twice", cards.confirm_delete(0, language, lawyer=True, how=True)
        yield "help", cards.help(0, language)
        intake = self._intake(language, self.flow.danger, None)
        for said in (*_WAITING, *_CLAIMED):
            state = State(self._status(reader, self._claimed(language), said), self._advice(language))
            yield (
                f"/status, {said[0].value}",
                of_status(reader, intake, state, withdraws=said not in _CLAIMED),
            )
        yield "withdraw?", cards.confirm_withdrawal(intake)

    def _sent(self, language: str) -> Iterator[tuple[str, Card]]:
        reader = self.speech.to(0, language)
        notices = [
            None,
            self._tallest_notice(
                reader,
                (texts.ADDED,),
                (
                    *(texts.EMPTY, texts.CORRECTED, both.AGAIN, texts.OTHER_HIDDEN, texts.OPEN_AGAIN, texts.THIS_CODE),
                    texts.CALL_STAYS,
                ),
            ),
        ]
        cases: list[tuple[Handed, Sequence[Say]]] = [(self._waiting(language), one) for one in _WAITING]
        cases += [(self._claimed(language), one) for one in _CLAIMED]
        for case, said in cases:
            for letters, notice in product(_LETTERS, notices):
                state = State(self._status(reader, case, said), self._advice(language))
                shown = OfCase(notice=notice, change=True, code=True, rings=False)
                name = f"sent, {' '.join(one.value for one in said)}"
                yield (
                    name + (", letters" if letters.waits else "") + (", notice" if notice else ""),
                    of_case(reader, case, state, letters, shown),
                )

    def _states(self, intake: OpenIntake, notices: _Notices) -> Iterator[tuple[str, OpenIntake, Case | None, Beside]]:
        language = intake.state.language
        reader, bare = self.speech.to(0, language), Beside(here=_NOW)
        waiting, claimed = self._waiting(language), self._claimed(language)
        yield "nothing sent", intake, None, bare
        for place, one in enumerate(self._options(intake), start=1):
            if one.title:
                yield f"titles from {place}", intake, waiting, replace(bare, around=place, titles=True)
                for letters in _LETTERS[1:]:
                    beside = replace(bare, around=place, titles=True, letters=letters)
                    yield f"titles from {place}, letters", intake, claimed, beside
        nothing = structs.replace(intake.state, answers={})
        yield "urgent", structs.replace(intake, call_due_at=_NOW, state=nothing), None, bare
        doubted = structs.replace(intake, call_due_at=_NOW, state=structs.replace(intake.state, doubted=True))
        yield "asked again, notice", doubted, None, replace(bare, notice=reader.text(texts.KEPT))
        yield "asked again, another notice", doubted, None, replace(bare, notice=reader.text(texts.CHOOSE_BELOW))
        every = tuple(one.id for one in self._options(intake))
        yield "ticked", structs.replace(intake, state=structs.replace(intake.state, ticked=every)), None, bare
        yield "called", intake, waiting, replace(bare, stops=True)
        yield "withdrawn", structs.replace(intake, withdrawn=True), None, bare
        yield "joined", structs.replace(intake, joined=True), waiting, bare
        yield "joined, taken", structs.replace(intake, joined=True), claimed, bare
        for said in _NOBODY:
            yield (
                f"not called ({said[0].value})",
                intake,
                waiting,
                replace(bare, nobody=self._status(reader, waiting, said)),
            )
        for name, case in (("nothing sent", None), ("called", waiting), ("taken", claimed)):
            notice = notices.first if case is None else notices.later
            yield f"{name}, notice", intake, case, replace(bare, notice=notice)
            offered = structs.replace(intake.state, offered=self._longest_offer(intake))
            beside = replace(bare, notice=reader.text(texts.WORDS_NOT_KEPT)) if case is None else bare
            yield f"{name}, offer", structs.replace(intake, state=offered), case, beside
            for letters in _LETTERS if isinstance(case, Claimed) else ():
                yield f"{name}, letters", intake, case, replace(bare, letters=letters)
                yield f"{name}, letters, notice", intake, case, replace(bare, letters=letters, notice=notice)

    def _longest_offer(self, intake: OpenIntake) -> tuple[Answer, ...]:
        """Three answers that may be offered at once, the longest; of a date, days."""
        if not self._options(intake):
            return (Dated(_NOW.date(), _NOW.date(), "exact"),) * MOST_OFFERED
        by_length = sorted(self._options(intake), key=lambda one: len(one.label[intake.state.language]))
        return tuple(Chosen((one.id,)) for one in by_length[-MOST_OFFERED:])

    def _advice(self, language: str) -> str:
        return "\n\n".join(advice_text(self.words, language, one) for one in self.flow.advice)

    def _options(self, intake: OpenIntake) -> Sequence[Option]:
        return self.flow.question(intake.state.asked).options if intake.state.asked is not None else ()

    def _subjects(self, question: Question | None) -> Sequence[OptionId | None]:
        """For whom it is asked: of oneself and of another; None where that is the same, or is not told yet."""
        one_form = question is not None and not question.text.differ
        subjects = [one.id for one in self.flow.question(self.flow.subject).options[:2]]
        openly = question is not None and question.id == self.flow.danger
        return [None] if one_form else [*subjects, *([None] if openly else [])]

    def _intake(self, language: str, asked: QuestionId | None, subject: OptionId | None) -> OpenIntake:
        answers: Answers = {}
        if asked is None:
            answers = {
                one.id: Chosen((one.options[0].id,)) if one.options else Skipped() for one in self.flow.questions
            }
        if subject is not None:
            answers = {**answers, self.flow.subject: Chosen((subject,))}
        if asked is not None:  # behind an offer it may be sent, which is a button more
            gone_on = [one for one in self.flow.offers if self.flow.place(one) < self.flow.place(asked)]
            answers = {**answers, **dict.fromkeys(gone_on, Chosen((GO_ON,)))}
        state = Intake(
            flow=self.flow.revision,
            language=language,
            answers=answers,
            asked=asked,
            trail=(self.flow.questions[0].id,),
            level=Level.critical,
            reasons=(),
        )
        return OpenIntake(look_up=b"", chat_id=0, state=state, tag="aaaaaa", expires_at=_NOW)

    def _waiting(self, language: str) -> Waiting:
        facts = Facts(level=Level.critical, language=language)
        handoff = Handoff(facts=facts, began_at=_NOW, rung=0, rang_at=_NOW, next_due_at=_NOW)
        return Waiting(**self._of_every_case(language), handoff=handoff)

    def _claimed(self, language: str) -> Claimed:
        waiting = self._waiting(language)
        claim = Claim(by=1, at=_NOW, call_secret=_CODE, call_language=language)
        return Claimed(**self._of_every_case(language), handoff=waiting.handoff, claim=claim)

    def _of_every_case(self, language: str) -> dict[str, Any]:
        return {
            "row": 1, "code": _CODE, "case_id": "a" * 32, "recipient": "", "level": Level.critical, "revision": "",
            "chat_look_up": None, "chat_id": 0, "language": language, "card_message": 1, "seq": 1,
            "created_on": date(2026, 11, 26), "hidden": False, "wants_ping": None,
        }  # fmt: skip

    def _status(self, reader: Reader, case: Case, said: Sequence[Say]) -> str:
        return "\n".join(self._sentence(reader, one) for one in said)

    def _sentence(self, reader: Reader, say: Say) -> str:
        if say is Say.told:
            return reader.plural(texts.STATUS_TOLD, 12, time="26.11, 23:45")
        return reader.text(TEXTS[say], time="26.11, 23:45")

    def _tallest_notice(self, reader: Reader, said: Sequence[str], alone: Sequence[str]) -> str:
        """The tallest of all that can be said once."""
        besides = [*(self._filled(reader, one) for one in _BESIDE), *(reader.plural(one, 12) for one in _FILES)]
        found = ["\n".join((self._filled(reader, one), beside)) for one in said for beside in besides]
        found += [self._filled(reader, one) for one in alone]
        return max(found, key=lambda one: phone.lines(Card(one)))

    def _filled(self, reader: Reader, text: str) -> str:
        return reader.text(text, **{name: value for name, value in _VALUES.items() if f"%({name})s" in text})


def drawing(flow: Flow, place: Place, words: Words) -> Drawing:
    """With a key of its own, for no button of these is ever pressed."""
    with tempfile.TemporaryDirectory(prefix="pana-cards-") as folder:
        ring = KeyRing.create(Path(folder) / "server.key")
    return Drawing(flow=flow, place=place, words=words, ring=ring)


def everything(flow: Flow, place: Place, words: Words) -> Sequence[Drawn]:
    """Every card of the seeker's chat."""
    drawn = drawing(flow, place, words)
    return [*drawn.questions(), *drawn.others()]


def table(cards: Sequence[Drawn], languages: Sequence[str]) -> Iterator[str]:
    """By phone and language: how many cards there are, how many are too tall, and the tallest."""
    for on in (phone.SMALLEST, phone.USUAL):
        yield f"{on.width}x{on.height}, room for {on.chat:.0f} px"
        for language in languages:
            some = [one for one in cards if one.language == language]
            tallest = max(some, key=lambda one: phone.height(one.card, on))
            tall, most = sum(phone.height(one.card, on) > on.chat for one in some), phone.height(tallest.card, on)
            yield f"  {language}: {len(some)} cards, {tall} too tall; the tallest has {most:.0f} px: {tallest.name}"
