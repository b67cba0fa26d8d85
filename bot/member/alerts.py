"""The alert of a case, as it is at the moment it is sent, and lists of cases that wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.member.claim_cards import ClaimCards
from bot.member.facts_in_words import contact, in_a_line, language, reasons, region, soonest
from bot.questionnaires import Questionnaires
from bot.speech import presses
from bot.speech.outgoing import Button, Card
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from storage.cases import Case, Cases
from storage.contact import Contacts
from storage.handoffs import Facts
from storage.members import Member
from storage.tx import Reading

LONGEST_REASONS = 2500  # of 4096 characters that a message may have
MOST_LISTED = 30
_TITLES = {"critical": texts.ALERT_CRITICAL, "high": texts.ALERT_HIGH, "normal": texts.ALERT_NORMAL}
_GRAVEST = {"critical": 0, "high": 1, "normal": 2}
PASS_REASONS = {"conflict": texts.PASS_CONFLICT, "language": texts.PASS_LANGUAGE, "time": texts.PASS_TIME}
T = TypeVar("T")
_Listed = tuple[Case, Facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Draws alerts; every method runs inside a change."""

    speech: Speech
    questionnaires: Questionnaires
    cases: Cases
    contacts: Contacts
    claim_cards: ClaimCards

    def alert(self, tx: Reading, case: Case, member: Member, state: str) -> Card:
        """The alert as it is now: open to take, passed, taken, withdrawn or erased. Typed text is never in it."""
        reader = self.speech.to_member(member)
        if member.role == "coordinator":
            return reader.card(_of_coordinator(case), code=case.code)
        if case.status == "claimed" and case.claimed_by == member.id:
            return self.claim_cards.taken(tx, case, member)
        if case.status != "waiting":
            return reader.card(_over(case), code=case.code)
        if state != "passed":
            return self._open(tx, case, reader)
        rows = ((reader.button(why, presses.Pass(case.code, reason)),) for reason, why in PASS_REASONS.items())
        return reader.card(texts.ALERT_PASSED, *rows, code=case.code)

    def offer(self, tx: Reading, case: Case, member: Member) -> Card:
        """A claimed case offered to another lawyer, with what its alert said."""
        reader = self.speech.to_member(member)
        card = self._open(tx, case, reader)
        accept = reader.button(texts.ACCEPT, presses.Answer(case.code, presses.Offer.accept))
        decline = reader.button(texts.DECLINE, presses.Answer(case.code, presses.Offer.decline))
        return replace(card, text=f"{reader.text(texts.OFFER)}\n\n{card.text}", rows=((accept,), (decline,)))

    def listed(self, tx: Reading, member: Member, cases: Sequence[Case]) -> Card:
        """One card for many cases; those with a paper or a text behind them stand first, none is left out."""
        reader = self.speech.to_member(member)
        if not cases:
            return reader.card(texts.LIST_EMPTY)
        known, silent = self._apart(tx, cases)
        urgent = any(facts.level == "critical" for _, facts in (*known[:1], *silent[:1]))
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

    def listed_silent(self, tx: Reading, member: Member, cases: Sequence[Case]) -> Card:
        """Those who have answered nothing: the newest and the oldest in turn, so that no flood hides either."""
        _, silent = self._apart(tx, cases)
        reader, mixed = self.speech.to_member(member), newest_and_oldest(silent)[:MOST_LISTED]
        if not mixed:
            return reader.card(texts.LIST_EMPTY)
        lines = [reader.plural(texts.LIST_SILENT, len(silent)), "", *self._lines(tx, mixed, reader)]
        return Card("\n".join([*lines, "", reader.text(texts.LIST_TAKE)]), _take_rows(reader, mixed))

    # --- parts ---

    def _open(self, tx: Reading, case: Case, reader: Reader) -> Card:
        facts, flow = self.cases.handoffs.get(tx, case.row).facts, self.questionnaires.of_case(tx, case.revision)
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

    def _apart(self, tx: Reading, cases: Sequence[Case]) -> tuple[list[_Listed], list[_Listed]]:
        """The gravest first, those with a paper or a text behind them before others; and who has answered nothing."""
        handoffs = self.cases.handoffs.of_rows(tx, [case.row for case in cases])
        listed = [(case, handoffs[case.row].facts) for case in cases if case.row in handoffs]
        listed.sort(key=_how_grave)
        silent = [(case, facts) for case, facts in listed if facts.unanswered]
        if len(silent) < 2:
            return listed, []
        return [(case, facts) for case, facts in listed if not facts.unanswered], silent

    def _lines(self, tx: Reading, listed: Sequence[_Listed], reader: Reader) -> list[str]:
        flows = self.questionnaires
        return [in_a_line(case.code, flows.of_case(tx, case.revision), facts, reader) for case, facts in listed]


def _how_grave(listed: _Listed) -> tuple[int, bool, bool, int]:
    case, facts = listed
    return _GRAVEST[facts.level], facts.unanswered, not facts.backed, case.row


def _take_rows(reader: Reader, listed: Sequence[_Listed]) -> tuple[tuple[Button, ...], ...]:
    buttons = [reader.named(case.code, presses.Take(case.code)) for case, _ in listed]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _erased(case: Case) -> str:
    return texts.ALERT_ERASED if case.outcome == "wish" else texts.ALERT_ERASED_HERE


def _over(case: Case) -> str:
    """What a lawyer reads of a case that is not theirs to take."""
    over = {"open": texts.ALERT_WITHDRAWN, "erased": _erased(case), "closed": texts.ALERT_CLOSED}
    return over.get(case.status, texts.ALERT_TAKEN)


def _of_coordinator(case: Case) -> str:
    """What became of a case that nobody had taken."""
    if case.status == "waiting":
        return coordinator.UNCLAIMED
    return _over(case)


def newest_and_oldest(listed: Sequence[T]) -> list[T]:
    """Of what stands with the oldest first: the newest, the oldest, the newest but one, and so on."""
    turned = [each for pair in zip(reversed(listed), listed, strict=True) for each in pair]
    return turned[: len(listed)]
