"""The practice case: a lawyer takes it, opens it, writes, hands it over, closes it, and hears what was missed.

Its buttons are called as those of a true case. Nobody but its lawyer meets anything of it, but for the line to the
coordinators that it was finished. There is nothing to wait for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.handoff.queue import Queue
from bot.questionnaires import Questionnaires
from bot.speech import presses
from bot.speech.outgoing import Button, Card, Outcome
from bot.speech.presses import Rehearsal
from bot.speech.reader import Reader, Speech
from bot.speech.reader_file import READER_FILE
from bot.speech.texts import both
from bot.speech.texts import member as of_member
from bot.speech.texts import practice as texts
from flows.model import Level
from storage import in_chat
from storage.members import Member
from storage.outbox import LineKind, RowKind
from storage.practice import Practice, Practices, Step
from storage.record import Entry, EntryKind, tidy_check_word
from storage.tx import Reading, Tx

COMMAND = "/practice"
_STEPS = {
    Step.taken: texts.STEP_TAKEN,
    Step.opened: texts.STEP_OPENED,
    Step.wrote: texts.STEP_WROTE,
    Step.handed: texts.STEP_HANDED,
    Step.closed: texts.STEP_CLOSED,
}
_BUTTONS = {Step.wrote: of_member.WRITE, Step.handed: of_member.HAND_OVER, Step.closed: of_member.CLOSE}
_PHRASES = {Rehearsal.say: of_member.PHRASE_SIGN, Rehearsal.ask: of_member.PHRASE_PAPER}


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeTalk:
    """Every method runs inside a change."""

    speech: Speech
    practices: Practices
    questionnaires: Questionnaires
    queue: Queue

    # --- what is pressed and typed ---

    def hear(self, tx: Tx, member: Member, step: Rehearsal) -> Outcome:
        """A button of the practice case; one of a case that is over says so."""
        if step is Rehearsal.begin:
            return self._begin(tx, member)
        practice = self.practices.of(tx, member.id)
        if practice is None:
            return self._shown(self._over(member, [self.speech.to_member(member).text(texts.NOT_OPEN)]))
        if step is Rehearsal.take:
            return self._take(tx, member, practice)
        return (
            self._of_held(tx, member, practice, step) if practice.held else self._shown(self._waits(member, practice))
        )

    def _of_held(self, tx: Tx, member: Member, practice: Practice, step: Rehearsal) -> Outcome:
        match step:
            case Rehearsal.write | Rehearsal.hand | Rehearsal.close:
                return self._shown(self._asks(member, practice, step))
            case Rehearsal.say | Rehearsal.ask:
                return self._write(tx, member, practice, _PHRASES[step])
            case Rehearsal.give:
                practice = self.practices.did(tx, practice, Step.handed)
                return self._shown(self._claim(member, practice, texts.IS_HANDED))
            case Rehearsal.back:
                practice = self.practices.did(tx, practice, Step.handed, held=False)
                return self._shown(self._waits(member, practice))
            case Rehearsal.end:
                return self._end(tx, member, practice)
            case _:
                return self._shown(self._claim(member, practice))

    def typed(self, tx: Tx, member: Member, text: str, *, busy: bool) -> Outcome | None:
        """`/practice`, or the check word; None for anything else. `busy`: they have a true case, which goes first."""
        if text.strip().lower() == COMMAND and member.role == "lawyer":
            return self._begin(tx, member)
        practice, word = self.practices.of(tx, member.id), tidy_check_word(text)
        if practice is None or not practice.held or Step.opened in practice.done or word is None:
            return None
        if self.practices.checked(tx, practice, word):
            practice = self.practices.did(tx, practice, Step.opened)
            return self._shown(self._claim(member, practice, texts.IS_OPENED))
        return None if busy else self.speech.to_member(member).answer(of_member.CHECK_FIRST)

    # --- what follows ---

    def _begin(self, tx: Tx, member: Member) -> Outcome:
        """One that is open goes on: its file comes again."""
        practice = self.practices.of(tx, member.id)
        if practice is not None and practice.held:
            return self._taken(tx, member, practice)
        if practice is None:
            practice = self.practices.begin(tx, member, self.questionnaires.current.revision, self._played(tx, member))
        return self._shown(self._waits(member, practice))

    def _played(self, tx: Reading, member: Member) -> Sequence[Entry]:
        """What the played person has answered and written: the first danger of the questionnaire, and who they are."""
        flow, at = self.questionnaires.current, self.speech.place.today(tx.now).isoformat()
        answers = {flow.danger: flow.question(flow.danger).options[0].id}
        value = {
            "answers": answers,
            "level": Level.critical,
            "reasons": [],
            "clocks": [],
            "form": "open",
            "openly": [flow.danger],
        }
        said, when = (
            self.speech.to_member(member).text(texts.PLAYED_STORY),
            self.speech.place.here(tx.now).isoformat(timespec="seconds"),
        )
        language, revision = member.language, flow.revision
        story = {"from": "seeker", "text": said}
        return [
            Entry(kind=EntryKind.snapshot, at=at, flow=revision, lang=language, value=value),
            Entry(kind=EntryKind.message, at=when, flow=revision, lang=language, value=story),
        ]

    def _take(self, tx: Tx, member: Member, practice: Practice) -> Outcome:
        return self._taken(tx, member, self.practices.did(tx, practice, Step.taken))

    def _taken(self, tx: Tx, member: Member, practice: Practice) -> Outcome:
        self._wipe(tx, member)
        self.queue.to_member(tx, RowKind.practice, member.id)
        return self._shown(self._claim(member, practice, texts.IS_TAKEN))

    def _write(self, tx: Tx, member: Member, practice: Practice, phrase: str) -> Outcome:
        """Sealed into the case, and so is the answer; whoever has not typed the check word does not read it here."""
        reader, opened = self.speech.to_member(member), Step.opened in practice.done
        if phrase == of_member.PHRASE_PAPER and not opened:
            return self._shown(self._asks(member, practice, Rehearsal.write))
        at, language, answer = (
            self.speech.place.here(tx.now).isoformat(timespec="seconds"),
            member.language,
            reader.text(texts.PLAYED_ANSWER),
        )
        written = {"from": "lawyer", "name": member.name, "text": reader.text(phrase)}
        both_ways = (written, {"from": "seeker", "text": answer})
        entries = [Entry(kind=EntryKind.message, at=at, lang=language, value=one) for one in both_ways]
        self.practices.append(tx, practice, *entries)
        practice = self.practices.did(tx, practice, Step.wrote)
        note = texts.IS_ANSWERED if opened else texts.IS_ADDED
        return self._shown(self._claim(member, practice, note, text=answer))

    def _end(self, tx: Tx, member: Member, practice: Practice) -> Outcome:
        """It is erased, its file leaves the chat; what was done, and what was missed."""
        reader = self.speech.to_member(member)
        finished = self.practices.end(tx, practice)
        self._wipe(tx, member)
        if finished and not member.practised:
            self.queue.to_coordinators(tx, LineKind.practised, about=member.id)
        counts = texts.OVER_COUNTS if finished else texts.OVER_AGAIN
        lines = [reader.text(texts.OVER), *_steps(reader, {*practice.done, Step.closed}), reader.text(counts)]
        return self._shown(self._over(member, lines))

    def _wipe(self, tx: Tx, member: Member) -> None:
        """The file, wherever it stands in the chat."""
        self.queue.wipes.stood(tx, member.id, in_chat.take(tx, member.id, in_chat.PRACTICE))

    # --- cards ---

    def caption(self, member: Member, practice: Practice) -> str:
        """The line under the sealed file."""
        command = f"pana open {practice.code}.zip -i KEY.txt"
        return self.speech.to_member(member).text(texts.CAPTION, code=practice.code, file=READER_FILE, command=command)

    def button(self, member: Member) -> tuple[tuple[Button, ...], ...]:
        """What begins it, for a lawyer."""
        reader = self.speech.to_member(member)
        begins = reader.button(texts.PRACTICE, presses.Practise(Rehearsal.begin))
        return ((begins,),) if member.role == "lawyer" else ()

    def _waits(self, member: Member, practice: Practice) -> Card:
        reader, flow = self.speech.to_member(member), self.questionnaires.current
        label = flow.question(flow.danger).options[0].label
        said = texts.IS_RETURNED if practice.done else texts.WAITS
        what = label.get(member.language) or next(iter(label.values()))
        lines = (_head(reader, practice), reader.text(said, what=what))
        return Card("\n\n".join(lines), ((_button(reader, of_member.TAKE, Rehearsal.take),),))

    def _claim(self, member: Member, practice: Practice, note: str | None = None, **values: object) -> Card:
        """Where the lawyer stands, what comes next, and the buttons of a claim."""
        reader = self.speech.to_member(member)
        happened = [reader.text(note, **values)] if note else []
        above = [_head(reader, practice), *happened]
        steps = "\n".join(_steps(reader, practice.done))
        rows = (
            (_button(reader, of_member.WRITE, Rehearsal.write),),
            (_button(reader, of_member.HAND_OVER, Rehearsal.hand),),
            (_button(reader, of_member.GIVE_BACK, Rehearsal.back),),
            (_button(reader, of_member.CLOSE, Rehearsal.close),),
        )
        return Card("\n".join([*above, steps, _next(reader, practice)]), rows)

    def _asks(self, member: Member, practice: Practice, step: Rehearsal) -> Card:
        """Which phrase, to whom, how it ended."""
        reader = self.speech.to_member(member)
        question, answers = {
            Rehearsal.write: (texts.WRITE_WHICH, dict(_PHRASES)),
            Rehearsal.hand: (texts.TO_WHOM, {Rehearsal.give: texts.COLLEAGUE}),
            Rehearsal.close: (texts.HOW_ENDED, {Rehearsal.end: of_member.OUTCOME_HELPED}),
        }[step]
        if Step.opened not in practice.done:
            answers.pop(Rehearsal.ask, None)
        rows = [(_button(reader, label, each),) for each, label in answers.items()]
        rows.append((_button(reader, both.CANCEL, Rehearsal.stay),))
        return Card(f"{_head(reader, practice)}\n\n{reader.text(question)}", tuple(rows))

    def _over(self, member: Member, lines: Sequence[str]) -> Card:
        return Card("\n".join(lines), self.button(member))

    def _shown(self, card: Card) -> Outcome:
        return Outcome(card=card, fresh=True)


def _head(reader: Reader, practice: Practice) -> str:
    return reader.text(texts.HEAD, code=practice.code)


def _button(reader: Reader, label: str, step: Rehearsal) -> Button:
    return reader.button(label, presses.Practise(step))


def _steps(reader: Reader, done: frozenset[Step] | set[Step]) -> list[str]:
    """Each step: what is done, and what is not."""
    return [f"{'✓' if step in done else '–'} {reader.text(text)}" for step, text in _STEPS.items()]


def _next(reader: Reader, practice: Practice) -> str:
    """The first step that is not done."""
    step = next(one for one in Step if one not in practice.done)
    if step is Step.opened:
        return reader.text(texts.NEXT_OPENED, file=f"{practice.code}.zip")
    return reader.text(texts.NEXT, button=reader.text(_BUTTONS[step]))
