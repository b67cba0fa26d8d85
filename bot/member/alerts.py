"""The alert of a case, as it is at the moment it is sent, and lists of cases that wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.handoff.graver import is_called
from bot.member.claim_cards import ClaimCards
from bot.member.facts_in_words import contact, in_a_line, language, reasons, region, soonest
from bot.questionnaires import Questionnaires
from bot.speech import presses
from bot.speech.outgoing import Button, Card
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from flows.facts import Change
from flows.model import Level
from storage.case import Case, Claimed, Closed, Erased, Handed, Open, Waiting
from storage.contact import Contacts
from storage.members import Member
from storage.tx import Reading

LONGEST_REASONS = 2500  # of 4096 characters that a message may have
MOST_LISTED = 30
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

    def alert(self, tx: Reading, case: Case, member: Member, state: str) -> Card:
        """The alert as it is now: open to take, passed, taken, withdrawn or erased. Typed text is never in it."""
        reader = self.speech.to_member(member)
        if member.role == "coordinator":
            return reader.card(_of_coordinator(case), code=case.code)
        if isinstance(case, Claimed) and case.is_held_by(member.id):
            return self.claim_cards.taken(tx, case, member)
        if not isinstance(case, Waiting) and not (isinstance(case, Claimed) and is_called(case, member.id)):
            return reader.card(_over(case), code=case.code)
        if state != "passed":
            return self._open(tx, case, reader) if isinstance(case, Waiting) else self._unseen(tx, case, reader)
        rows = ((reader.button(why, presses.Pass(case.code, reason)),) for reason, why in PASS_REASONS.items())
        return reader.card(texts.ALERT_PASSED, *rows, code=case.code)

    def offer(self, tx: Reading, case: Handed, member: Member) -> Card:
        """A claimed case offered to another lawyer, with what its alert said."""
        reader = self.speech.to_member(member)
        card = self._open(tx, case, reader)
        accept = reader.button(texts.ACCEPT, presses.Answer(case.code, presses.Offer.accept))
        decline = reader.button(texts.DECLINE, presses.Answer(case.code, presses.Offer.decline))
        return replace(card, text=f"{reader.text(texts.OFFER)}\n\n{card.text}", rows=((accept,), (decline,)))

    def graver(self, tx: Reading, case: Claimed, member: Member, change: Change) -> Card:
        """What is new in a case, for its claimer, with what its alert says; until it was seen, by when it is to be."""
        reader = self.speech.to_member(member)
        about = "\n".join(self._about(tx, case, reader))
        lines = [reader.text(texts.GRAVER, code=case.code), about, *self._new(tx, case, reader, change)]
        if change.called_at is not None:
            since = reader.clock(change.called_at, tx.now)
            num, count = len(change.called), change.coordinators
            lines.append(reader.text(texts.SEEN_LATE, time=since, num=num, count=count))
        elif change.due_at is not None:
            lines.append(reader.text(texts.SEE_BY, time=reader.clock(change.due_at, tx.now)))
        write = reader.button(texts.WRITE, presses.OfClaim(case.code, presses.Claim.write))
        seen = reader.button(texts.SEEN, presses.OfClaim(case.code, presses.Claim.seen))
        rows = ((seen,), (write,)) if change.due_at is not None else ((write,),)
        return Card("\n\n".join(lines), rows)

    def _unseen(self, tx: Reading, case: Claimed, reader: Reader) -> Card:
        """The same for another lawyer, who can take the case over."""
        change = case.handoff.facts.unseen
        about, new = "\n".join(self._about(tx, case, reader)), self._new(tx, case, reader, change) if change else []
        text = "\n\n".join((reader.text(texts.UNSEEN, code=case.code), about, *new))
        return replace(self._open(tx, case, reader), text=text)

    def _new(self, tx: Reading, case: Claimed, reader: Reader, change: Change) -> list[str]:
        """The reasons that are new, each with its options; where none is, that urgent help was asked for."""
        flow, facts = self.questionnaires.of_case(tx, case.revision), case.handoff.facts.only(change.reasons)
        new = reasons(flow, facts, reader)
        return ["\n".join((reader.text(texts.GRAVER_NEW), *(f"• {one}" for one in new)))] if new else []

    def listed(self, tx: Reading, member: Member, cases: Sequence[Waiting]) -> Card:
        """One card for many cases; those with a paper or a text behind them stand first, none is left out."""
        reader = self.speech.to_member(member)
        if not cases:
            return reader.card(texts.LIST_EMPTY)
        known, silent = _apart(cases)
        urgent = any(case.level is Level.critical for case in (*known[:1], *silent[:1]))
        lines = [reader.plural(texts.LIST_URGENT if urgent else texts.LIST_DIGEST, len(cases))]
        rows: tuple[tuple[Button, ...], ...] = ()
        if known:
            lines += ["", *self._lines(tx, known[:MOST_LISTED], reader)]
            rows = _take_rows(reader, known[:MOST_LISTED])
        if len(known) > MOST_LISTED:
            lines += ["", reader.text(texts.LIST_MORE, num=len(known) - MOST_LISTED)]
        if silent:
            lines += ["", reader.plural(texts.LIST_SILENT, len(silent))]
            rows += ((reader.button(texts.LIST_SILENT_SHOW, presses.ShowSilent()),),)
        if known:
            lines += ["", reader.text(texts.LIST_TAKE)]
        return Card("\n".join(lines), rows)

    def listed_silent(self, tx: Reading, member: Member, cases: Sequence[Waiting]) -> Card:
        """Those who have answered nothing: the newest and the oldest in turn, so that no flood hides either."""
        _, silent = _apart(cases)
        reader, mixed = self.speech.to_member(member), newest_and_oldest(silent)[:MOST_LISTED]
        if not mixed:
            return reader.card(texts.LIST_EMPTY)
        lines = [reader.plural(texts.LIST_SILENT, len(silent)), "", *self._lines(tx, mixed, reader)]
        return Card("\n".join([*lines, "", reader.text(texts.LIST_TAKE)]), _take_rows(reader, mixed))

    # --- parts ---

    def _open(self, tx: Reading, case: Handed, reader: Reader) -> Card:
        title = reader.text(_TITLES[case.handoff.facts.level], code=case.code)
        take = reader.button(texts.TAKE, presses.Take(case.code))
        pass_ = reader.button(texts.PASS, presses.Pass(case.code))
        return Card("\n".join([title, "", *self._about(tx, case, reader)]), ((take,), (pass_,)))

    def _about(self, tx: Reading, case: Handed, reader: Reader) -> list[str]:
        """What an alert says of a case, line by line."""
        facts, flow = case.handoff.facts, self.questionnaires.of_case(tx, case.revision)
        unreached = self.contacts.get(tx, case.row).unreached_at is not None
        return [
            "\n".join(f"• {reason}" for reason in reasons(flow, facts, reader))[:LONGEST_REASONS],
            "",
            reader.text(texts.ALERT_REGION, region=region(flow, facts, reader)),
            reader.text(texts.ALERT_LANGUAGE, language=language(facts, reader)),
            soonest(flow, facts, reader),
            contact(flow, facts, reader, unreached=unreached),
        ]

    def _lines(self, tx: Reading, listed: Sequence[Waiting], reader: Reader) -> list[str]:
        flows = [(case, self.questionnaires.of_case(tx, case.revision)) for case in listed]
        return [in_a_line(case.code, flow, case.handoff.facts, reader) for case, flow in flows]


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


def _over(case: Case) -> str:
    """What a lawyer reads of a case that is not theirs to take."""
    match case:
        case Closed():
            return texts.ALERT_CLOSED
        case Erased():
            return texts.ALERT_ERASED if case.by_wish else texts.ALERT_ERASED_HERE
        case Open():
            return texts.ALERT_WITHDRAWN
        case Waiting() | Claimed():
            return texts.ALERT_TAKEN


def _of_coordinator(case: Case) -> str:
    """What became of a case that nobody had taken."""
    return coordinator.UNCLAIMED if isinstance(case, Waiting) else _over(case)


def newest_and_oldest(listed: Sequence[T]) -> list[T]:
    """Of what stands with the oldest first: the newest, the oldest, the newest but one, and so on."""
    turned = [each for pair in zip(reversed(listed), listed, strict=True) for each in pair]
    return turned[: len(listed)]
