"""The texts for lawyers and coordinators, rendered from the truth of the moment they are sent."""

from dataclasses import dataclass, field

from bot.conversation import texts
from bot.conversation.callback import sign
from bot.conversation.incoming import Button, Card
from bot.conversation.shelf import Shelf
from bot.conversation.words import Words, clock, day, language_name
from flows.model import Flow
from storage.cases import Case, Cases, Facts
from storage.members import Member
from storage.sealing.keyring import KeyRing
from storage.writer import Connection

LONGEST_SHOWN = 3800  # of 4096 characters that a message may have
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
            return self._taken(connection, case, member)
        text = {
            "waiting": texts.ALERT_PASSED,
            "open": texts.ALERT_WITHDRAWN,
            "erased": texts.ALERT_ERASED,
        }.get(case.status, texts.ALERT_TAKEN)
        return Card(self.words.text(language, text, code=case.code))

    def notice(self, member: Member, case: Case, kind: str) -> Card:
        """A line about a case: something was added, nobody has taken it, nobody can be reached, a claim lapsed."""
        known = {"more": texts.MORE, "unclaimed": texts.UNCLAIMED, "nobody": texts.NOBODY, "lapsed": texts.LAPSED}
        return Card(self.words.text(member.language, known[kind], code=case.code))

    def ask(self, connection: Connection, case: Case, member: Member) -> Card:
        """Has the person been reached? With the buttons that answer it."""
        until = self.cases.handoff(connection, case.row).lease_until
        time = clock(member.language, until) if until else ""
        text = self.words.text(member.language, texts.LEASE_ASK, code=case.code, time=time)
        return Card(text, self._of_claim(case, member))

    def from_seeker(self, case: Case, member: Member, text: str) -> Card:
        """What the person wrote, shown as code so that nothing in it can be tapped."""
        head = self.words.text(member.language, texts.FROM_SEEKER, code=case.code) + "\n"
        shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
        return Card(head + shown, self._of_claim(case, member), code=(len(head), len(shown)))

    def region(self, connection: Connection, case: Case, language: str) -> str:
        """The region of a case in words."""
        facts = self.cases.handoff(connection, case.row).facts
        return self._region(self.shelf.of(connection, case.revision), facts, language)

    def _taken(self, connection: Connection, case: Case, member: Member) -> Card:
        lines = [self.words.text(member.language, texts.YOU_TOOK, code=case.code)]
        until = self.cases.handoff(connection, case.row).lease_until
        if until is not None:
            lines.append(self.words.text(member.language, texts.LEASE, time=clock(member.language, until)))
        return Card("\n\n".join(lines), self._of_claim(case, member), protect=False)

    def _of_claim(self, case: Case, member: Member) -> tuple[tuple[Button, ...], ...]:
        ways = (("write", texts.WRITE), ("acting", texts.ACTING), ("release", texts.RELEASE))
        return tuple(
            (Button(self.words.text(member.language, label), sign(self.ring, member.telegram_id, word, case.code)),)
            for word, label in ways
        )

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
            self._soonest(flow, facts, language),
            self._contact(flow, facts, language),
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

    def _soonest(self, flow: Flow, facts: Facts, language: str) -> str:
        """The deadline that ends first; marked until an advocate has signed its clock."""
        clock = next((one for one in flow.clocks if facts.soonest and one.id == facts.soonest[0]), None)
        if clock is None or facts.soonest is None:
            return self.words.text(language, texts.ALERT_NO_CLOCK)
        date, event = day(language, facts.soonest[1]), clock.event[language]
        said = self.words.text(language, texts.ALERT_CLOCK, date=date, event=event)
        return said if clock.verified_by else f"{said} {self.words.text(language, texts.UNSIGNED)}"

    def _contact(self, flow: Flow, facts: Facts, language: str) -> str:
        """Is writing safe, and if not, which other way was chosen."""
        way = _label(flow, flow.contact, facts.contact, language) if flow.contact and facts.contact else None
        if way is None:
            return self.words.text(language, texts.ALERT_WRITING_UNKNOWN)
        if facts.quiet:
            return self.words.text(language, texts.ALERT_WRITING_UNSAFE, way=way)
        return self.words.text(language, texts.ALERT_WRITING_SAFE)

    def _region(self, flow: Flow, facts: Facts, language: str) -> str:
        label = _label(flow, flow.region, facts.region, language) if flow.region and facts.region else None
        return label or self.words.text(language, texts.NOT_KNOWN)


def _label(flow: Flow, question: str, option: str, language: str) -> str | None:
    found = flow.question(question).option(option)
    return found.label.get(language) if found else None
