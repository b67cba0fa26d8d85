"""A lawyer's duty in Telegram: `/oncall`, on, off, until a time, by the rota, and shifts that change hands."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.handoff.queue import Queue
from bot.handoff.rota import said
from bot.handoff.rota.duty import Duty
from bot.handoff.rota.duty_news import DutyNews
from bot.hours import next_at
from bot.speech import presses, texts
from bot.speech.outgoing import Button, Card, Outcome
from bot.speech.presses import OfShift
from bot.speech.words import HERE, Words, clock, shift_in_words
from storage import duty_cards
from storage.members import Member, Members
from storage.outbox import RowKind
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx

MOST_SHIFTS, MOST_LAWYERS = 10, 40
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?$")


@dataclass(frozen=True, slots=True)
class DutyTalk:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    members: Members
    duty: Duty
    queue: Queue

    def said(self, tx: Tx, member: Member, what: str) -> Outcome:
        """/oncall and what stands behind it: until when, or when next, and the shifts to come."""
        word, _, rest = what.partition(" ")
        before = member.id in self.duty.on_duty(tx)
        match word.lower():
            case "":
                pass
            case "on":
                said.stays(tx, self.duty, member, None)
            case "off":
                said.goes(tx, self.duty, member)
            case "rota":
                said.follows(tx, self.duty, member)
            case "until":
                until = _moment(rest, tx.now)
                if until is None:
                    return self._answer(member, texts.ONCALL_BAD_TIME, example="/oncall until 07:00")
                said.stays(tx, self.duty, member, until)
            case "swap":
                return self._which(tx, member)
            case _:
                return Outcome(card=Card(texts.ONCALL_HOW), fresh=True)
        DutyNews(self.duty, self.queue).cover(tx, before=before)
        self.queue.to_member(tx, RowKind.duty, member.id)
        return Outcome(wake=True)

    def hear(self, tx: Tx, member: Member, press: OfShift) -> Outcome:
        """A press while a shift changes hands."""
        match press:
            case presses.OfferShift(begins, ends):
                return self._whom(tx, member, begins, ends)
            case presses.AskColleague(begins, ends, taker):
                return self._ask(tx, member, taker, begins, ends)
            case presses.SettleSwap(number, accepted):
                return self._settle(tx, member, number, accepted=accepted)

    def card(self, tx: Reading, member: Member) -> Card:
        """What a lawyer is shown of their duty."""
        table, language = self.duty.now(tx), member.language
        if member.id in table.at(tx.now):
            until = table.until(member.id, tx.now)
            lines = [
                self.words.text(language, texts.ON_DUTY)
                if until is None
                else self.words.text(language, texts.ON_DUTY_UNTIL, time=clock(language, until, tx.now))
            ]
        else:
            lines = [self.words.text(language, texts.OFF_DUTY)]
            following = table.next(member.id, tx.now)
            if following is not None:
                lines.append(self.words.text(language, texts.NEXT_DUTY, time=clock(language, following, tx.now)))
        shifts = self.duty.shifts_of(tx, member.id)[:MOST_SHIFTS]
        if shifts:
            lines += ["", self.words.text(language, texts.YOUR_SHIFTS)]
            lines += [shift_in_words(language, *one) for one in shifts]
        return Card("\n".join([*lines, "", texts.ONCALL_HOW]))

    def ask_card(self, tx: Reading, member: Member, number: int) -> Card | None:
        """What the lawyer who is asked to take a shift sees; None when the request is over."""
        swap = self.duty.duties.swap(tx, number)
        if swap is None:
            return None
        name = self.members.get(tx, swap.asker).name
        shift = shift_in_words(member.language, swap.begins, swap.ends)
        yes = self._button(member, texts.ACCEPT, presses.SettleSwap(number, accepted=True))
        no = self._button(member, texts.DECLINE, presses.SettleSwap(number, accepted=False))
        rows = ((yes,), (no,))
        return Card(self.words.text(member.language, texts.SWAP_ASK, name=name, shift=shift), rows)

    # --- parts ---

    def _which(self, tx: Reading, member: Member) -> Outcome:
        shifts = self.duty.shifts_of(tx, member.id)[:MOST_SHIFTS]
        if not shifts:
            return self._answer(member, texts.SWAP_NONE)
        rows = tuple(
            (self._labelled(member, shift_in_words(member.language, *one), presses.OfferShift(*_numbers(*one))),)
            for one in shifts
        )
        return Outcome(card=Card(self.words.text(member.language, texts.SWAP_WHICH), rows), fresh=True)

    def _whom(self, tx: Reading, member: Member, begins: int, ends: int) -> Outcome:
        if not self._is_mine(tx, member, begins, ends):
            return self._answer(member, texts.SWAP_OVER)
        others = [one for one in self.members.working(tx) if one.role == "lawyer" and one.id != member.id]
        shift = shift_in_words(member.language, *_moments(begins, ends))
        rows = tuple(
            (self._labelled(member, one.name, presses.AskColleague(begins, ends, one.id)),)
            for one in others[:MOST_LAWYERS]
        )
        return Outcome(card=Card(self.words.text(member.language, texts.SWAP_WHOM, shift=shift), rows), fresh=True)

    def _ask(self, tx: Tx, member: Member, taker: int, begins: int, ends: int) -> Outcome:
        others = {one.id for one in self.members.working(tx) if one.role == "lawyer"} - {member.id}
        if taker not in others or not self._is_mine(tx, member, begins, ends):
            return self._answer(member, texts.SWAP_OVER)
        number = self.duty.duties.ask(tx, member.id, taker, *_moments(begins, ends))
        self.queue.to_member(tx, RowKind.swap, taker, args={"swap": number}, mark=f":{number}")
        return replace(self._answer(member, texts.SWAP_ASKED), wake=True)

    def _settle(self, tx: Tx, member: Member, number: int, *, accepted: bool) -> Outcome:
        swap = self.duty.duties.swap(tx, number)
        if swap is None or swap.taker != member.id or swap.ends <= tx.now or not self.duty.holds(tx, swap):
            return self._answer(member, texts.SWAP_OVER)
        if accepted:
            said.takes(tx, self.duty, swap)
        self.duty.duties.answered(tx, swap, accepted=accepted)
        news = DutyNews(self.duty, self.queue)
        news.redraw(tx, {swap.asker, swap.taker} & {*duty_cards.everybody(tx)})
        news.cover(tx)
        what = "swapped" if accepted else "unswapped"
        args = {"what": what, "about": member.id, "begins": swap.begins.isoformat(), "ends": swap.ends.isoformat()}
        self.queue.to_member(tx, RowKind.line, swap.asker, args=args, mark=f":swap:{number}")
        text = texts.SWAP_ACCEPTED if accepted else texts.SWAP_DECLINED
        shift = shift_in_words(member.language, swap.begins, swap.ends)
        return replace(self._answer(member, text, shift=shift, name=member.name), wake=True)

    def _is_mine(self, tx: Reading, member: Member, begins: int, ends: int) -> bool:
        """Button data cannot be forged, but a shift may have moved since."""
        return any(_numbers(*one) == (begins, ends) for one in self.duty.shifts_of(tx, member.id))

    def _button(self, member: Member, label: str, press: presses.OfMember) -> Button:
        return self._labelled(member, self.words.text(member.language, label), press)

    def _labelled(self, member: Member, label: str, press: presses.OfMember) -> Button:
        return Button(label, presses.button_data(self.ring, member.telegram_id, press))

    def _answer(self, member: Member, text: str, **values: object) -> Outcome:
        return Outcome(card=Card(self.words.text(member.language, text, **values)), fresh=True)


def _moment(text: str, now: datetime) -> datetime | None:
    """The next time that the clock shows this, in Kazakhstan."""
    found = _TIME.match(text.strip())
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        return None
    return next_at(time(hour, minute), now + timedelta(minutes=1))


def _numbers(begins: datetime, ends: datetime) -> tuple[int, int]:
    return int(begins.timestamp()) // 60, int(ends.timestamp()) // 60


def _moments(begins: int, ends: int) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(begins * 60, HERE), datetime.fromtimestamp(ends * 60, HERE)
