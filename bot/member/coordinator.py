"""What coordinators see and do in Telegram: the queue, stopping a member, a rota that waits for a yes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.handoff.calls import Calls
from bot.handoff.leaving import Leaving
from bot.handoff.queue import Queue
from bot.handoff.rota.duty import Duty
from bot.handoff.rota.duty_news import DutyNews
from bot.member.cards import newest_and_oldest
from bot.speech import presses, texts
from bot.speech.outgoing import Button, Card, Outcome
from bot.speech.presses import OfCoordinator
from bot.speech.words import HERE, Words, clock, shift_in_words
from storage import suspending
from storage.cases import Case, Cases
from storage.members import Member, Members
from storage.outbox import RowKind
from storage.rotas import RotaText
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx

MOST_ROWS = 40
RESUME, SUSPEND = "pana member resume NAME", "pana member suspend NAME"
LONGEST = 3800
SOON = timedelta(hours=48)
MOST_GAPS, MOST_CASES, MOST_PROBLEMS = 8, 10, 15
_LEVELS = {"critical": texts.LEVEL_CRITICAL, "high": texts.LEVEL_HIGH, "normal": texts.LEVEL_NORMAL}  # gravest first


@dataclass(frozen=True, slots=True)
class CoordinatorTalk:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    cases: Cases
    members: Members
    calls: Calls
    duty: Duty
    queue: Queue
    leaving: Leaving

    def waiting(self, tx: Reading, member: Member, *, only_silent: bool = False) -> Outcome:
        """/queue: what waits, the most urgent first; codes and times, no content.

        Who has answered nothing is one line; `only_silent`: these, the newest and the oldest in turn.
        """
        waiting = list(self.cases.waiting(tx))
        if not waiting:
            return self._answer(member, texts.QUEUE_EMPTY)
        handoffs = self.cases.handoffs.of_rows(tx, [case.row for case in waiting])
        silent = [one for one in waiting if handoffs[one.row].facts.unanswered and not handoffs[one.row].muted]
        apart = {one.row for one in silent} if len(silent) > 1 else set()
        rest = [one for one in waiting if one.row not in apart]
        shown = newest_and_oldest(silent) if only_silent else sorted(rest, key=_gravest)
        title, count = (texts.LIST_SILENT, len(silent)) if only_silent else (texts.QUEUE, len(waiting))
        lines = [self.words.plural(member.language, title, count), *([""] if shown else [])]
        rows: list[tuple[Button, ...]] = []
        for case in shown[:MOST_ROWS]:
            handoff = handoffs[case.row]
            told = len(self.cases.alerted.times(tx, case.row))
            mark = " ·  ✕" if handoff.muted else ""
            level = self.words.text(member.language, _LEVELS[case.level])
            lines.append(f"{case.code} · {level} · {clock(member.language, handoff.began_at, tx.now)} · {told}{mark}")
            if handoff.muted:
                label = f"{case.code}: {self.words.text(member.language, texts.LET_THROUGH)}"
                rows.append((self._labelled(member, label, presses.LetThrough(case.code)),))
        if len(rest) < len(waiting) and not only_silent:
            lines += ["", self.words.plural(member.language, texts.LIST_SILENT, len(silent))]
            rows.append((self._button(member, texts.LIST_SILENT_SHOW, presses.ShowQueue()),))
        return Outcome(card=Card("\n".join(lines)[:LONGEST], tuple(rows)), fresh=True)

    def oncall(self, tx: Reading, member: Member) -> Outcome:
        """/oncall: whom to call now, who was called and who has passed, whom nobody reaches, gaps of two days."""
        return Outcome(card=self._on_call_card(tx, member), fresh=True)

    # --- stopping a member ---

    def suspend(self, tx: Tx, member: Member, name: str) -> Outcome:
        """/suspend NAME: no alerts, bundles or messages for them; undone only on the terminal.

        Where much would be stopped by one phone, a second coordinator's yes is needed first.
        """
        other = self.members.by_name(tx, name) if name else None
        if other is None or not other.works or other.id == member.id:
            return self._answer(member, texts.NO_MEMBER)
        if not self._is_grave(tx, other):
            return self._suspend(tx, member, other, asked_by=member.id)
        others = [one for one in self.members.coordinators(tx) if one.id not in {member.id, other.id}]
        others = [one for one in others if one.gone_at is None]
        if not others:
            return self._answer(member, texts.SUSPEND_ALONE, name=other.name, command=SUSPEND)
        suspending.keep(tx, other.id, member.id, waits=True)
        for one in others:
            args = {"about": other.id}
            self.queue.to_member(
                tx, RowKind.asksuspend, one.id, args=args, mark=f":{other.id}:{tx.at_once.isoformat()}"
            )
        return replace(self._answer(member, texts.SUSPEND_ASKED, name=other.name), wake=True)

    def suspend_card(self, tx: Reading, member: Member, about: int) -> Card | None:
        """The question to a second coordinator; None when it is over."""
        asker = suspending.asked_by(tx, about)
        if asker is None:
            return None
        buttons = tuple(
            self._button(member, label, presses.Suspend(yes, about))
            for label, yes in ((texts.YES, True), (texts.NO, False))
        )
        values = {"by": self.members.get(tx, asker).name, "name": self.members.get(tx, about).name}
        return Card(self.words.text(member.language, texts.SUSPEND_ASK, **values), (buttons,))

    def _is_grave(self, tx: Reading, other: Member) -> bool:
        """A second one within an hour, a coordinator, the last lawyer on duty or who can open a case."""
        if other.role == "coordinator" or suspending.lately(tx) or self.leaving.only_theirs(tx, other):
            return True
        here = [one for one in self.members.working(tx) if one.role == "lawyer" and one.gone_at is None]
        on_duty = self.duty.on_duty(tx)
        return all(one.id == other.id for one in here if one.id in on_duty or other.id not in on_duty)

    def _suspend(self, tx: Tx, member: Member, other: Member, *, asked_by: int) -> Outcome:
        suspending.keep(tx, other.id, asked_by, waits=False)
        self.leaving.suspend(tx, other, force=True)
        return replace(self._answer(member, texts.SUSPENDED, name=other.name, command=RESUME), wake=True)

    def _settle_suspension(self, tx: Tx, member: Member, yes: bool, about: int, pressed: int) -> Outcome:
        """The second coordinator's answer: of somebody else than who asks and who is asked about."""
        asker = suspending.asked_by(tx, about)
        if asker is None or member.id in {asker, about} or not self.members.get(tx, asker).works:
            return replace(self._answer(member, texts.SWAP_OVER), fresh=False, edit=pressed)
        other = self.members.get(tx, about)
        if yes and other.works:
            return replace(self._suspend(tx, member, other, asked_by=asker), fresh=False, edit=pressed)
        suspending.drop(tx, about)
        args = {"what": "unsuspended", "about": about, "at": tx.at_once.isoformat()}
        self.queue.to_member(tx, RowKind.line, asker, args=args, mark=f":unsuspended:{about}")
        return replace(self._answer(member, texts.SUSPEND_NOT, name=other.name), fresh=False, edit=pressed, wake=True)

    # --- presses ---

    def hear(self, tx: Tx, member: Member, press: OfCoordinator, pressed: int) -> Outcome:
        """A coordinator's press. `pressed`: the message on which it stands."""
        match press:
            case presses.ShowDuty():
                return Outcome(card=self._on_call_card(tx, member), edit=pressed)
            case presses.ShowQueue():
                return self.waiting(tx, member, only_silent=True)
            case presses.TakeRota(yes, sha256):
                return self._rota(tx, member, yes, sha256, pressed)
            case presses.Suspend(yes, about):
                return self._settle_suspension(tx, member, yes, about, pressed)
            case presses.LetThrough(code):
                return self._let_through(tx, member, code)
            case presses.Free(code):
                return self._free(tx, member, code, pressed)

    def _let_through(self, tx: Tx, member: Member, code: str) -> Outcome:
        """The lawyers are called for a case of a muted account."""
        case = self.cases.by_typed_code(tx, code)
        if case is not None and case.status == "waiting" and self.cases.handoffs.get(tx, case.row).muted:
            self.calls.let_through(tx, case)
            return replace(self._answer(member, texts.LET_THROUGH_DONE, code=case.code), wake=True)
        return self._answer(member, texts.NO_CASE)

    def _free(self, tx: Tx, member: Member, code: str, pressed: int) -> Outcome:
        """A silent claim is ended, and the others are called."""
        case = self.cases.by_typed_code(tx, code)
        if case is not None and self.calls.claims.free(tx, case):
            self.calls.went_on(tx, self.cases.get(tx, case.row))
            done = self._answer(member, texts.LET_THROUGH_DONE, code=case.code)
            return replace(done, fresh=False, edit=pressed, wake=True)
        return self._answer(member, texts.NO_CASE)

    def silent_card(self, tx: Reading, member: Member, case: Case) -> Card:
        """A claim in which nothing is heard: a coordinator may give it to others."""
        claimer = self.members.find(tx, case.claimed_by) if case.claimed_by is not None else None
        name = claimer.name if claimer is not None else ""
        button = self._button(member, texts.FREE, presses.Free(case.code))
        return Card(self.words.text(member.language, texts.SILENT, code=case.code, name=name), ((button,),))

    def rota_card(self, member: Member, pending: RotaText, why: str) -> Card:
        """The question about a rota that takes cover away or changes much."""
        ways = ((texts.YES, True), (texts.NO, False))
        buttons = tuple(self._button(member, label, presses.TakeRota(yes, pending.sha256[:12])) for label, yes in ways)
        text = texts.ROTA_COVER if why == "cover" else texts.ROTA_HALF
        return Card(self.words.text(member.language, text), (buttons,))

    def unusable_card(self, tx: Reading, member: Member) -> Card | None:
        """The events of the calendar that cannot be used, by their own names and times; None when there are none."""
        found = self.duty.problems(tx, self.duty.rota.at(tx, tx.now))
        if not found:
            return None
        named = [f"• {_printable(one.called)}{_at(member, one.at)}" for one in found[:MOST_PROBLEMS]]
        named += ["…"] if len(found) > MOST_PROBLEMS else []
        head = self.words.text(member.language, texts.ROTA_UNUSABLE)
        why = self.words.text(member.language, texts.ROTA_WHY, command="pana oncall check")
        return Card("\n".join([head, *named, why])[:LONGEST])

    def muted_card(self, member: Member, code: str) -> Card:
        """A case of an account whose earlier one was a false alarm."""
        button = self._button(member, texts.LET_THROUGH, presses.LetThrough(code))
        return Card(self.words.text(member.language, texts.MUTED, code=code), ((button,),))

    def _rota(self, tx: Tx, member: Member, yes: bool, sha256: str, pressed: int) -> Outcome:
        pending = self.duty.rota.kept.all(tx).get("pending")
        if pending is None or pending.text is None or not pending.sha256.startswith(sha256):
            return self._answer(member, texts.ROTA_OVER)
        self.duty.rota.kept.drop(tx, "pending", "broken", "refused")
        if not yes:
            self.duty.rota.kept.keep(tx, "refused", pending.sha256, None)
            return replace(self._answer(member, texts.ROTA_KEPT), fresh=False, edit=pressed)
        self.duty.rota.kept.keep(tx, "accepted", pending.sha256, pending.text)
        self.queue.to_coordinators(tx, "rota")
        DutyNews(self.duty, self.queue).new_rota(tx)
        return Outcome(card=Card(self.words.text(member.language, texts.YES)), edit=pressed, wake=True)

    def _on_call_card(self, tx: Reading, member: Member) -> Card:
        def names(text: str, of: Iterable[str]) -> list[str]:
            listed = ", ".join(of)
            return [self.words.text(member.language, text, names=listed)] if listed else []

        duty = self.duty.on_duty(tx)
        found = self.duty.cover(tx, tx.now, tx.now + SOON, self.duty.rota.at(tx, tx.now))
        others = [one.name for one in self.members.working(tx) if one.role == "lawyer" and one.id not in duty]
        lines = names(texts.DUTY_NOW, (one.name for one in duty.values()))
        lines = lines or [self.words.text(member.language, texts.DUTY_NOBODY)]
        lines += names(texts.DUTY_OTHERS, others)
        lines += names(texts.DUTY_UNREACHED, (one.name for one in found.unreachable))
        lines += names(texts.DUTY_NEVER_MET, (one.name for one in found.never_met))
        if found.gaps:
            lines += ["", self.words.text(member.language, texts.DUTY_GAPS)]
            lines += [shift_in_words(member.language, *one) for one in found.gaps[:MOST_GAPS]]
        for case in list(self.cases.waiting(tx))[:MOST_CASES]:
            lines += ["", *self._called(tx, member, case)]
        refresh = self._button(member, texts.REFRESH, presses.ShowDuty())
        return Card("\n".join(lines)[:LONGEST], ((refresh,),))

    def _called(self, tx: Reading, member: Member, case: Case) -> list[str]:
        """Who was called about a case, and who has passed."""
        called, passed = [], []
        for member_id, alerted in self.cases.alerted.of(tx, case.row).items():
            other = self.members.get(tx, member_id)
            if other.role == "lawyer" and alerted.state == "passed":
                passed.append(other.name)
            elif other.role == "lawyer":
                called.append(other.name)
        text = self.words.text
        lines = [text(member.language, texts.DUTY_CALLED, code=case.code, names=", ".join(called) or "–")]
        return [*lines, text(member.language, texts.DUTY_PASSED, names=", ".join(passed))] if passed else lines

    def _button(self, member: Member, label: str, press: presses.OfMember) -> Button:
        return self._labelled(member, self.words.text(member.language, label), press)

    def _labelled(self, member: Member, label: str, press: presses.OfMember) -> Button:
        return Button(label, presses.button_data(self.ring, member.telegram_id, press))

    def _answer(self, member: Member, text: str, **values: object) -> Outcome:
        return Outcome(card=Card(self.words.text(member.language, text, **values)), fresh=True)


def _gravest(case: Case) -> int:
    return [*_LEVELS].index(case.level)


def _printable(called: str) -> str:
    """A calendar's words in a message: nothing in them moves the text around."""
    return "".join(letter if letter.isprintable() else "?" for letter in called) or "?"


def _at(member: Member, at: datetime | None) -> str:
    return "" if at is None else f", {at.astimezone(HERE):%d.%m}, {clock(member.language, at)}"
