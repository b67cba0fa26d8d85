"""A lawyer's duty in Telegram: `/oncall`, on, off, until a time, by the rota, and shifts that change hands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.conversation import texts
from bot.conversation.callback import sign
from bot.conversation.incoming import Button, Card, Outcome
from bot.conversation.words import HERE, Words, clock, shift_in_words
from bot.handoff.dispatch import Dispatch
from bot.handoff.duty import Duty
from bot.handoff.hours import next_at
from storage.duty import Swap
from storage.members import Member, Members
from storage.sealing.keyring import KeyRing
from storage.writer import Connection

MOST_SHIFTS, MOST_LAWYERS = 10, 40
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?$")


@dataclass(frozen=True, slots=True)
class DutyTalk:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    members: Members
    duty: Duty
    dispatch: Dispatch

    def said(self, connection: Connection, member: Member, what: str, now: datetime) -> Outcome:
        """/oncall and what stands behind it."""
        word, _, rest = what.partition(" ")
        duties = self.duty.duties
        match word.lower():
            case "":
                return self._standing(connection, member, now)
            case "on" | "off":
                duties.end(connection, member.id, now)
                duties.put(connection, member.id, on_duty=word.lower() == "on", begins=now, ends=None)
            case "rota":
                duties.end(connection, member.id, now)
                self.members.set_on_call(connection, member.id, on_call=False)
            case "until":
                until = _moment(rest, now)
                if until is None:
                    return self._answer(member, texts.ONCALL_BAD_TIME, example="/oncall until 07:00")
                duties.put(connection, member.id, on_duty=True, begins=now, ends=until)
            case "swap":
                return self._which(connection, member, now)
            case _:
                return Outcome(card=Card(texts.ONCALL_HOW), fresh=True)
        return self._standing(connection, self.members.get(connection, member.id), now)

    def pushed(self, connection: Connection, member: Member, way: str, rest: Sequence[str], now: datetime) -> Outcome:
        """A press while a shift changes hands."""
        numbers = [int(one) for one in rest if one.isdigit()]
        match way, numbers:
            case "swap", [begins, ends]:
                return self._whom(connection, member, begins, ends, now)
            case "whom", [begins, ends, taker]:
                return self._ask(connection, member, taker, begins, ends, now)
            case (("swapyes" | "swapno"), [number]):
                return self._settle(connection, member, number, now, accepted=way == "swapyes")
            case _:
                return self._answer(member, texts.SWAP_OVER)

    def ask_card(self, connection: Connection, member: Member, number: int) -> Card | None:
        """What the lawyer who is asked to take a shift sees; None when the request is over."""
        swap = self.duty.duties.swap(connection, number)
        if swap is None:
            return None
        name = self.members.get(connection, swap.asker).name
        shift = shift_in_words(member.language, swap.begins, swap.ends)
        ways = ((texts.ACCEPT, "swapyes"), (texts.DECLINE, "swapno"))
        rows = tuple((self._button(member, label, way, str(number)),) for label, way in ways)
        return Card(self.words.text(member.language, texts.SWAP_ASK, name=name, shift=shift), rows)

    # --- parts ---

    def _standing(self, connection: Connection, member: Member, now: datetime) -> Outcome:
        language = member.language
        on_duty = member.id in self.duty.on_duty(connection, now)
        ends = [
            one.ends
            for one in self.duty.duties.overrides(connection, now, now + timedelta(seconds=1))
            if one.member_id == member.id
        ]
        if on_duty and ends and ends[-1] is not None:
            lines = [self.words.text(language, texts.ON_DUTY_UNTIL, time=clock(language, ends[-1], now))]
        else:
            lines = [self.words.text(language, texts.ON_DUTY if on_duty else texts.OFF_DUTY)]
        shifts = self.duty.shifts_of(connection, member, now)[:MOST_SHIFTS]
        if shifts:
            lines += ["", self.words.text(language, texts.YOUR_SHIFTS)]
            lines += [shift_in_words(language, one.begins, one.ends) for one in shifts]
        return Outcome(card=Card("\n".join([*lines, "", texts.ONCALL_HOW])), fresh=True)

    def _which(self, connection: Connection, member: Member, now: datetime) -> Outcome:
        shifts = self.duty.shifts_of(connection, member, now)[:MOST_SHIFTS]
        if not shifts:
            return self._answer(member, texts.SWAP_NONE)
        rows = tuple(
            (
                Button(
                    shift_in_words(member.language, one.begins, one.ends),
                    self._sign(member, "swap", *_numbers(one.begins, one.ends)),
                ),
            )
            for one in shifts
        )
        return Outcome(card=Card(self.words.text(member.language, texts.SWAP_WHICH), rows), fresh=True)

    def _whom(self, connection: Connection, member: Member, begins: int, ends: int, now: datetime) -> Outcome:
        if not self._is_mine(connection, member, begins, ends, now):
            return self._answer(member, texts.SWAP_OVER)
        others = [one for one in self.members.working(connection) if one.role == "lawyer" and one.id != member.id]
        shift = shift_in_words(member.language, *_moments(begins, ends))
        rows = tuple(
            (Button(one.name, self._sign(member, "whom", str(begins), str(ends), str(one.id))),)
            for one in others[:MOST_LAWYERS]
        )
        return Outcome(card=Card(self.words.text(member.language, texts.SWAP_WHOM, shift=shift), rows), fresh=True)

    def _ask(
        self, connection: Connection, member: Member, taker: int, begins: int, ends: int, now: datetime
    ) -> Outcome:
        others = {one.id for one in self.members.working(connection) if one.role == "lawyer"} - {member.id}
        if taker not in others or not self._is_mine(connection, member, begins, ends, now):
            return self._answer(member, texts.SWAP_OVER)
        number = self.duty.duties.ask(connection, member.id, taker, *_moments(begins, ends), now)
        self.dispatch.to_member(connection, "swap", taker, now, args={"swap": number}, mark=f":{number}")
        return replace(self._answer(member, texts.SWAP_ASKED), wake=True)

    def _settle(self, connection: Connection, member: Member, number: int, now: datetime, *, accepted: bool) -> Outcome:
        swap = self.duty.duties.swap(connection, number)
        if swap is None or swap.taker != member.id or swap.ends <= now or not self._holds(connection, swap, now):
            return self._answer(member, texts.SWAP_OVER)
        self.duty.duties.settle(connection, swap, accepted=accepted)
        what = "swapped" if accepted else "unswapped"
        args = {"what": what, "about": member.id, "begins": swap.begins.isoformat(), "ends": swap.ends.isoformat()}
        self.dispatch.to_member(connection, "line", swap.asker, now, args=args, mark=f":swap:{number}")
        text = texts.SWAP_ACCEPTED if accepted else texts.SWAP_DECLINED
        shift = shift_in_words(member.language, swap.begins, swap.ends)
        return replace(self._answer(member, text, shift=shift, name=member.name), wake=True)

    def _is_mine(self, connection: Connection, member: Member, begins: int, ends: int, now: datetime) -> bool:
        """Button data cannot be forged, but a shift may have moved since."""
        return any(
            _numbers(one.begins, one.ends) == (str(begins), str(ends))
            for one in self.duty.shifts_of(connection, member, now)
        )

    def _holds(self, connection: Connection, swap: Swap, now: datetime) -> bool:
        """The one who asked may have no such shift any more: the rota has changed."""
        begins, ends = (int(one) for one in _numbers(swap.begins, swap.ends))
        return self._is_mine(connection, self.members.get(connection, swap.asker), begins, ends, now)

    def _button(self, member: Member, label: str, *fields: str) -> Button:
        return Button(self.words.text(member.language, label), self._sign(member, *fields))

    def _sign(self, member: Member, *fields: str) -> str:
        return sign(self.ring, member.telegram_id, *fields)

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


def _numbers(begins: datetime, ends: datetime) -> tuple[str, str]:
    return str(int(begins.timestamp()) // 60), str(int(ends.timestamp()) // 60)


def _moments(begins: int, ends: int) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(begins * 60, HERE), datetime.fromtimestamp(ends * 60, HERE)
