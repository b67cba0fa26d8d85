"""The card of a request that lawyers have: where it stands, and what can be done meanwhile."""

from dataclasses import dataclass

from bot.seeker.from_lawyer import Letters
from bot.seeker.rows import Room, Row, first_that_fits, in_rows
from bot.seeker.status import State
from bot.speech import presses
from bot.speech.lines import Lines
from bot.speech.outgoing import Card, Look
from bot.speech.reader import Reader
from bot.speech.texts import seeker as texts
from storage.case import Handed
from storage.intakes import OpenIntake


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCase:
    """What stands on the card of a sent request beside its state.

    `notice`: what is said once; `change`: the questions about danger can be asked again; `code`: it shows the code;
    `rings`: news ring.
    """

    notice: str | None = None
    change: bool
    code: bool
    rings: bool


def of_case(reader: Reader, case: Handed, state: State, letters: Letters, shown: OfCase) -> Card:
    """The status card once the answers are sent. `state`: what is true now (bot/seeker/status.py)."""
    return first_that_fits(_of_case(reader, case, state, letters, shown, room) for room in Room)


def of_status(reader: Reader, intake: OpenIntake, state: State, *, withdraws: bool) -> Card:
    """/status while questions are open; `withdraws`: a lawyer is being called, which can be stopped here."""
    lines = Lines()
    lines.add(state.now)
    if state.advice:
        lines.add(state.advice, Look.folded)
    stop = reader.button(texts.WITHDRAW, presses.AskToWithdraw(intake.tag))
    return lines.card([*([(stop,)] if withdraws else []), ways_back(reader)])


def ways_back(reader: Reader) -> Row:
    """To what was shown before; and *hide chat*, where it always stands."""
    return (reader.button(texts.BACK, presses.GoBack()), reader.button(texts.HIDE_CHAT, presses.HideChat()))


def of_advice(reader: Reader, said: str) -> Card:
    """What can be done, as the answer to somebody who asks for it."""
    return Card(said, (ways_back(reader),))


def _of_case(reader: Reader, case: Handed, state: State, letters: Letters, shown: OfCase, room: Room) -> Card:
    lines = Lines()
    letters.above(lines, reader, room, crowded=shown.notice is not None)
    if shown.code and room is Room.least:
        lines.add(reader.text(texts.SENT_SHORT, code=case.code), Look.quiet, code=case.code)
    elif shown.code:
        lines.add(reader.text(texts.SENT, code=case.code), code=case.code)
    else:
        lines.add(reader.text(texts.SENT_BARE))
    lines.add(state.now, None if room is Room.all else Look.folded)
    if room is Room.all:
        _say_meanwhile(lines, reader, state, shown)
    if room is not Room.least:
        lines.add(reader.text(texts.ADD_HINT), Look.quiet)
    if shown.notice:
        lines.add(shown.notice)
    letters.below(lines, reader, room)
    return lines.card([*letters.rows(reader), *_ways(reader, case, shown)])


def _say_meanwhile(lines: Lines, reader: Reader, state: State, shown: OfCase) -> None:
    """What can be done until somebody comes."""
    if state.quiet and shown.change:
        lines.add(reader.text(texts.STATUS_WORSE))
    if state.advice:
        lines.add(state.advice, Look.folded)


def _ways(reader: Reader, case: Handed, shown: OfCase) -> list[Row]:
    label = texts.NOTIFY_OFF if shown.rings else texts.NOTIFY_ON
    notify = reader.button(label, presses.Notify(case.tag, rings=not shown.rings))
    buttons = [reader.button(texts.CHANGED, presses.SituationChanged(case.tag))] if shown.change else []
    return in_rows([*buttons, notify, reader.button(texts.HIDE_CHAT, presses.HideChat())])
