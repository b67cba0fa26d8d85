"""The lines of an alert: question and answer, from what may be said of a case outside its seal.

In this order: who writes and in which language; where, held by whom, in which region; what threatens, by its proper
name, and why besides; papers with their days; the gravest and the nearest deadline; asylum and a lawyer; how to reach
the person. What was not asked has no line, and what one line says no other repeats.

At most so many characters as the card has room for. What has to go goes in this order: further reasons, a lawyer,
further papers, asylum, the first reason, the rest about the place, the nearest deadline, the first paper, what a court
has to do with it, what to do about a deadline that has passed. Never left out: who writes, where and held by whom, what
threatens, the gravest deadline, how to reach the person; where even these are too long, as beside what is new, the
longest line ends in dots.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from bot.member.answers_in_words import AnswersInWords, Pair
from bot.member.facts_in_words import contact, language, region
from bot.speech import deadlines, fitting
from bot.speech.reader import Reader
from bot.speech.texts import deadlines as deadline_texts
from bot.speech.texts import member as texts
from bot.speech.words import cut, short_day
from flows.alert import Told, days_of, due_soon, gravest_of_families, threats
from flows.clocks import Deadline
from flows.facts import Facts
from flows.model import UNKNOWN, Clock, Flow, OptionId, QuestionId

MOST, SHORTEST = 700, 24  # characters of a whole alert, and of a line that had to be cut


class Line(IntEnum):
    """The lines, from top to bottom."""

    writes = 1
    where = 2
    threat = 3
    papers = 4
    main = 5
    nearest = 6
    help = 7
    reach = 8


class Weight(IntEnum):
    """What stays longest stands first."""

    always = 0
    restoring = 1
    court = 2
    paper = 3
    nearest = 4
    place = 5
    reason = 6
    asylum = 7
    more_papers = 8
    lawyer = 9
    more_reasons = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line."""

    line: Line
    weight: Weight
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertText:
    """What may be said of one case, to one reader at one time. `but`: what is said elsewhere on the card."""

    flow: Flow
    facts: Facts
    reader: Reader
    now: datetime
    unreached: bool = False
    but: frozenset[Pair] = frozenset()

    def lines(self, most: int = MOST) -> list[str]:
        """All of them, in at most so many characters; the last one tells how much more there is."""
        pieces, left_out = list(self.pieces()), 0
        while len("\n".join(found := self._joined(pieces, left_out))) > most:
            last = max(pieces, key=lambda one: one.weight)
            if last.weight is Weight.always:
                break
            at = max(at for at, one in enumerate(pieces) if one.weight is last.weight)
            pieces, left_out = pieces[:at] + pieces[at + 1 :], left_out + 1
        while (over := len("\n".join(found)) - most) > 0 and any(len(line) > SHORTEST for line in found):
            at = max(range(len(found)), key=lambda at: len(found[at]))
            found[at] = cut(found[at], max(SHORTEST, len(found[at]) - over))
        return found

    def new(self, fresh: Facts) -> list[str]:
        """Reasons that are new, a line each: what threatens stands before a cry for help."""
        said = [self._answers.reason(one) for one in gravest_of_families(self.flow, fresh.reasons)]
        if fresh.asked_urgent:
            said.append(self.reader.text(texts.ASKED_URGENT))
        return list(dict.fromkeys(said))

    def in_a_line(self, code: str) -> str:
        """A case as one line of a list: what threatens, where, the main deadline, in which region and language."""
        said = [one.text for each in (self._threat(), self._where()) for one in itertools.islice(each, 1)]
        main, _ = deadlines.to_name(self.flow, self.facts.deadlines, self._here)
        if main is not None:
            when = deadlines.when(self.reader.words, self.reader.language, main, self._here)
            said.append(self.reader.text(deadline_texts.LISTED, when=when))
        why = fitting.shortened(f"{code} · {'. '.join(said)}", 2)
        about = region(self.flow, self.facts, self.reader), language(self.facts, self.reader)
        return " · ".join([why, *about])

    def pieces(self) -> Iterator[Piece]:
        """What is said, in the order of the lines."""
        yield Piece(Line.writes, Weight.always, self._writes())
        yield from self._where()
        yield Piece(Line.where, Weight.always, self._region())
        yield from self._threat()
        yield from self._papers()
        yield from self._deadlines()
        for at, question in enumerate(self.flow.alert.help):
            last = at and at == len(self.flow.alert.help) - 1
            yield from self._answered(Line.help, Weight.lawyer if last else Weight.asylum, question)
        reach = contact(self.flow, self.facts, self.reader, unreached=self.unreached)
        yield Piece(Line.reach, Weight.always, reach)

    # --- lines ---

    def _writes(self) -> str:
        spoken, writes = language(self.facts, self.reader), self._answers.find(self.flow.alert.writes)
        chosen = writes.options[0] if writes and writes.options else None
        who = self.flow.alert.writers.get(chosen, {}).get(self.reader.language) if chosen else None
        if who is None:
            return self.reader.text(texts.ALERT_LANGUAGE, language=spoken)
        return self.reader.text(texts.ALERT_WRITES, who=who, language=spoken)

    def _where(self) -> Iterator[Piece]:
        if not self.facts.lost:
            for at, question in enumerate(self.flow.alert.where):
                yield from self._answered(Line.where, Weight.always if at < 2 else Weight.place, question)

    def _region(self) -> str:
        where = region(self.flow, self.facts, self.reader)
        if self.facts.region == UNKNOWN:
            where = self.reader.text(texts.DOES_NOT_KNOW)
        return self.reader.text(texts.ALERT_REGION, region=where)

    def _threat(self) -> Iterator[Piece]:
        if self.facts.lost:
            yield Piece(Line.threat, Weight.always, self.reader.text(texts.FACTS_LOST))
        names = [one[self.reader.language] for one in threats(self.flow, self.facts.told)]
        for at, name in enumerate(names):  # the papers say the others too
            said = self.reader.text(texts.ALERT_THREAT, what=name)
            yield Piece(Line.threat, Weight.paper if at else Weight.always, said)
        for at, question in enumerate(self.flow.alert.threat):
            yield from self._answered(Line.threat, Weight.court if at else Weight.always, question)
        for at, said in enumerate(self._besides()):
            yield Piece(Line.threat, Weight.more_reasons if at else Weight.reason, said)

    def _besides(self) -> list[str]:
        """Reasons that no other line says."""
        lines = self._on_lines()
        covered = set(self.but) | {(one.question, option) for one in lines for option in one.options or (UNKNOWN,)}
        found: dict[str, None] = {}
        for reason in gravest_of_families(self.flow, self.facts.reasons):
            if reason.rule in self.facts.assumed:
                said = self.reader.text(texts.NOT_ALL_TOLD)
            else:
                said = self._answers.reason(reason, covered, beside_deadlines=bool(self.facts.deadlines))
                covered |= set(reason.because)
            found |= {said: None} if said else {}
        if self.facts.asked_urgent:
            found[self.reader.text(texts.ASKED_URGENT)] = None
        return list(found)

    def _papers(self) -> Iterator[Piece]:
        asked = self.flow.alert.papers
        told = self._answers.find(asked)
        if asked is None or told is None:
            return
        if not told.options or UNKNOWN in told.options:
            yield from self._answered(Line.papers, Weight.paper, asked)
            return
        said = [self._paper(asked, one) for one in self._gravest_first(asked, told.options)]
        for one in said[:1]:
            yield Piece(Line.papers, Weight.paper, self._answers.question_and(asked, one))
        for one in said[1:]:
            yield Piece(Line.papers, Weight.more_papers, one)

    def _gravest_first(self, asked: QuestionId, papers: Sequence[OptionId]) -> list[OptionId]:
        """Those that mean a removal first; without what is said elsewhere."""
        left = [one for one in papers if (asked, one) not in self.but]
        return sorted(left, key=lambda one: not threats(self.flow, [Told(asked, (one,))]))

    def _paper(self, asked: QuestionId, paper: OptionId) -> str:
        """Its name and day; nothing of a day that was not asked."""
        given, dated = (self._answers.find(one) for one in days_of(self.flow, paper))
        label = self._answers.label(asked, paper)
        if given is not None and given.first is not None:
            return f"{label} ({self.reader.text(texts.PAPER_GIVEN, date=self._day(given.first, given.last))})"
        if dated is not None and dated.first is not None:
            return f"{label} ({self.reader.text(texts.PAPER_DATED, date=self._day(dated.first, dated.last))})"
        return label if given is None else f"{label} ({self.reader.text(texts.PAPER_UNDATED)})"

    def _deadlines(self) -> Iterator[Piece]:
        main, nearest = deadlines.to_name(self.flow, self.facts.deadlines, self._here)
        sooner = self._sooner(nearest or main)
        if main is not None:
            both = nearest is None and sooner is None and not main.is_over(self._here)
            text = deadline_texts.MAIN_AND_NEAREST if both else deadline_texts.MAIN
            yield Piece(Line.main, Weight.always, self._deadline(text, main))
            if deadlines.may_be_restored(self._clock(main), main, self._here):
                yield Piece(Line.main, Weight.restoring, self.reader.text(deadline_texts.RESTORE))
        if sooner is not None:
            yield Piece(Line.nearest, Weight.nearest, self.reader.text(deadline_texts.NEAREST_TOLD, what=sooner))
        elif nearest is not None:
            yield Piece(Line.nearest, Weight.nearest, self._deadline(deadline_texts.NEAREST, nearest))

    def _sooner(self, deadline: Deadline | None) -> str | None:
        """What was told to come before the next deadline."""
        soon = due_soon(self.flow, self.facts.told)
        if soon is None or deadline is None or deadline.left(self._here.date()) <= soon[0]:
            return None
        _, question, option = soon
        return self._answers.label(question, option)

    def _deadline(self, text: str, deadline: Deadline) -> str:
        words, language = self.reader.words, self.reader.language
        event = deadlines.event(words, language, self._clock(deadline), deadline_texts.NOT_CONFIRMED)
        return self.reader.text(text, when=deadlines.when(words, language, deadline, self._here), event=event)

    def _clock(self, deadline: Deadline) -> Clock:
        return next(one for one in self.flow.clocks if one.id == deadline.clock)

    # --- parts ---

    @property
    def _answers(self) -> AnswersInWords:
        return AnswersInWords(flow=self.flow, told=self.facts.told, reader=self.reader)

    @property
    def _here(self) -> datetime:
        return self.reader.place.here(self.now)

    def _on_lines(self) -> list[Told]:
        alert = self.flow.alert
        lines = {*alert.where, *alert.threat, *alert.help, alert.papers, alert.writes}
        return [one for one in self.facts.told if one.question in lines]

    def _answered(self, line: Line, weight: Weight, question: QuestionId) -> Iterator[Piece]:
        """A question that was asked, and its answer; nothing where that is said elsewhere on the card."""
        told = self._answers.find(question)
        if told is None:
            return
        left = tuple(one for one in told.options if (question, one) not in self.but)
        if left or not told.options:
            yield Piece(line, weight, self._answers.asked_and_told(Told(question, left)))

    def _day(self, first: date, last: date | None) -> str:
        days = (first,) if last is None or last == first else (first, last)
        return " – ".join(short_day(self.reader.language, one, self._here.date()) for one in days)

    def _joined(self, pieces: Sequence[Piece], left_out: int) -> list[str]:
        found = [
            _sentences([one.text for one in pieces if one.line is line], "; " if line is Line.papers else ". ")
            for line in Line
        ]
        *lines, last = [one for one in found if one]
        more = f" {self.reader.text(texts.REASONS_MORE, num=left_out)}" if left_out else ""
        return [*lines, last + more]


def room_beside(*texts: str) -> int:
    """How many characters are left for an alert beside these; a line break after each, and two empty lines."""
    return MOST - sum(len(text) + 1 for text in texts) - 2


def _sentences(parts: Sequence[str], between: str) -> str:
    """One after the other; what ends in a mark of its own gets no other."""
    said = ""
    for part in parts:
        said += (" " if said.endswith((".", "?", "…")) else between if said else "") + part
    return said
