"""The page of an opened case, in the language of whoever reads it: what is wrong first, then what cannot wait.

Everything on it is of the catalogs, of the questionnaire that came with the case, or what somebody wrote.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, tzinfo
from typing import Any

from bot.files_page import paragraph
from bot.speech import deadlines
from bot.speech.texts import deadlines as deadline_texts
from bot.speech.texts import member as member_texts
from bot.speech.texts import page as texts
from bot.speech.words import Words, day
from flows.clocks import Deadline, in_order
from flows.model import Clock
from storage.harmless import visible
from storage.opened import OpenedCase
from storage.reading import readers_of
from storage.said import Said

_LEVELS = {"critical": texts.CRITICAL, "high": texts.HIGH, "normal": texts.NORMAL}
_CERTAINTY = {"A": texts.READ_NEW, "A-old": texts.READ_OLD, "B": texts.SECONDARY, "C": texts.FROM_MEMORY}
_NO_MORE = {"replaced": texts.REPLACED, "not_asked": texts.NOT_ASKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case, read now. `here`: the time where it is read."""

    opened: OpenedCase
    words: Words
    here: datetime

    def text(self) -> str:
        """The page as plain text."""
        lines = [*self._head(), *self._why(), *self._deadlines(), *self._listed()]
        lines += [*self._answers(), *self._earlier(), *self._messages(), *self._notes(), *self._files()]
        return "\n".join(map(visible, lines)) + "\n"

    # --- parts ---

    def _head(self) -> Iterator[str]:
        yield self._title()
        manifest = self.opened.case.manifest
        if manifest.get("created"):
            made = day(self._language, date.fromisoformat(manifest["created"]))
            yield f"  {self._say(texts.AS_OF, date=made, count=len(manifest['entries']))}"
        yield from (f"  {self._say(texts.PROBLEM, what=self._translated(one))}" for one in self.opened.problems)
        yield from (f"  {self._translated(one)}" for one in (*self.opened.case.notes, *self.opened.unread))
        if self._zone is not None:
            yield f"  {self._say(texts.TIMES, zone=self._zone)}"
        if self.opened.check_word:
            yield f"  {self._say(texts.CHECK_WORD, word=self.opened.check_word)}"
        if words := self.opened.call_words():
            yield f"  {self._say(member_texts.SAY_FIRST, words=words)}"

    def _title(self) -> str:
        code, state = self.opened.case.code, texts.COMPLETE if self.opened.complete else texts.UNFINISHED
        if not self.opened.is_open:
            return self._say(texts.NOT_OPEN, code=code)
        level = self._say(_LEVELS.get(self.opened.level, texts.CRITICAL))
        return self._say(texts.TITLE, code=code, level=level, state=self._say(state))

    def _why(self) -> Iterator[str]:
        why = self.opened.why()
        if why:
            yield from ("", self._say(texts.WHY_CALM if self.opened.level == "normal" else texts.WHY))
            yield from (f"  - {self._marked(text, signed=signed)}" for text, signed in why)

    def _deadlines(self) -> Iterator[str]:
        """What is due today or has no day, what is ahead, and last what has passed."""
        running = {deadline: clock for clock, deadline in self.opened.running()}
        if not running:
            return
        yield from ("", self._say(texts.DEADLINES, date=day(self._language, self.here.date())))
        for deadline in in_order(running, self.here.date()):
            yield from self._deadline(running[deadline], deadline)

    def _deadline(self, clock: Clock, deadline: Deadline) -> Iterator[str]:
        when = deadlines.when(self.words, self._language, deadline, self.here)
        yield f"  {when}. {deadlines.event(self.words, self._language, clock)}"
        if deadlines.may_be_restored(clock, deadline, self.here):
            yield f"    {self._say(deadline_texts.RESTORE)}"
        named = {
            texts.PERIOD: "period", texts.SIDE: "side", texts.FILE_AT: "file_at", texts.SUSPENDS: "suspends",
            texts.BASIS: "basis",
        }  # fmt: skip
        parts = [
            self._say(text, what=what) for text, name in named.items() if (what := clock.said(name, self._language))
        ]
        certain = _CERTAINTY.get(clock.certainty)
        yield f"    {'; '.join([*parts, *([self._say(certain)] if certain else [])])} ({clock.id})"

    def _listed(self) -> Iterator[str]:
        reminders, readers = self.opened.reminders(), readers_of(self.opened.case)
        if reminders:
            yield from ("", self._say(texts.REMINDERS))
            yield from (f"  * {self._marked(text, signed=signed)}" for text, signed in reminders)
        if readers:
            yield from ("", self._say(texts.READERS))
            for one in readers:
                yield f"  {self._say(texts.READER, name=one.get('name'), key=one.get('fingerprint'))}"

    def _answers(self) -> Iterator[str]:
        for one in self.opened.answered():
            if not one.is_offer:
                yield from _paragraph(one.label, self._value(one.question, one.value))

    def _earlier(self) -> Iterator[str]:
        for one in self.opened.said_earlier():
            yield from _paragraph(self._say(_NO_MORE[one["why"]], question=one["label"]), one["text"])

    def _messages(self) -> Iterator[str]:
        for one in self.opened.messages:
            text = texts.FROM_LAWYER if one.get("from") == "lawyer" else texts.FROM_PERSON
            if one.get("corrected"):
                text = texts.FROM_PERSON_CORRECTED
            yield from _paragraph(self._say(text, time=self._time(one.get("at"))), one.get("text", ""))

    def _notes(self) -> Iterator[str]:
        if self.opened.for_colleagues:
            yield from ("", self._say(texts.FOR_COLLEAGUES))
        for one in self.opened.for_colleagues:
            said = self._say(texts.NOTE_OF, name=one.get("name", ""), time=self._time(one.get("at")))
            yield from (f"  {line}" for line in (said, *str(one["text"]).splitlines()))

    def _files(self) -> Iterator[str]:
        for one in self.opened.sent():
            yield from paragraph(
                self.words, self._language, {**one, "at": self._time(one["at"])}, self.opened.asked_for(one)
            )

    # --- times ---

    @property
    def _zone(self) -> tzinfo | None:
        """That of the newest time: where people are helped, as its record has it. None where nothing has a time."""
        opened = self.opened
        written = (one.get("at") for one in (*opened.messages, *opened.for_colleagues, *opened.sent()))
        found = [at for at in map(_moment, written) if at is not None]
        return max(found).tzinfo if found else None

    def _time(self, at: object) -> object:
        """As the bot writes it: 26.11, 14:05. What is no time stays as it is."""
        known = _moment(at)
        return at if known is None else f"{known.astimezone(self._zone):%d.%m, %H:%M}"

    # --- words ---

    @property
    def _language(self) -> str:
        """A language that Pana speaks: the case may name any."""
        shown = self.opened.shown_in
        return shown if shown in self.words.texts else "en"

    def _say(self, text: str, **values: object) -> str:
        return self.words.text(self._language, text, **values)

    def _translated(self, said: Said) -> str:
        return self._say(said.text, **said.values)

    def _marked(self, text: str, *, signed: bool) -> str:
        return text if signed else f"{text} {self._say(deadline_texts.UNSIGNED)}"

    def _value(self, question: str, value: Any) -> str:
        if value is None:
            return self._say(texts.SKIPPED)
        if isinstance(value, Mapping) and "from" in value:
            return self._days(value)
        return self.opened.in_words(question, value)

    def _days(self, value: Mapping[str, Any]) -> str:
        first, last = (day(self._language, date.fromisoformat(value[name])) for name in ("from", "to"))
        if first != last:
            return f"{first} – {last}"
        match value.get("hours"):
            case [int(begins), int(ends)]:
                return f"{first}, {begins:02}:00–{ends:02}:00"
            case _:
                return first


def _moment(at: object) -> datetime | None:
    """A time with its zone; anything else, such as a day, is none."""
    try:
        found = datetime.fromisoformat(str(at))
    except ValueError:
        return None
    return found if found.tzinfo is not None and MINYEAR < found.year < MAXYEAR else None


def _paragraph(heading: object, said: object) -> list[str]:
    return ["", str(heading), *(f"  {line}" for line in str(said).splitlines())]
