"""The texts for lawyers and coordinators, rendered from the truth of the moment they are sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from bot.questionnaires import Questionnaires
from bot.speech import presses, texts
from bot.speech.outgoing import Button, Card
from bot.speech.presses import Claim
from bot.speech.words import Words, clock, day, language_name, shift_in_words
from flows.model import Flow
from storage.cases import Case, Cases
from storage.contact import Contact, Contacts
from storage.handoffs import Facts
from storage.members import Member, Members
from storage.relay import Relayed
from storage.sealing.identity_file import fingerprint
from storage.sealing.keyring import KeyRing
from storage.tx import Reading

LONGEST_SHOWN = 3800  # of 4096 characters that a message may have
LONGEST_REASONS = 2500
MOST_LISTED = 30
_TITLES = {"critical": texts.ALERT_CRITICAL, "high": texts.ALERT_HIGH, "normal": texts.ALERT_NORMAL}
PASS_REASONS = {"conflict": texts.PASS_CONFLICT, "language": texts.PASS_LANGUAGE, "time": texts.PASS_TIME}
OUTCOMES = {
    "helped": texts.OUTCOME_HELPED,
    "referred": texts.OUTCOME_REFERRED,
    "unreachable": texts.OUTCOME_UNREACHABLE,
    "declined": texts.OUTCOME_DECLINED,
    "false_alarm": texts.OUTCOME_FALSE_ALARM,
    "other": texts.OUTCOME_OTHER,
}
_LINES = {
    "taken": texts.LINE_TAKEN,
    "lapsed": texts.LINE_LAPSED,
    "released": texts.LINE_RELEASED,
    "passed": texts.LINE_PASSED,
    "closed": texts.LINE_CLOSED,
    "undone": texts.LINE_UNDONE,
    "gone": texts.LINE_GONE,
    "collects": texts.LINE_COLLECTS,
    "risen": texts.LINE_RISEN,
    "joined": texts.LINE_JOINED,
    "often": texts.LINE_OFTEN,
    "left": texts.LINE_LEFT,
    "suspended": texts.LINE_SUSPENDED,
    "unsuspended": texts.LINE_NOT_SUSPENDED,
    "resumed": texts.LINE_RESUMED,
    "rekeyed": texts.LINE_REKEYED,
    "key": texts.LINE_KEY,
    "rota": texts.LINE_ROTA,
    "broken": texts.LINE_ROTA_BROKEN,
    "gap": texts.LINE_GAP,
    "bare": texts.LINE_BARE,
    "aside": texts.LINE_ASIDE,
    "unreadable": texts.LINE_UNREADABLE,
    "erasing": texts.LINE_ERASING,
    "clock": texts.LINE_CLOCK,
    "moved": texts.SHIFT_MOVED,
    "unreached": texts.LINE_UNREACHED,
    "freed": texts.LINE_FREED,
    "ending": texts.LINE_ENDING,
    "swapped": texts.SWAP_ACCEPTED,
    "unswapped": texts.SWAP_DECLINED,
    "nowrap": texts.WRAP_WRONG,
    "webhook": texts.LINE_TAKEN_ELSEWHERE,
    "rival": texts.LINE_TAKEN_ELSEWHERE,
    "refused": texts.LINE_REFUSED,
    "unreachable": texts.LINE_DEAF,
}
_OUTSIDE = {"waits": texts.OUTSIDE, "attention": texts.OUTSIDE_ATTENTION, "test": texts.OUTSIDE_TEST}
_COMMANDS = {
    "key": "pana member approve NAME --fingerprint KEY",
    "broken": "pana oncall check",
    "gap": "pana oncall check",
    "bare": "/oncall",
    "aside": "pana doctor",
    "unreadable": "pana doctor",
    "erasing": "pana case list",
    "clock": "pana doctor",
    **dict.fromkeys(("webhook", "rival", "refused"), "@BotFather"),
}


T = TypeVar("T")
_Listed = tuple[Case, Facts]


@dataclass(frozen=True, slots=True)
class Alerts:
    """Draws alerts; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    questionnaires: Questionnaires
    cases: Cases
    members: Members
    contacts: Contacts

    def alert(self, tx: Reading, case: Case, member: Member, state: str) -> Card:
        """The alert as it is now: open to take, passed, taken, withdrawn or erased. Typed text is never in it."""
        if member.role == "coordinator":
            return self._to_coordinator(case, member)
        language = member.language
        if case.status == "waiting" and state != "passed":
            facts = self.cases.handoffs.get(tx, case.row).facts
            return self._open(tx, case, member, facts)
        if case.status == "claimed" and case.claimed_by == member.id:
            return self._taken(tx, case, member)
        if case.status == "waiting":
            rows = tuple(
                (self._button(member, why, presses.Pass(case.code, reason)),) for reason, why in PASS_REASONS.items()
            )
            return Card(self.words.text(language, texts.ALERT_PASSED, code=case.code), rows)
        text = {
            "open": texts.ALERT_WITHDRAWN,
            "erased": texts.ALERT_ERASED if case.outcome == "wish" else texts.ALERT_ERASED_HERE,
            "closed": texts.ALERT_CLOSED,
        }.get(case.status, texts.ALERT_TAKEN)
        return Card(self.words.text(language, text, code=case.code))

    def _to_coordinator(self, case: Case, member: Member) -> Card:
        """What became of a case that nobody had taken."""
        text = {
            "waiting": texts.UNCLAIMED,
            "claimed": texts.ALERT_TAKEN,
            "closed": texts.ALERT_CLOSED,
            "erased": texts.ALERT_ERASED if case.outcome == "wish" else texts.ALERT_ERASED_HERE,
        }.get(case.status, texts.ALERT_WITHDRAWN)
        return Card(self.words.text(member.language, text, code=case.code))

    def notice(self, member: Member, case: Case, kind: str) -> Card:
        """A line about a case: something was added, nobody has taken it, nobody can be reached, a claim lapsed."""
        known = {
            "more": texts.MORE,
            "risen": texts.RISEN,
            "unclaimed": texts.UNCLAIMED,
            "nobody": texts.NOBODY,
            "lapsed": texts.LAPSED,
            "freed": texts.FREED,
            "reachable": texts.REACHABLE,
            "declined": texts.OFFER_DECLINED,
            "sent_on": texts.WRAP_SENT,
        }
        return Card(self.words.text(member.language, known[kind], code=case.code))

    def line(self, tx: Reading, member: Member, case: Case | None, args: Mapping[str, object]) -> Card:
        """A line to a coordinator, or to a lawyer about a shift: what happened, when, with whom."""
        about = self.members.find(tx, int(str(args["about"]))) if args.get("about") else None
        values: dict[str, object] = {"name": about.name if about else "", "code": case.code if case else ""}
        if "at" in args:
            values["time"] = clock(member.language, datetime.fromisoformat(str(args["at"])))
        values["key"] = args.get("key") or (fingerprint(about.recipient) if about else "")
        values["count"] = args.get("count") or ""
        values["date"] = day(member.language, date.fromisoformat(str(args["day"]))) if "day" in args else ""
        values["command"] = _COMMANDS.get(str(args["what"]), "")
        if "begins" in args:
            both = (datetime.fromisoformat(str(args[name])) for name in ("begins", "ends"))
            values["shift"] = shift_in_words(member.language, *both)
        return Card(self.words.text(member.language, _LINES[str(args["what"])], **values))

    # --- lists ---

    def listed(self, tx: Reading, member: Member, cases: Sequence[Case]) -> Card:
        """One card for many cases; those with a paper or a text behind them stand first, none is left out."""
        language = member.language
        if not cases:
            return Card(self.words.text(language, texts.LIST_EMPTY))
        known, silent = self._apart(tx, cases)
        urgent = any(facts.level == "critical" for _, facts in (*known[:1], *silent[:1]))
        title = texts.LIST_URGENT if urgent else texts.LIST_DIGEST
        lines = [self.words.plural(language, title, len(cases)), *([""] if known else [])]
        lines += [self._in_a_line(tx, case, facts, language) for case, facts in known[:MOST_LISTED]]
        if len(known) > MOST_LISTED:
            lines += ["", self.words.text(language, texts.LIST_MORE, num=len(known) - MOST_LISTED)]
        rows = self._take_rows(member, [case for case, _ in known[:MOST_LISTED]])
        if silent:
            lines += ["", self.words.plural(language, texts.LIST_SILENT, len(silent))]
            rows += ((self._button(member, texts.LIST_SILENT_SHOW, presses.ShowSilent()),),)
        lines += ["", self.words.text(language, texts.LIST_TAKE)] if known else []
        return Card("\n".join(lines), rows)

    def listed_silent(self, tx: Reading, member: Member, cases: Sequence[Case]) -> Card:
        """Those who have answered nothing: the newest and the oldest in turn, so that no flood hides either."""
        _, silent = self._apart(tx, cases)
        language, mixed = member.language, newest_and_oldest(silent)[:MOST_LISTED]
        if not mixed:
            return Card(self.words.text(language, texts.LIST_EMPTY))
        lines = [self.words.plural(language, texts.LIST_SILENT, len(silent)), ""]
        lines += [self._in_a_line(tx, case, facts, language) for case, facts in mixed]
        lines += ["", self.words.text(language, texts.LIST_TAKE)]
        return Card("\n".join(lines), self._take_rows(member, [case for case, _ in mixed]))

    def _apart(self, tx: Reading, cases: Sequence[Case]) -> tuple[list[_Listed], list[_Listed]]:
        """The gravest first, those with a paper or a text behind them before others; and who has answered nothing."""
        facts = self.cases.handoffs.of_rows(tx, [case.row for case in cases])
        known = [(case, facts[case.row].facts) for case in cases if case.row in facts]
        order = {"critical": 0, "high": 1, "normal": 2}
        known.sort(key=lambda one: (order[one[1].level], one[1].unanswered, not one[1].backed, one[0].row))
        silent = [one for one in known if one[1].unanswered]
        if len(silent) < 2:
            return known, []
        return [one for one in known if not one[1].unanswered], silent

    def _in_a_line(self, tx: Reading, case: Case, facts: Facts, language: str) -> str:
        flow = self.questionnaires.of_case(tx, case.revision)
        why = (self._reasons(flow, facts, language) or [""])[0][:60]
        place = self._region(flow, facts, language)
        return f"{case.code} · {place} · {self._language(facts, language)} · {why}"[:110]

    def _take_rows(self, member: Member, cases: Sequence[Case]) -> tuple[tuple[Button, ...], ...]:
        buttons = [self._take(member, case) for case in cases]
        return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))

    def _take(self, member: Member, case: Case) -> Button:
        return Button(case.code, presses.button_data(self.ring, member.telegram_id, presses.Take(case.code)))

    # --- a claim ---

    def preview(self, tx: Reading, case: Case, member: Member, text: str) -> Card:
        """What the lawyer typed, once more, before it is sent."""
        region = self.region(tx, case, member.language)
        head = self.words.text(member.language, texts.PREVIEW, code=case.code, region=region) + "\n"
        number = self.contacts.get(tx, case.row).sent + 1  # a second press finds that it was sent
        send = self._button(member, texts.SEND_MESSAGE, presses.SendTyped(case.code, number))
        cancel = self._button(member, texts.CANCEL, presses.OfClaim(case.code, Claim.cancel))
        buttons = (send, cancel)
        return Card(head + text, (buttons,), code=(len(head), len(text)))

    def offer(self, tx: Reading, case: Case, member: Member) -> Card:
        """A claimed case offered to another lawyer, with what its alert said."""
        facts = self.cases.handoffs.get(tx, case.row).facts
        card = self._open(tx, case, member, facts)
        rows = tuple(
            (self._button(member, label, presses.Answer(case.code, said)),)
            for label, said in ((texts.ACCEPT, presses.Offer.accept), (texts.DECLINE, presses.Offer.decline))
        )
        return replace(card, text=f"{self.words.text(member.language, texts.OFFER)}\n\n{card.text}", rows=rows)

    def opens(self, case: Case, member: Member) -> Card:
        """Does the handed-over case open?"""
        ways = ((texts.OPENS_YES, presses.Offer.opens), (texts.OPENS_NO, presses.Offer.shut))
        buttons = tuple(self._button(member, label, presses.Answer(case.code, said)) for label, said in ways)
        return Card(self.words.text(member.language, texts.OFFER_OPENS, code=case.code), (buttons,))

    def share(self, member: Member, case: Case, *, again: bool) -> str:
        """The line under the public key of the lawyer who has accepted a case; `again`: the first file did not open."""
        command = f"pana share {case.code}.zip -i KEY.txt --to NEW.pub -o NEW.zip"
        return self.words.text(
            member.language, texts.OFFER_SHARE_AGAIN if again else texts.OFFER_SHARE, code=case.code, command=command
        )

    def remind(self, tx: Reading, case: Case, member: Member, clock_id: str, last_day: date) -> Card:
        """A deadline comes near; marked until an advocate has signed it."""
        flow = self.questionnaires.of_case(tx, case.revision)
        known = next((one for one in flow.clocks if one.id == clock_id), None)
        event = known.event[member.language] if known else clock_id
        date_ = day(member.language, last_day)
        text = self.words.text(member.language, texts.REMIND, code=case.code, date=date_, event=event)
        if known is None or not known.verified_by:
            text = f"{text} {self.words.text(member.language, texts.UNSIGNED)}"
        settle = presses.SettleClock(case.code, clock_id)
        ways = (texts.CLOCK_DONE, texts.CLOCK_NOT_MINE)
        return Card(text, (tuple(self._button(member, label, settle) for label in ways),))

    def reach(self, member: Member) -> Card:
        """The monthly test page."""
        button = self._button(member, texts.REACH_CONFIRM, presses.Reached())
        return Card(self.words.text(member.language, texts.REACH_TEST), ((button,),))

    def outside(self, language: str, says: str = "waits") -> str:
        """All that is said outside Telegram."""
        return self.words.text(language, _OUTSIDE[says])

    def ask(self, tx: Reading, case: Case, member: Member) -> Card:
        """Has the person been reached? With the buttons that answer it."""
        until = self.cases.handoffs.get(tx, case.row).lease_until
        time = clock(member.language, until, tx.now) if until else ""
        text = self.words.text(member.language, texts.LEASE_ASK, code=case.code, time=time)
        return Card(text, self._of_claim(case, member))

    def quiet(self, case: Case, member: Member) -> Card:
        """No word from either side for two days: does the claimer still act?"""
        return Card(self.words.text(member.language, texts.QUIET_ASK, code=case.code), self._of_claim(case, member))

    def unreached(self, tx: Reading, case: Case, member: Member) -> Card:
        """The person cannot be reached in this chat; what else is possible."""
        facts = self.cases.handoffs.get(tx, case.row).facts
        way = self._way(self.questionnaires.of_case(tx, case.revision), facts, member.language)
        way = way or self.words.text(member.language, texts.NOT_KNOWN)
        text = self.words.text(member.language, texts.UNREACHED, code=case.code, way=way)
        return Card(text, self._of_claim(case, member))

    def receipt(self, case: Case, member: Member, known: Contact, now: datetime) -> Card:
        """What became of the claimer's last message: not read, read, or not opened in a day."""
        return Card(self._receipt(case, member, known, now))

    def _receipt(self, case: Case, member: Member, known: Contact, now: datetime) -> str:
        values: dict[str, object] = {"code": case.code, "n": known.sent}
        if known.seen >= known.sent and known.seen_at is not None:
            time = clock(member.language, known.seen_at, now)
            return self.words.text(member.language, texts.RECEIPT_READ, time=time, **values)
        if known.missed >= known.sent:
            return self.words.text(member.language, texts.RECEIPT_MISSED, **values)
        if known.unreached_at is not None:
            return self.words.text(member.language, texts.RECEIPT_UNREACHED, **values)
        return self.words.text(member.language, texts.RECEIPT_UNREAD, **values)

    def ending(self, member: Member, case: Case, args: Mapping[str, object]) -> Card:
        """A claim without a word for so long that the case is about to be erased."""
        on = day(member.language, date.fromisoformat(str(args["day"])))
        text = self.words.text(member.language, texts.ENDING, code=case.code, date=on)
        return Card(text, self._of_claim(case, member))

    def from_seeker(self, case: Case, member: Member, said: Relayed) -> Card:
        """What the person wrote, shown as code so that nothing in it can be tapped."""
        kind, text = texts.FROM_SEEKER_CORRECTED if said.corrects else texts.FROM_SEEKER, said.text
        head = self.words.text(member.language, kind, code=case.code, n=said.number) + "\n"
        shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
        return Card(head + shown, self._of_claim(case, member), code=(len(head), len(shown)))

    def region(self, tx: Reading, case: Case, language: str) -> str:
        """The region of a case in words."""
        facts = self.cases.handoffs.get(tx, case.row).facts
        return self._region(self.questionnaires.of_case(tx, case.revision), facts, language)

    def _taken(self, tx: Reading, case: Case, member: Member) -> Card:
        lines = [self.words.text(member.language, texts.YOU_TOOK, code=case.code)]
        until = self.cases.handoffs.get(tx, case.row).lease_until
        if until is not None:
            lines.append(self.words.text(member.language, texts.LEASE, time=clock(member.language, until, tx.now)))
        known = self.contacts.get(tx, case.row)
        if known.unreached_at is not None:
            lines.append(self.unreached(tx, case, member).text)
        if known.wrote:
            lines.append(self._receipt(case, member, known, tx.now))
        # This chat may be in other hands: the words are shown to whoever has opened the case.
        words = case.call_words(case.language) if case.checked else None
        said = self.words.text(member.language, texts.SAY_FIRST, words=words) if words else None
        lines.append(said or self.words.text(member.language, texts.SAY_FIRST_INSIDE))
        return Card("\n\n".join(lines), self._of_claim(case, member), protect=False)

    def _of_claim(self, case: Case, member: Member) -> tuple[tuple[Button, ...], ...]:
        by_phone = case.checked and case.contacted_at is None
        trying = ((Claim.phoned, texts.PHONED), (Claim.acting, texts.TRYING))
        rows = (
            ((Claim.write, texts.WRITE),),
            *((one,) for one in (trying if by_phone else ((Claim.acting, texts.ACTING),))),
            ((Claim.hand_over, texts.HAND_OVER), (Claim.release, texts.RELEASE)),
            ((Claim.close, texts.CLOSE),),
        )
        return tuple(
            tuple(self._button(member, label, presses.OfClaim(case.code, step)) for step, label in row) for row in rows
        )

    def _button(self, member: Member, label: str, press: presses.OfMember) -> Button:
        data = presses.button_data(self.ring, member.telegram_id, press)
        return Button(self.words.text(member.language, label), data)

    def caption(self, member: Member, case: Case) -> str:
        """The line under the sealed file."""
        return self.words.text(member.language, texts.BUNDLE, code=case.code)

    def _open(self, tx: Reading, case: Case, member: Member, facts: Facts) -> Card:
        language, flow = member.language, self.questionnaires.of_case(tx, case.revision)
        unreached = self.contacts.get(tx, case.row).unreached_at is not None
        lines = [self.words.text(language, _TITLES[facts.level], code=case.code), ""]
        lines.append("\n".join(f"• {reason}" for reason in self._reasons(flow, facts, language))[:LONGEST_REASONS])
        lines += [
            "",
            self.words.text(language, texts.ALERT_REGION, region=self._region(flow, facts, language)),
            self.words.text(language, texts.ALERT_LANGUAGE, language=self._language(facts, language)),
            self._soonest(flow, facts, language),
            self._contact(flow, facts, language, unreached=unreached),
        ]
        take = self._button(member, texts.TAKE, presses.Take(case.code))
        pass_ = self._button(member, texts.PASS, presses.Pass(case.code))
        return Card("\n".join(lines), ((take,), (pass_,)))

    def _reasons(self, flow: Flow, facts: Facts, language: str) -> list[str]:
        lines = [self.words.text(language, texts.ASKED_URGENT)] if facts.asked_urgent else []
        lines += [self.words.text(language, texts.FACTS_LOST)] if facts.lost else []
        for rule_id, because in facts.reasons:
            rule = flow.rule(rule_id)
            reason = rule.reason.get(language, rule_id) if rule else rule_id
            labels = [label for question, option in because if (label := _label(flow, question, option, language))]
            lines.append(f"{reason}: {', '.join(labels)}" if labels else reason)
        return lines

    def _language(self, facts: Facts, language: str) -> str:
        return self.words.text(language, texts.NOT_KNOWN) if facts.lost else language_name(facts.language, language)

    def _soonest(self, flow: Flow, facts: Facts, language: str) -> str:
        """The deadline that ends first; marked until an advocate has signed its clock."""
        clock = next((one for one in flow.clocks if facts.soonest and one.id == facts.soonest[0]), None)
        if clock is None or facts.soonest is None:
            return self.words.text(language, texts.ALERT_NO_CLOCK)
        date, event = day(language, facts.soonest[1]), clock.event[language]
        said = self.words.text(language, texts.ALERT_CLOCK, date=date, event=event)
        return said if clock.verified_by else f"{said} {self.words.text(language, texts.UNSIGNED)}"

    def _way(self, flow: Flow, facts: Facts, language: str) -> str | None:
        """How the person wants to be reached."""
        return _label(flow, flow.contact, facts.contact, language) if flow.contact and facts.contact else None

    def _contact(self, flow: Flow, facts: Facts, language: str, *, unreached: bool) -> str:
        """Is writing safe, and if not, or if nobody is reached there, which other way was chosen."""
        way = self._way(flow, facts, language)
        if unreached:
            way = way or self.words.text(language, texts.NOT_KNOWN)
            return self.words.text(language, texts.ALERT_UNREACHED, way=way)
        if way is None:
            return self.words.text(language, texts.ALERT_WRITING_UNKNOWN)
        if facts.quiet:
            return self.words.text(language, texts.ALERT_WRITING_UNSAFE, way=way)
        return self.words.text(language, texts.ALERT_WRITING_SAFE)

    def _region(self, flow: Flow, facts: Facts, language: str) -> str:
        label = _label(flow, flow.region, facts.region, language) if flow.region and facts.region else None
        return label or self.words.text(language, texts.NOT_KNOWN)


def newest_and_oldest(listed: Sequence[T]) -> list[T]:
    """Of what stands with the oldest first: the newest, the oldest, the newest but one, and so on."""
    turned = [one for pair in zip(reversed(listed), listed, strict=True) for one in pair]
    return turned[: len(listed)]


def _label(flow: Flow, question: str, option: str, language: str) -> str | None:
    asked = next((one for one in flow.questions if one.id == question), None)
    found = asked.option(option) if asked else None
    return found.label.get(language) if found else None
