"""What coordinators look at: the cases that wait, and whom to call now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.handoff.rota.duty import Duty
from bot.member.alerts import newest_and_oldest
from bot.speech import presses
from bot.speech.outgoing import Button, Card
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator as texts
from bot.speech.texts import member as of_member
from flows.model import Level
from storage.case import Waiting
from storage.cases import Cases
from storage.members import Member, Members
from storage.tx import Reading

MOST_ROWS = 40
LONGEST = 3800  # of 4096 characters that a message may have
SOON = timedelta(hours=48)
MOST_GAPS, MOST_CASES = 8, 10
_LEVELS = {Level.critical: texts.LEVEL_CRITICAL, Level.high: texts.LEVEL_HIGH, Level.normal: texts.LEVEL_NORMAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Codes, names and times, no content; every method runs inside a change."""

    speech: Speech
    cases: Cases
    members: Members
    duty: Duty

    # --- what waits ---

    def queue(self, tx: Reading, member: Member) -> Card:
        """/queue: what waits, the most urgent first; who has answered nothing is one line."""
        reader = self.speech.to_member(member)
        known, silent = self._waiting(tx)
        if not known and not silent:
            return reader.card(texts.QUEUE_EMPTY)
        known.sort(key=lambda case: -case.level.rank)
        title = reader.plural(texts.QUEUE, len(known) + len(silent))
        lines, rows = self._listed(tx, reader, title, known)
        if silent:
            lines += ["", reader.plural(of_member.LIST_SILENT, len(silent))]
            rows.append((reader.button(of_member.LIST_SILENT_SHOW, presses.ShowQueue()),))
        return Card("\n".join(lines)[:LONGEST], tuple(rows))

    def silent(self, tx: Reading, member: Member) -> Card:
        """Who has answered nothing: the newest and the oldest in turn."""
        reader = self.speech.to_member(member)
        known, silent = self._waiting(tx)
        if not known and not silent:
            return reader.card(texts.QUEUE_EMPTY)
        silent = silent or [case for case in known if _says_nothing(case)]
        title = reader.plural(of_member.LIST_SILENT, len(silent))
        lines, rows = self._listed(tx, reader, title, newest_and_oldest(silent))
        return Card("\n".join(lines)[:LONGEST], tuple(rows))

    def _waiting(self, tx: Reading) -> tuple[list[Waiting], list[Waiting]]:
        """What waits, and apart from it those who have answered nothing, where they are several."""
        waiting = list(self.cases.waiting(tx))
        silent = [case for case in waiting if _says_nothing(case)]
        if len(silent) < 2:
            return waiting, []
        return [case for case in waiting if not _says_nothing(case)], silent

    def _listed(
        self, tx: Reading, reader: Reader, title: str, waiting: Sequence[Waiting]
    ) -> tuple[list[str], list[tuple[Button, ...]]]:
        """A line each, and a button for those of whom no lawyer hears."""
        lines = [title, *([""] if waiting else [])]
        rows: list[tuple[Button, ...]] = []
        for case in waiting[:MOST_ROWS]:
            handoff = case.handoff
            told, mark = len(self.cases.alerted.times(tx, case.row)), " ·  ✕" if handoff.muted else ""
            level, since = reader.text(_LEVELS[case.level]), reader.clock(handoff.began_at, tx.now)
            lines.append(f"{case.code} · {level} · {since} · {told}{mark}")
            if handoff.muted:
                label = f"{case.code}: {reader.text(texts.LET_THROUGH)}"
                rows.append((reader.named(label, presses.LetThrough(case.code)),))
        return lines, rows

    # --- whom to call ---

    def on_call(self, tx: Reading, member: Member) -> Card:
        """/oncall: whom to call now, who was called and who has passed, whom nobody reaches, gaps of two days."""
        reader = self.speech.to_member(member)
        lines = [*self._people(tx, reader)]
        for case in list(self.cases.waiting(tx))[:MOST_CASES]:
            lines += ["", *self._called(tx, reader, case)]
        refresh = reader.button(texts.REFRESH, presses.ShowDuty())
        return Card("\n".join(lines)[:LONGEST], ((refresh,),))

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
        if found.gaps:
            lines += ["", reader.text(texts.DUTY_GAPS)]
            lines += [reader.shift(*gap) for gap in found.gaps[:MOST_GAPS]]
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


def _says_nothing(case: Waiting) -> bool:
    """Pressed "urgent", has answered nothing, and lawyers are called."""
    return case.handoff.facts.unanswered and not case.handoff.muted


def _names(reader: Reader, text: str, names: Iterable[str]) -> list[str]:
    listed = ", ".join(names)
    return [reader.text(text, names=listed)] if listed else []
