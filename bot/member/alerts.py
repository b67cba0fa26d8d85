"""The alert of a case, as it is at the moment it is sent, and lists of cases that wait."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.handoff.graver import unseen_by
from bot.member.alert_lines import AlertText, room_beside
from bot.member.became import over
from bot.member.claim_cards import ClaimCards
from bot.member.graver_cards import GraverCards
from bot.member.parting import parted_card
from bot.member.parts import Part
from bot.questionnaires import Questionnaires
from bot.speech import fitting, presses
from bot.speech.lines import Lines
from bot.speech.outgoing import Button, Card, Look, Style
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from flows.model import Level
from storage.case import Case, Claimed, Closed, Handed, Parted, Waiting
from storage.contact import Contacts
from storage.members import Member
from storage.tx import Reading
from storage.undoing import Undoing

MOST_LISTED, LONGEST_LISTED = 8, 3  # cases on one card, and lines of one of them
MOST_FOLDED = 25  # cases that can be read at a tap: a message has 4096 characters
_TITLES = {Level.critical: texts.ALERT_CRITICAL, Level.high: texts.ALERT_HIGH, Level.normal: texts.ALERT_NORMAL}
PASS_REASONS = {"conflict": texts.PASS_CONFLICT, "language": texts.PASS_LANGUAGE, "time": texts.PASS_TIME}
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Draws alerts; every method runs inside a change."""

    speech: Speech
    questionnaires: Questionnaires
    contacts: Contacts
    claim_cards: ClaimCards
    undoing: Undoing

    @property
    def graver_cards(self) -> GraverCards:
        """Of a claimed case that has become graver."""
        return GraverCards(speech=self.speech, questionnaires=self.questionnaires, contacts=self.contacts)

    def alert(self, tx: Reading, case: Case, member: Member, state: str) -> Card:
        """The alert as it is now: open to take, passed, taken, withdrawn or erased. Typed text is never in it."""
        reader = self.speech.to_member(member)
        if member.role == "coordinator":
            return _of_coordinator(case, reader, state)
        if isinstance(case, Claimed) and case.is_held_by(member.id):
            return self.claim_cards.taken(tx, case, member)
        if isinstance(case, Parted) and case.is_held_by(member.id):
            return parted_card(case, reader, tx.now)
        if isinstance(case, Closed):
            return self._closed(tx, case, member)
        to_take = self._to_take(tx, case, member)
        if to_take is None:
            return reader.card(over(case), code=case.code)
        if state != "passed":
            return to_take
        rows = [(reader.button(why, presses.Pass(case.code, reason)),) for reason, why in PASS_REASONS.items()]
        rows.append((reader.button(texts.TAKE_AFTER_ALL, presses.Take(case.code)),))
        return reader.card(texts.ALERT_PASSED, *rows, code=case.code)

    def offer(self, tx: Reading, case: Handed, member: Member) -> Card:
        """A claimed case offered to another lawyer, with what its alert said."""
        reader = self.speech.to_member(member)
        accept = reader.button(texts.ACCEPT, presses.Answer(case.code, presses.Offer.accept))
        decline = reader.button(texts.DECLINE, presses.Answer(case.code, presses.Offer.decline))
        return self._open(tx, case, reader, (accept,), (decline,), above=(reader.text(texts.OFFER),))

    def listed(self, tx: Reading, member: Member, cases: Sequence[Waiting], first: int = 0) -> Card:
        """One card for many cases; those with a paper or a text behind them stand first, and each has its place."""
        reader = self.speech.to_member(member)
        if not cases:
            return reader.card(texts.LIST_EMPTY)
        known, silent = _apart(cases)
        urgent = any(case.level is Level.critical for case in (*known[:1], *silent[:1]))
        above = (reader.plural(texts.LIST_URGENT if urgent else texts.LIST_DIGEST, len(cases)),)
        below, rows = _silent_ones(reader, len(silent))
        if not known:
            return Card(fitting.stacked((above, below), len(rows)), rows)

        part = Part.of_list(known, first, MOST_LISTED)
        shown = (*_take_rows(reader, part.shown), *_more(reader, part, presses.ShowList), *rows)
        return self._list(tx, part, reader, (above, (*below, reader.text(texts.LIST_TAKE))), shown)

    def listed_silent(self, tx: Reading, member: Member, cases: Sequence[Waiting], first: int = 0) -> Card:
        """Those who have answered nothing: the newest and the oldest in turn, so that no flood hides either."""
        _, silent = _apart(cases)
        reader, mixed = self.speech.to_member(member), newest_and_oldest(silent)
        if not mixed:
            return reader.card(texts.LIST_EMPTY)
        above = (reader.plural(texts.LIST_SILENT, len(silent)),)

        part = Part.of_list(mixed, first, MOST_LISTED)
        rows = (*_take_rows(reader, part.shown), *_more(reader, part, presses.ShowSilent))
        return self._list(tx, part, reader, (above, (reader.text(texts.LIST_TAKE),)), rows)

    # --- parts ---

    def _to_take(self, tx: Reading, case: Case, member: Member) -> Card | None:
        """A case that waits, or one to which this member is called besides its claimer; None for any other."""
        unseen = unseen_by(case, member.id)
        if isinstance(case, Claimed) and unseen is not None:
            return self.graver_cards.for_others(tx, case, member, unseen)
        return self._waits(tx, case, self.speech.to_member(member)) if isinstance(case, Waiting) else None

    def _waits(self, tx: Reading, case: Waiting, reader: Reader) -> Card:
        take = reader.button(texts.TAKE, presses.Take(case.code), Style.primary)
        pass_ = reader.button(texts.PASS, presses.Pass(case.code))
        return self._open(tx, case, reader, (take,), (pass_,))

    def _open(
        self, tx: Reading, case: Handed, reader: Reader, *rows: tuple[Button, ...], above: tuple[str, ...] = ()
    ) -> Card:
        facts, flow = case.handoff.facts, self.questionnaires.of_case(tx, case.revision)
        unreached = self.contacts.get(tx, case.row).unreached_at is not None
        title = reader.text(_TITLES[facts.level], code=case.code)
        said = AlertText(flow=flow, facts=facts, reader=reader, now=tx.now, unreached=unreached)
        first, *lines = said.lines(room_beside(*above, title))
        return fitting.card_of(([*above, f"{title}. {first}"],), lines, (), rows)

    def _closed(self, tx: Reading, case: Closed, member: Member) -> Card:
        """That it is closed; a false alarm can be undone for a while by who has closed it."""
        reader, until = self.speech.to_member(member), self.undoing.until(tx, case.row, member.id)
        if until is None:
            return reader.card(texts.ALERT_CLOSED, code=case.code)
        undo = reader.button(texts.UNDO, presses.Undo(case.code))
        return reader.card(texts.FALSE_DONE, (undo,), code=case.code, time=reader.clock(until))

    def _list(
        self,
        tx: Reading,
        part: Part[Waiting],
        reader: Reader,
        around: tuple[Sequence[str], Sequence[str]],
        rows: tuple[tuple[Button, ...], ...],
    ) -> Card:
        """Buttons for a part; as many of its cases in clear as are in sight together, all others folded below them."""
        (above, below), listed = around, (*part.shown, *part.others)
        said = self._lines(tx, listed[: MOST_LISTED + MOST_FOLDED], reader)

        def draw(clear: int) -> Card:
            lines = Lines()
            shown = said[:clear] if clear > 1 else [fitting.shortened(one, LONGEST_LISTED - 1) for one in said[:1]]
            lines.add("\n".join((*above, *shown)))
            if said[clear:]:
                lines.add("\n".join(said[clear:]), Look.folded)
            lines.add("\n".join(below), Look.quiet)
            return lines.card(rows)

        return fitting.largest(draw, len(part.shown))

    def _lines(self, tx: Reading, listed: Sequence[Waiting], reader: Reader) -> list[str]:
        flows = [(case, self.questionnaires.of_case(tx, case.revision)) for case in listed]
        said = (AlertText(flow=flow, facts=case.handoff.facts, reader=reader, now=tx.now) for case, flow in flows)
        lines = (one.in_a_line(case.code) for one, case in zip(said, listed, strict=True))
        return [fitting.shortened(line, LONGEST_LISTED) for line in lines]


def _apart(cases: Sequence[Waiting]) -> tuple[list[Waiting], list[Waiting]]:
    """The gravest first, those with a paper or a text behind them before others; and who has answered nothing."""
    listed = sorted(cases, key=_how_grave)
    silent = [case for case in listed if case.handoff.facts.unanswered]
    if len(silent) < 2:
        return listed, []
    return [case for case in listed if not case.handoff.facts.unanswered], silent


def _how_grave(case: Waiting) -> tuple[int, bool, bool, int]:
    facts = case.handoff.facts
    return -case.level.rank, facts.unanswered, not facts.backed, case.row


def _take_rows(reader: Reader, listed: Sequence[Waiting]) -> tuple[tuple[Button, ...], ...]:
    buttons = [reader.named(case.code, presses.Take(case.code)) for case in listed]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _silent_ones(reader: Reader, count: int) -> tuple[tuple[str, ...], tuple[tuple[Button, ...], ...]]:
    """How many have answered nothing, and the button that shows them."""
    if not count:
        return (), ()
    return (reader.plural(texts.LIST_SILENT, count),), ((reader.button(texts.LIST_SILENT_SHOW, presses.ShowSilent()),),)


def _more(
    reader: Reader, part: Part[Waiting], shows: Callable[[int], presses.OfLists]
) -> tuple[tuple[Button, ...], ...]:
    label = part.label(reader)
    return ((reader.named(label, shows(part.next)),),) if label else ()


def _of_coordinator(case: Case, reader: Reader, state: str) -> Card:
    """What became of a case that nobody had taken, or of whose account an earlier one was a false alarm."""
    if not isinstance(case, Waiting):
        return reader.card(over(case), code=case.code)
    if case.handoff.muted:
        return muted_card(reader, case.code)
    called = reader.button(coordinator.WHO_WAS_CALLED, presses.ShowCase(case.code))
    said = coordinator.LET_THROUGH_DONE if state == "through" else coordinator.UNCLAIMED
    return reader.card(said, (called,), code=case.code)


def muted_card(reader: Reader, code: str) -> Card:
    """A case of an account whose earlier one was a false alarm: a coordinator may have its lawyers called."""
    return reader.card(
        coordinator.MUTED, (reader.button(coordinator.LET_THROUGH, presses.LetThrough(code)),), code=code
    )


def newest_and_oldest(listed: Sequence[T]) -> list[T]:
    """Of what stands with the oldest first: the newest, the oldest, the newest but one, and so on."""
    turned = [each for pair in zip(reversed(listed), listed, strict=True) for each in pair]
    return turned[: len(listed)]
