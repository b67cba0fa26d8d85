"""What coordinators look at: the cases that wait, and whom to call now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from msgspec import structs

from bot.handoff.rota.duty import Duty
from bot.member import became
from bot.member.alerts import newest_and_oldest
from bot.member.parts import Part
from bot.speech import fitting, presses
from bot.speech.outgoing import Button, Card
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator as texts
from bot.speech.texts import member as of_member
from bot.speech.words import moment
from flows.model import Level
from storage import parting
from storage.case import Parted, Waiting
from storage.cases import Cases
from storage.members import Member, Members
from storage.tx import Reading

MOST_LISTED, MOST_CALLED = 8, 4  # cases on one card of the queue, lawyers to be called on that of a case
SOON = timedelta(hours=48)
MOST_GAPS, MOST_CASES, LONGEST_NAMED = 3, 3, 3  # on a card; and lines of one of its sentences
MOST_PARTED = 5  # lines of what is left to lawyers, on the card of the queue
_LEVELS = {Level.critical: texts.LEVEL_CRITICAL, Level.high: texts.LEVEL_HIGH, Level.normal: texts.LEVEL_NORMAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Codes, names and times, no content; every method runs inside a change."""

    speech: Speech
    cases: Cases
    members: Members
    duty: Duty

    # --- what waits ---

    def queue(self, tx: Reading, member: Member, first: int = 0) -> Card:
        """/queue: what waits, the most urgent first; who has answered nothing is one line. Also what has parted."""
        reader = self.speech.to_member(member)
        known, silent = self._waiting(tx)
        parted = self._parted(tx, reader)
        if not known and not silent:
            text = "\n\n".join((reader.text(texts.QUEUE_EMPTY), *parted))
            return Card(text, ((reader.button(texts.TO_DUTY, presses.ShowDuty()),),))
        known.sort(key=lambda case: -case.level.rank)
        title = reader.plural(texts.QUEUE, len(known) + len(silent))
        below = [reader.plural(of_member.LIST_SILENT, len(silent))] if silent else []
        rows = [(reader.button(of_member.LIST_SILENT_SHOW, presses.ShowQueue()),)] if silent else []
        rows.append((reader.button(texts.TO_DUTY, presses.ShowDuty()),))
        return self._listed(
            tx, reader, known, (title, *below, *parted), rows, presses.ShowQueue(unanswered=False, first=first)
        )

    def silent(self, tx: Reading, member: Member, first: int = 0) -> Card:
        """Who has answered nothing: the newest and the oldest in turn."""
        reader = self.speech.to_member(member)
        known, silent = self._waiting(tx)
        if not known and not silent:
            return reader.card(texts.QUEUE_EMPTY)
        silent = newest_and_oldest(silent or [case for case in known if _says_nothing(case)])
        title = reader.plural(of_member.LIST_SILENT, len(silent))
        rows = [(reader.button(texts.TO_QUEUE, presses.ShowQueue(unanswered=False)),)]
        return self._listed(tx, reader, silent, (title,), rows, presses.ShowQueue(unanswered=True, first=first))

    def of_case(self, tx: Reading, member: Member, code: str) -> Card:
        """One case that waits: who was called, who cannot take it, whom nobody reaches; and whom to ring now."""
        case, reader = self.cases.by_typed_code(tx, code), self.speech.to_member(member)
        back = (reader.button(texts.TO_QUEUE, presses.ShowQueue(unanswered=False)),)
        if not isinstance(case, Waiting):
            return Card(became.to_coordinator(reader, case, code), (back,))
        since = reader.clock(case.handoff.began_at, tx.now)
        title = reader.text(texts.QUEUE_CASE, code=case.code, level=reader.text(_LEVELS[case.level]), time=since)
        if case.handoff.muted:
            through = reader.button(texts.LET_THROUGH, presses.LetThrough(case.code))
            return Card(f"{title}\n{reader.text(texts.MUTED, code=case.code)}", ((through,), back))
        called, passed, others = self._of_each(tx, case)
        reached, gone = _apart(others)
        lines = [
            *_names(reader, texts.CASE_CALLED, (lawyer.name for lawyer in called)),
            *_names(reader, texts.DUTY_PASSED, (lawyer.name for lawyer in passed)),
            *_names(reader, texts.CASE_UNREACHED, (lawyer.name for lawyer in gone)),
        ]
        rows = [(self._call(reader, case, lawyer),) for lawyer in reached[:MOST_CALLED]]
        rows.append((reader.button(texts.CALL_ALL, presses.CallNow(case.code)),))
        return Card(fitting.stacked(((title,), lines), len(rows) + 1), (*rows, back))

    def _call(self, reader: Reader, case: Waiting, lawyer: Member) -> Button:
        name = fitting.label(reader.text(texts.CALL_ONE, name=lawyer.name))
        return reader.named(name, presses.CallNow(case.code, lawyer.id))

    def _of_each(self, tx: Reading, case: Waiting) -> tuple[list[Member], list[Member], list[Member]]:
        """The lawyers who were called about a case, who cannot take it, and others who can open it."""
        alerts, able = self.cases.alerted.of(tx, case.row), self.cases.wraps.can_open(tx, case.row)
        called, passed, others = list[Member](), list[Member](), list[Member]()
        for lawyer in self.members.working(tx):
            if lawyer.role != "lawyer":
                continue
            alerted = alerts.get(lawyer.id)
            if alerted is not None:
                (passed if alerted.state == "passed" else called).append(lawyer)
            elif lawyer.id in able:
                others.append(lawyer)
        return called, passed, others

    def _waiting(self, tx: Reading) -> tuple[list[Waiting], list[Waiting]]:
        """What waits, and apart from it those who have answered nothing, where they are several."""
        waiting = list(self.cases.waiting(tx))
        silent = [case for case in waiting if _says_nothing(case)]
        if len(silent) < 2:
            return waiting, []
        return [case for case in waiting if not _says_nothing(case)], silent

    def _parted(self, tx: Reading, reader: Reader) -> list[str]:
        """Whose person has deleted everything, and until when a lawyer can open it."""
        found = self.cases.of_rows(tx, parting.every(tx))
        lines = "\n".join(self._parted_line(tx, reader, case) for case in found if isinstance(case, Parted))
        return [fitting.shortened(lines, MOST_PARTED)] if lines else []

    def _parted_line(self, tx: Reading, reader: Reader, case: Parted) -> str:
        lawyer = self.members.find(tx, case.by) if case.by is not None else None
        name, time = lawyer.name if lawyer is not None else "–", reader.clock(case.erase_at, tx.now)
        return reader.text(texts.QUEUE_PARTED, code=case.code, name=name, time=time)

    def _listed(
        self,
        tx: Reading,
        reader: Reader,
        waiting: Sequence[Waiting],
        above: tuple[str, ...],
        below: Sequence[tuple[Button, ...]],
        press: presses.ShowQueue,
    ) -> Card:
        """A line each, and a button with its code: who was called, and whom to call. `press`: which part is shown."""

        def draw(many: int) -> Card:
            part = Part.of_list(waiting, press.first, many)
            codes = [reader.named(case.code, presses.ShowCase(case.code)) for case in part.shown]
            rows = [tuple(codes[at : at + 2]) for at in range(0, len(codes), 2)]
            more = part.label(reader)
            rows += [(reader.named(more, structs.replace(press, first=part.next)),)] if more else []
            lines = [self._line(tx, reader, case) for case in part.shown]
            says = (reader.text(texts.QUEUE_PRESS),) if lines else ()
            return Card(fitting.stacked((above, lines, says), len(rows) + len(below)), (*rows, *below))

        return fitting.largest(draw, MOST_LISTED)

    def _line(self, tx: Reading, reader: Reader, case: Waiting) -> str:
        told, text = len(self.cases.alerted.times(tx, case.row)), texts.QUEUE_LINE
        level, since = reader.text(_LEVELS[case.level]), reader.clock(case.handoff.began_at, tx.now)
        text = texts.QUEUE_MUTED_LINE if case.handoff.muted else texts.QUEUE_LINE
        return reader.text(text, code=case.code, level=level, time=since, num=told)

    # --- whom to call ---

    def on_call(self, tx: Reading, member: Member) -> Card:
        """/oncall, and when it was so: whom to call now, who was called and cannot, who is not reached, gaps soon."""
        reader, waiting = self.speech.to_member(member), list(self.cases.waiting(tx))
        queue = reader.button(texts.TO_QUEUE, presses.ShowQueue(unanswered=False))
        rows = ((queue, reader.button(texts.REFRESH, presses.ShowDuty())),)
        first, *others = self._people(tx, reader)
        dated = f"{moment(reader.place, reader.language, tx.now)}. {first}"
        lines = [fitting.shortened(line, LONGEST_NAMED) for line in (dated, *others)]
        for case in waiting[:MOST_CASES]:
            lines += [fitting.shortened(line, LONGEST_NAMED) for line in self._called(tx, reader, case)]
        return Card("\n".join(fitting.folded(lines, fitting.room(len(rows)), lambda _num: "…")), rows)

    def _people(self, tx: Reading, reader: Reader) -> list[str]:
        """Who is on duty, who else there is, and when nobody will be."""
        duty = self.duty.on_duty(tx)
        found = self.duty.cover(tx, tx.now, tx.now + SOON, self.duty.rota.at(tx, tx.now))
        others = [other.name for other in self.members.working(tx) if other.role == "lawyer" and other.id not in duty]
        lines = _names(reader, texts.DUTY_NOW, (lawyer.name for lawyer in duty.values()))
        lines = lines or [reader.text(texts.DUTY_NOBODY)]
        lines += _names(reader, texts.DUTY_OTHERS, others)
        lines += _names(reader, texts.DUTY_UNREACHED, (lawyer.name for lawyer in found.unreachable))
        lines += _names(reader, texts.DUTY_NEVER_MET, (lawyer.name for lawyer in found.never_met))
        lines += _names(reader, texts.DUTY_UNPRACTISED, (lawyer.name for lawyer in found.unpractised))
        if found.gaps:
            lines += [reader.text(texts.DUTY_GAPS)]
            lines += [f"• {reader.shift(*gap)}" for gap in found.gaps[:MOST_GAPS]]
        return lines

    def _called(self, tx: Reading, reader: Reader, case: Waiting) -> list[str]:
        """Who was called about a case, and who has passed."""
        called, passed = [], []
        for member_id, alerted in self.cases.alerted.of(tx, case.row).items():
            other = self.members.get(tx, member_id)
            if other.role == "lawyer" and alerted.state == "passed":
                passed.append(other.name)
            elif other.role == "lawyer":
                called.append(other.name)
        lines = [reader.text(texts.DUTY_CALLED, code=case.code, names=", ".join(called) or "–")]
        return [*lines, *_names(reader, texts.DUTY_PASSED, passed)]


def _apart(lawyers: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """Whom the bot reaches, and whom not."""
    return [one for one in lawyers if one.gone_at is None], [one for one in lawyers if one.gone_at is not None]


def _says_nothing(case: Waiting) -> bool:
    """Pressed "urgent", has answered nothing, and lawyers are called."""
    return case.handoff.facts.unanswered and not case.handoff.muted


def _names(reader: Reader, text: str, names: Iterable[str]) -> list[str]:
    listed = ", ".join(names)
    return [reader.text(text, names=listed)] if listed else []
