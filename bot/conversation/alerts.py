"""The texts for lawyers and coordinators, rendered from the truth of the moment they are sent."""

from dataclasses import dataclass, field

from bot.conversation import texts
from bot.conversation.callback import sign
from bot.conversation.incoming import Button, Card
from bot.conversation.shelf import Shelf
from bot.conversation.words import Words, language_name
from flows.model import Flow
from storage.cases import Case, Cases, Facts
from storage.members import Member
from storage.sealing.keyring import KeyRing
from storage.writer import Connection

_TITLES = {"critical": texts.ALERT_CRITICAL, "high": texts.ALERT_HIGH, "normal": texts.ALERT_NORMAL}


@dataclass(frozen=True, slots=True)
class Alerts:
    """Draws alerts; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    shelf: Shelf
    cases: Cases

    def alert(self, connection: Connection, case: Case, member: Member, state: str) -> Card:
        """The alert as it is now: open to take, passed, taken, withdrawn or erased. Typed text is never in it."""
        language = member.language
        if case.status == "waiting" and state != "passed":
            facts = self.cases.handoff(connection, case.row).facts
            return self._open(self.shelf.of(connection, case.revision), case, member, facts)
        if case.status == "claimed" and case.claimed_by == member.id:
            return Card(self.words.text(language, texts.YOU_TOOK, code=case.code), protect=False)
        text = {
            "waiting": texts.ALERT_PASSED,
            "open": texts.ALERT_WITHDRAWN,
            "erased": texts.ALERT_ERASED,
        }.get(case.status, texts.ALERT_TAKEN)
        return Card(self.words.text(language, text, code=case.code))

    def notice(self, member: Member, case: Case, kind: str) -> Card:
        """A line about a case: something was added, nobody has taken it, nobody can be reached."""
        text = {"more": texts.MORE, "unclaimed": texts.UNCLAIMED, "nobody": texts.NOBODY}[kind]
        return Card(self.words.text(member.language, text, code=case.code))

    def caption(self, member: Member, case: Case) -> str:
        """The line under the sealed file."""
        return self.words.text(member.language, texts.BUNDLE, code=case.code)

    def _open(self, flow: Flow, case: Case, member: Member, facts: Facts) -> Card:
        language = member.language
        lines = [self.words.text(language, _TITLES[facts.level], code=case.code), ""]
        lines += [f"• {reason}" for reason in self._reasons(flow, facts, language)]
        lines += [
            "",
            self.words.text(language, texts.ALERT_REGION, region=self._region(flow, facts, language)),
            self.words.text(language, texts.ALERT_LANGUAGE, language=language_name(facts.language, language)),
            self.words.text(language, texts.ALERT_NO_CLOCK),
            self.words.text(language, texts.ALERT_WRITING_UNKNOWN),
        ]
        chat_id = member.telegram_id
        rows = tuple(
            (Button(self.words.text(language, label), sign(self.ring, chat_id, word, case.code)),)
            for word, label in (("take", texts.TAKE), ("pass", texts.PASS))
        )
        return Card("\n".join(lines), rows)

    def _reasons(self, flow: Flow, facts: Facts, language: str) -> list[str]:
        lines = [self.words.text(language, texts.ASKED_URGENT)] if facts.asked_urgent else []
        for rule_id, because in facts.reasons:
            rule = flow.rule(rule_id)
            reason = rule.reason.get(language, rule_id) if rule else rule_id
            labels = [label for question, option in because if (label := _label(flow, question, option, language))]
            lines.append(f"{reason}: {', '.join(labels)}" if labels else reason)
        return lines

    def _region(self, flow: Flow, facts: Facts, language: str) -> str:
        label = _label(flow, flow.region, facts.region, language) if flow.region and facts.region else None
        return label or self.words.text(language, texts.NOT_KNOWN)


def _label(flow: Flow, question: str, option: str, language: str) -> str | None:
    found = flow.question(question).option(option)
    return found.label.get(language) if found else None
