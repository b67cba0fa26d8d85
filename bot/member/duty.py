"""A lawyer's duty in Telegram: `/oncall`, on, off, until a time, by the rota, and shifts that change hands."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.handoff.questions import Questions
from bot.handoff.queue import Queue
from bot.handoff.rota import said
from bot.handoff.rota.duty import Duty, OwnDuty
from bot.handoff.rota.duty_news import DutyNews
from bot.member.parts import Part
from bot.speech import presses
from bot.speech.fitting import label
from bot.speech.outgoing import Button, Card, Outcome
from bot.speech.presses import OfShift
from bot.speech.reader import Reader, Speech
from bot.speech.texts import both
from bot.speech.texts import member as texts
from flows.time_of_day import time_of_day
from storage import duty_cards, in_chat
from storage.members import Member, Members
from storage.outbox import LineKind, RowKind
from storage.tx import Reading, Tx

MOST_SHIFTS, MOST_LAWYERS = 7, 6  # on one card
JUST_NOW = timedelta(minutes=5)  # who names a time that has passed so lately does not mean tomorrow


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTalk:
    """Every method runs inside a change."""

    speech: Speech
    members: Members
    duty: Duty
    queue: Queue

    def said(self, tx: Tx, member: Member, what: str) -> Outcome:
        """/oncall and what stands behind it: until when, or when next, and the shifts to come."""
        word, rest = _meant(what)
        before = member.id in self.duty.on_duty(tx)
        match word:
            case "":
                pass
            case "on":
                said.stays(tx, self.duty, member, None)
            case "off":
                said.goes(tx, self.duty, member)
            case "rota":
                said.follows(tx, self.duty, member)
            case "until":
                refused = self._stays(tx, member, rest)
                if refused is not None:
                    return refused
            case "swap":
                return self._which(tx, member)
            case _:
                return Outcome(card=Card(texts.ONCALL_HOW), fresh=True)
        DutyNews(self.duty, self.queue).cover(tx, before=before)
        self.queue.to_member(tx, RowKind.duty, member.id)
        return Outcome()

    def hear(self, tx: Tx, member: Member, press: OfShift) -> Outcome:
        """A press while a shift changes hands."""
        match press:
            case presses.OnDuty(what):
                return self.said(tx, member, what)
            case presses.OfferShift(begins, ends, first):
                return self._whom(tx, member, begins, ends, first)
            case presses.AskColleague(begins, ends, taker):
                return self._ask(tx, member, taker, begins, ends)
            case presses.SettleSwap(number, accepted):
                return self._settle(tx, member, number, accepted=accepted)

    def card(self, tx: Reading, member: Member) -> Card:
        """What a lawyer is shown of their duty."""
        reader, own = self.speech.to_member(member), self.duty.own(tx, member.id)
        lines = _now(reader, own, tx.now)
        if own.shifts:
            lines += ["", reader.text(texts.YOUR_SHIFTS)]
            lines += [reader.shift(*shift) for shift in own.shifts[:MOST_SHIFTS]]
        return Card("\n".join([*lines, "", texts.ONCALL_HOW]), self._buttons(reader))

    def _buttons(self, reader: Reader) -> tuple[tuple[Button, ...], ...]:
        rows = (
            ((presses.Duty.on, texts.DUTY_ON), (presses.Duty.off, texts.DUTY_OFF)),
            ((presses.Duty.rota, texts.DUTY_BY_ROTA), (presses.Duty.swap, texts.DUTY_SWAP)),
        )
        return tuple(tuple(reader.button(label, presses.OnDuty(said)) for said, label in row) for row in rows)

    def ask_card(self, tx: Reading, member: Member, number: int) -> Card | None:
        """What the lawyer who is asked to take a shift sees; None when the request is over."""
        swap = self.duty.duties.swap(tx, number)
        if swap is None:
            return None
        reader, name = self.speech.to_member(member), self.members.get(tx, swap.asker).name
        shift = reader.shift(swap.begins, swap.ends)
        yes = reader.button(texts.ACCEPT, presses.SettleSwap(number, accepted=True))
        no = reader.button(texts.DECLINE, presses.SettleSwap(number, accepted=False))
        return reader.card(texts.SWAP_ASK, (yes,), (no,), name=name, shift=shift)

    def over_card(self, member: Member) -> Card:
        """In place of what they were asked: it is no question any more."""
        return self.speech.to_member(member).card(texts.SWAP_OVER)

    # --- parts ---

    def _stays(self, tx: Tx, member: Member, written: str) -> Outcome | None:
        """On call until the clock shows this, on the next day too; what is wrong with the time, if anything is."""
        reader, when = self.speech.to_member(member), time_of_day(written)
        if when is None:
            return reader.answer(texts.ONCALL_BAD_TIME, example="/oncall until 07:00")
        until = self.speech.place.next_at(when, tx.now - JUST_NOW)
        if until <= tx.now:
            return reader.answer(texts.ONCALL_OVER, time=reader.clock(tx.now))
        said.stays(tx, self.duty, member, until)
        return None

    def _which(self, tx: Reading, member: Member) -> Outcome:
        shifts, reader = self.duty.shifts_of(tx, member.id)[:MOST_SHIFTS], self.speech.to_member(member)
        if not shifts:
            return reader.answer(texts.SWAP_NONE)
        rows = [(reader.named(reader.shift(*shift), presses.OfferShift(*_numbers(*shift))),) for shift in shifts]
        rows.append((reader.button(both.CANCEL, presses.Dismiss()),))
        return Outcome(card=reader.card(texts.SWAP_WHICH, *rows), fresh=True)

    def _whom(self, tx: Reading, member: Member, begins: int, ends: int, first: int) -> Outcome:
        reader = self.speech.to_member(member)
        if not self._is_mine(tx, member, begins, ends):
            return reader.answer(texts.SWAP_OVER)
        others = [other for other in self.members.working(tx) if other.role == "lawyer" and other.id != member.id]
        shift = reader.shift(*_moments(begins, ends))
        part = Part.of_list(others, first, MOST_LAWYERS)
        asks = ((label(other.name), presses.AskColleague(begins, ends, other.id)) for other in part.shown)
        rows = [(reader.named(name, press),) for name, press in asks]
        more = part.label(reader)
        rows += [(reader.named(more, presses.OfferShift(begins, ends, part.next)),)] if more else []
        rows.append((reader.button(both.CANCEL, presses.Dismiss()),))
        return Outcome(card=reader.card(texts.SWAP_WHOM, *rows, shift=shift), fresh=True)

    def _ask(self, tx: Tx, member: Member, taker: int, begins: int, ends: int) -> Outcome:
        others = {other.id for other in self.members.working(tx) if other.role == "lawyer"} - {member.id}
        if taker not in others or not self._is_mine(tx, member, begins, ends):
            return self._answer(member, texts.SWAP_OVER)
        number = self.duty.duties.ask(tx, member.id, taker, *_moments(begins, ends))
        Questions(self.duty, self.queue).look(tx)
        self.queue.to_member(tx, RowKind.swap, taker, args={"swap": number}, mark=f":{number}")
        return self._answer(member, texts.SWAP_ASKED)

    def _settle(self, tx: Tx, member: Member, number: int, *, accepted: bool) -> Outcome:
        swap = self.duty.duties.swap(tx, number)
        if swap is None or swap.taker != member.id or swap.ends <= tx.now or not self.duty.holds(tx, swap):
            return self._answer(member, texts.SWAP_OVER)
        if accepted:
            said.takes(tx, self.duty, swap)
        self.duty.duties.answered(tx, swap, accepted=accepted)
        Questions(self.duty, self.queue).look(tx, but=in_chat.swap(number))
        news = DutyNews(self.duty, self.queue)
        news.redraw(tx, {swap.asker, swap.taker} & {*duty_cards.everybody(tx)})
        news.cover(tx)
        what = LineKind.swapped if accepted else LineKind.unswapped
        begins, ends = swap.begins.isoformat(), swap.ends.isoformat()
        self.queue.line(tx, what, swap.asker, mark=f":swap:{number}", about=member.id, begins=begins, ends=ends)
        text = texts.SWAP_ACCEPTED if accepted else texts.SWAP_DECLINED
        reader = self.speech.to_member(member)
        shift = reader.shift(swap.begins, swap.ends)
        return reader.answer(text, shift=shift, name=member.name)

    def _is_mine(self, tx: Reading, member: Member, begins: int, ends: int) -> bool:
        """Button data cannot be forged, but a shift may have moved since."""
        return any(_numbers(*shift) == (begins, ends) for shift in self.duty.shifts_of(tx, member.id))

    def _answer(self, member: Member, text: str, **values: object) -> Outcome:
        return self.speech.to_member(member).answer(text, **values)


def _now(reader: Reader, own: OwnDuty, now: datetime) -> list[str]:
    """On call, and until when; or not, and when next."""
    if own.is_on and own.until is None:
        return [reader.text(texts.ON_DUTY)]
    if own.is_on:
        assert own.until is not None
        return [reader.text(texts.ON_DUTY_UNTIL, time=reader.clock(own.until, now))]
    off = [reader.text(texts.OFF_DUTY)]
    return off if own.next is None else [*off, reader.text(texts.NEXT_DUTY, time=reader.clock(own.next, now))]


def _meant(what: str) -> tuple[str, str]:
    """The word and its time. Nothing else is left out: who writes "off tomorrow" does not mean now."""
    word, rest = [*what.lower().split(maxsplit=1), "", ""][:2]
    if word == "on" and rest.startswith("until "):
        return _meant(rest)
    return (word, rest) if word == "until" or not rest else (what, "")


def _numbers(begins: datetime, ends: datetime) -> tuple[int, int]:
    return int(begins.timestamp()) // 60, int(ends.timestamp()) // 60


def _moments(begins: int, ends: int) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(begins * 60, UTC), datetime.fromtimestamp(ends * 60, UTC)
