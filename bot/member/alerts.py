"""The alert of a case, as it is at the moment it is sent, and lists of cases that wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.handoff.graver import unseen_by
from bot.member.claim_cards import ClaimCards
from bot.member.facts_in_words import contact, in_a_line, language, reasons, region, soonest
from bot.member.graver_cards import GraverCards
from bot.questionnaires import Questionnaires
from bot.speech import presses
from bot.speech.outgoing import Button, Card
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
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

    @property
    def graver_cards(self) -> GraverCards:
        """Of a claimed case that has become graver."""
        return GraverCards(speech=self.speech, questionnaires=self.questionnaires, contacts=self.contacts)

    def alert(self, tx: Reading, case: Case, member: Member, state: str) -> Card:
        """The alert as it is now: open to take, passed, taken, withdrawn or erased. Typed text is never in it."""
        reader = self.speech.to_member(member)
        if member.role == "coordinator":
            return reader.card(_of_coordinator(case), code=case.code)
        if isinstance(case, Claimed) and case.is_held_by(member.id):
            return self.claim_cards.taken(tx, case, member)
        to_take = self._to_take(tx, case, member)
        if to_take is None:
            return reader.card(_over(case), code=case.code)
        if state != "passed":
            return to_take
        rows = ((reader.button(why, presses.Pass(case.code, reason)),) for reason, why in PASS_REASONS.items())
        return reader.card(texts.ALERT_PASSED, *rows, code=case.code)

    def offer(self, tx: Reading, case: Handed, member: Member) -> Card:
        """A claimed case offered to another lawyer, with what its alert said."""
        reader = self.speech.to_member(member)
        card = self._open(tx, case, reader)
        accept = reader.button(texts.ACCEPT, presses.Answer(case.code, presses.Offer.accept))
        decline = reader.button(texts.DECLINE, presses.Answer(case.code, presses.Offer.decline))
        return replace(card, text=f"{reader.text(texts.OFFER)}\n\n{card.text}", rows=((accept,), (decline,)))

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

    def _to_take(self, tx: Reading, case: Case, member: Member) -> Card | None:
        """A case that waits, or one to which this member is called besides its claimer; None for any other."""
        unseen = unseen_by(case, member.id)
        if isinstance(case, Claimed) and unseen is not None:
            return self.graver_cards.for_others(tx, case, member, unseen)
        return self._open(tx, case, self.speech.to_member(member)) if isinstance(case, Waiting) else None

    def _open(self, tx: Reading, case: Handed, reader: Reader) -> Card:
        facts, flow = case.handoff.facts, self.questionnaires.of_case(tx, case.revision)
        unreached = self.contacts.get(tx, case.row).unreached_at is not None
        lines = [
            reader.text(_TITLES[facts.level], code=case.code),
            "",
            "\n".join(f"• {reason}" for reason in reasons(flow, facts, reader))[:LONGEST_REASONS],
            "",
            reader.text(texts.ALERT_REGION, region=region(flow, facts, reader)),
            reader.text(texts.ALERT_LANGUAGE, language=language(facts, reader)),
            soonest(flow, facts, reader),
            contact(flow, facts, reader, unreached=unreached),
        ]
        take = reader.button(texts.TAKE, presses.Take(case.code))
        pass_ = reader.button(texts.PASS, presses.Pass(case.code))
        return Card("\n".join(lines), ((take,), (pass_,)))

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
