"""What the claimer of a case is shown: the case they took, their messages and its, deadlines, questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from bot.handoff.claims import ALERT_FOR
from bot.member.alert_lines import AlertText, room_beside
from bot.member.facts_in_words import region, way
from bot.questionnaires import Questionnaires
from bot.speech import deadlines, fitting, presses
from bot.speech.files import file_in_words
from bot.speech.outgoing import Button, Card, Look, Mark
from bot.speech.presses import Claim
from bot.speech.reader import Reader, Speech
from bot.speech.reader_file import READER_FILE
from bot.speech.texts import both
from bot.speech.texts import member as texts
from bot.speech.words import day, moment
from flows.clocks import Deadline
from flows.model import ClockId
from storage.case import Case, Claimed, Handed
from storage.contact import Contact, Contacts
from storage.members import Member
from storage.relay import Relayed
from storage.sealing.identity_file import fingerprint
from storage.tx import Reading

_UNSENT = (texts.UNSENT, texts.WRITE, Claim.write)
MOST_FILES = 8  # with a button each; /cases gives all of them
LONGEST_SHOWN = 3800  # of 4096 characters that a message may have


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCards:
    """Draws them, from the truth of the moment they are sent; every method runs inside a change."""

    speech: Speech
    questionnaires: Questionnaires
    contacts: Contacts

    def taken(self, tx: Reading, case: Claimed, member: Member) -> Card:
        """The alert of a case that this lawyer has taken: what it said stays below until the person was reached."""
        reader, steps = self.speech.to_member(member), _steps(case, self.speech.to_member(member))
        above, below = [reader.text(texts.YOU_TOOK, code=case.code)], []
        until = case.handoff.lease_until
        if until is not None:
            above.append(reader.text(texts.LEASE, time=reader.clock(until, tx.now)))
        # This chat may be in other hands: the words are shown to whoever has opened the case.
        words = case.claim.words if case.claim.checked else None
        below += [reader.text(texts.SAY_FIRST, words=words)] if words else []
        said = self._as_alerted(tx, case, reader, room_beside(*above, *below))
        return fitting.card_of((above,), said, below, steps)

    def _as_alerted(self, tx: Reading, case: Claimed, reader: Reader, most: int) -> list[str]:
        """Until this lawyer has reached them, a day at most; of somebody who cannot be reached always how else."""
        unreached = self.contacts.get(tx, case.row).unreached_at is not None
        if not case.claim.has_reached and tx.now < case.claim.at + ALERT_FOR:
            flow = self.questionnaires.of_case(tx, case.revision)
            facts = case.handoff.facts
            return AlertText(flow=flow, facts=facts, reader=reader, now=tx.now, unreached=unreached).lines(most)
        return [self._unreached(tx, case, reader)] if unreached else []

    # --- messages ---

    def preview(self, tx: Reading, case: Claimed, member: Member, text: str) -> Card:
        """What the lawyer typed, once more, before it is sent."""
        reader = self.speech.to_member(member)
        head = reader.text(texts.PREVIEW, code=case.code, region=self.region(tx, case, reader)) + "\n"
        number = self.contacts.get(tx, case.row).sent + 1  # a second press finds that it was sent
        send = reader.button(texts.SEND_MESSAGE, presses.SendTyped(case.code, number))
        cancel = reader.button(both.CANCEL, presses.OfClaim(case.code, Claim.cancel))
        return Card(head + text, ((send, cancel),), marks=(Mark(Look.code, len(head), len(text)),))

    def receipt(self, case: Case, member: Member, known: Contact, now: datetime) -> Card:
        """What became of the claimer's last message: not read, read, or not opened in a day."""
        return Card(_receipt(case, self.speech.to_member(member), known, now))

    def from_seeker(self, case: Claimed, member: Member, said: Relayed) -> Card:
        """What the person wrote, shown as code so that nothing in it can be tapped."""
        reader, text = self.speech.to_member(member), said.text
        kind = texts.FROM_SEEKER_CORRECTED if said.corrects else texts.FROM_SEEKER
        head = reader.text(kind, code=case.code, n=said.number) + "\n"
        shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
        write = reader.button(texts.WRITE, presses.OfClaim(case.code, Claim.write))
        return Card(head + shown, ((write,),), marks=(Mark(Look.code, len(head), len(shown)),))

    def unreached(self, tx: Reading, case: Claimed, member: Member) -> Card:
        """The person cannot be reached in this chat; what else is possible."""
        reader = self.speech.to_member(member)
        return Card(self._unreached(tx, case, reader))

    # --- what the claimer is asked ---

    def ask(self, tx: Reading, case: Claimed, member: Member) -> Card:
        """Has the person been reached? With the buttons that answer it."""
        reader = self.speech.to_member(member)
        until = case.handoff.lease_until
        time = reader.clock(until, tx.now) if until else ""
        return reader.card(texts.LEASE_ASK, *_signs(case, reader), code=case.code, time=time)

    def quiet(self, case: Claimed, member: Member) -> Card:
        """No word from either side for two days: does the claimer still act?"""
        reader = self.speech.to_member(member)
        return reader.card(texts.QUIET_ASK, *_signs(case, reader), code=case.code)

    def ending(self, member: Member, case: Claimed, args: Mapping[str, object]) -> Card:
        """A claim without a word for so long that the case is about to be erased."""
        reader, on = self.speech.to_member(member), date.fromisoformat(str(args["day"]))
        return reader.card(texts.ENDING, *_signs(case, reader), code=case.code, date=day(member.language, on))

    def remind(self, tx: Reading, case: Handed, member: Member, clock_id: str, last_day: date | None) -> Card:
        """A deadline comes near, or has no day that is known; marked until an advocate has signed it."""
        reader, flow = self.speech.to_member(member), self.questionnaires.of_case(tx, case.revision)
        known = flow.clock(ClockId(clock_id))
        running = next((one for one in case.handoff.facts.deadlines if one.clock == clock_id), None)
        deadline = running or Deadline(ClockId(clock_id), None, last_day)
        here = reader.place.here(tx.now)
        event = deadlines.event(reader.words, reader.language, known) if known else clock_id
        when = deadlines.when(reader.words, reader.language, deadline, here)
        text = reader.text(texts.REMIND, code=case.code, when=when, event=event)
        settle = presses.SettleClock(case.code, clock_id)
        return Card(text, ((reader.button(texts.CLOCK_DONE, settle),), (reader.button(texts.CLOCK_NOT_MINE, settle),)))

    # --- files, handing over ---

    def caption(self, member: Member, case: Case, name: str, *, of: tuple[int, int], files: bool) -> str:
        """The line under a sealed zip. `of`: which one of how many; `files`: the person has sent some."""
        reader, (number, count) = self.speech.to_member(member), of
        text = texts.BUNDLE if number == 1 else texts.BUNDLE_MORE
        opens = reader.text(text, code=case.code, reader=READER_FILE, command=_opens(name, files=files))
        part = [reader.text(texts.BUNDLE_PART, n=number, num=count)] if count > 1 else []
        calls = number == 1 and case.is_held_by(member.id)  # while it is being handed over, its words are another's
        say = [reader.text(texts.SAY_FIRST_INSIDE)] if calls else []
        return "\n\n".join([opens, *part, *say])

    def of_file(self, member: Member, case: Case, name: str, seq: int) -> str:
        """The line under one file that was asked for."""
        reader = self.speech.to_member(member)
        return reader.text(texts.BUNDLE_FILE, code=case.code, n=seq, command=_opens(name, files=True))

    def files(self, case: Case, member: Member, files: object) -> Card:
        """What the person has sent, a line each, with a button that gets it alone."""
        reader, rows = self.speech.to_member(member), msgspec.convert(files, list[tuple[int, str, int, int]])
        lines = [_file(reader, *one) for one in rows[:MOST_FILES]]
        more = [reader.text(texts.FILES_MORE, num=len(rows) - len(lines))] if len(rows) > len(lines) else []
        gets = [reader.named(_get(reader, seq), presses.GetFile(case.code, seq)) for seq, *_ in rows[:MOST_FILES]]
        buttons = (tuple(gets[at : at + 2]) for at in range(0, len(gets), 2))
        return Card("\n".join([reader.text(texts.FILES, code=case.code), *lines, *more]), tuple(buttons))

    def share(self, member: Member, case: Case, other: Member, *, again: bool) -> str:
        """The line under the public key of who has accepted a case; `again`: the first file did not open."""
        command = f"pana share {case.code}.zip -i KEY.txt --to NEW.pub -o NEW.zip --only-keys"
        text = texts.OFFER_SHARE_AGAIN if again else texts.OFFER_SHARE
        named = {"key": fingerprint(other.recipient), "reader": READER_FILE, "command": command}
        return self.speech.to_member(member).text(text, code=case.code, **named)

    def opens(self, case: Case, member: Member) -> Card:
        """Does the handed-over case open?"""
        reader, ways = self.speech.to_member(member), {texts.OPENS_YES: presses.Offer.opens}
        ways[texts.OPENS_NO] = presses.Offer.shut
        rows = ((reader.button(label, presses.Answer(case.code, said)),) for label, said in ways.items())
        return reader.card(texts.OFFER_OPENS, *rows, code=case.code)

    def region(self, tx: Reading, case: Claimed, reader: Reader) -> str:
        """The region of a case in words."""
        return region(self.questionnaires.of_case(tx, case.revision), case.handoff.facts, reader)

    def _unreached(self, tx: Reading, case: Claimed, reader: Reader) -> str:
        chosen = way(self.questionnaires.of_case(tx, case.revision), case.handoff.facts, reader)
        return reader.text(texts.UNREACHED, code=case.code, way=chosen)


def not_sent(speech: Speech, case: Claimed, member: Member, *, note: bool) -> Card:
    """What the lawyer typed was neither sent nor given up, and is gone. `note`: for the next lawyer."""
    reader = speech.to_member(member)
    said, label, step = (texts.NOTE_UNSAVED, texts.NOTE, Claim.note) if note else _UNSENT
    return reader.card(said, (reader.button(label, presses.OfClaim(case.code, step)),), code=case.code)


def over(speech: Speech, case: Claimed, member: Member, *, note: bool) -> Card:
    """Nothing was typed in a quarter of an hour. `note`: for the next lawyer."""
    reader = speech.to_member(member)
    label, step = (texts.NOTE, Claim.note) if note else (texts.WRITE, Claim.write)
    return reader.card(texts.WRITING_OVER, (reader.button(label, presses.OfClaim(case.code, step)),), code=case.code)


def _opens(name: str, *, files: bool) -> str:
    """What opens a zip on the lawyer's own device; files are written into a folder."""
    return f"pana open {name} -i KEY.txt" + (f" -o {name.removesuffix('.zip')}" if files else "")


def _get(reader: Reader, seq: int) -> str:
    return reader.text(texts.GET_FILE, n=seq)


def _file(reader: Reader, seq: int, kind: str, size: int, seconds: int) -> str:
    """One file in a line: its number, kind, and how much of it there is."""
    what = file_in_words(reader.words, reader.language, kind, size, seconds)
    return reader.text(texts.FILE_LINE, n=seq, what=what)


def _receipt(case: Case, reader: Reader, known: Contact, now: datetime) -> str:
    values: dict[str, object] = {"code": case.code, "n": known.sent}
    if known.seen >= known.sent and known.seen_at is not None:
        return reader.text(texts.RECEIPT_READ, time=moment(reader.place, reader.language, known.seen_at), **values)
    if known.missed >= known.sent:
        return reader.text(texts.RECEIPT_MISSED, **values)
    if known.unreached_at is not None:
        return reader.text(texts.RECEIPT_UNREACHED, **values)
    return reader.text(texts.RECEIPT_UNREAD, **values)


def _steps(case: Claimed, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    """What the claimer can do; what gives the case away, or ends it, has a row of its own."""
    away: tuple[tuple[Claim, str], ...]
    away = ((Claim.hand_over, texts.HAND_OVER), (Claim.give_back, texts.GIVE_BACK), (Claim.close, texts.CLOSE))
    if case.claim.checked:
        away = ((Claim.note, texts.NOTE), *away)
    rows = ((reader.button(label, presses.OfClaim(case.code, step)),) for step, label in away)
    return (*_signs(case, reader), *rows)


def _signs(case: Claimed, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    """How the claimer shows that they act. Who has opened the case can say that the person was reached by phone."""
    rows: list[tuple[tuple[Claim, str], ...]] = [((Claim.write, texts.WRITE), (Claim.acting, texts.ACTING))]
    if case.claim.checked and not case.claim.has_reached:
        rows.append(((Claim.phoned, texts.PHONED),))
    return tuple(tuple(reader.button(label, presses.OfClaim(case.code, step)) for step, label in row) for row in rows)
