"""A read case as `pana open` shows it: JSON for programs, and what a page for people is made of (bot/case_page.py).

reader/src/opened.ts does the same (tests/storage/vectors).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from flows.clocks import Deadline, deadlines
from flows.model import GO_ON, Answers, Clock, Flow, QuestionId, answer_of
from storage import shapes
from storage.call_words import call_words
from storage.opened_files import file_of, with_what_was_found
from storage.opened_flow import flow_for_reading
from storage.reading import ReadCase, readers_of, revision_in
from storage.record import EntryKind
from storage.said import N_, Said


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was given, with the words it was asked in. `is_offer`: it only says whether to go on."""

    question: str
    label: str
    value: Any = field(repr=False)
    is_offer: bool = False


class OpenedCase:
    """One case with its answers put together: the latest of each question, long texts joined.

    What a person wrote stays readable: a text that another one has replaced, or whose question no longer applies,
    stands in `earlier`.
    """

    def __init__(self, case: ReadCase, language: str | None = None) -> None:
        self.case = case
        entries = case.entries
        self.revision = revision_in(entries)
        self.flow = case.flows.get(self.revision, {})
        spoken = [one["lang"] for one in reversed(entries) if isinstance(one.get("lang"), str) and one["lang"]]
        self.language = next(iter([*spoken, *self.flow.get("languages", ())]), "")
        self.shown_in = language or self.language
        self.form = "self"
        self.level, self.reasons = "normal", list[Mapping[str, Any]]()
        self.answers: dict[str, dict[str, Any]] = {}
        self.earlier: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.for_colleagues: list[dict[str, Any]] = []  # what lawyers have noted for the next one
        self.files: list[dict[str, Any]] = []
        self.complete = False
        self.check_word: str | None = None
        self.call_secret: str | None = None  # of the latest claim
        self.call_language = ""
        self.unread: list[Said] = []  # what this version cannot show, in words
        self.malformed: list[Said] = []  # what no version of ours has written so
        self.released = flow_for_reading(self.flow, self.revision) if self.flow else None
        for entry in entries:
            self._take(entry)

    @property
    def problems(self) -> list[Said]:
        """All that is wrong: with the bundle, and with what is written in it."""
        return [*self.case.problems, *self.malformed]

    @property
    def is_open(self) -> bool:
        """Something of it could be read; else nothing is known of the case, not even that it is calm."""
        return bool(self.case.entries)

    def as_json(self) -> dict[str, Any]:
        """The object that contract and README describe."""
        return {
            "case": self.case.code,
            "level": self.level if self.is_open else None,
            "language": self.language,
            "flow": self.flow.get("flow", ""),
            "revision": self.revision,
            "complete": self.complete,
            "created": self.case.manifest.get("created"),
            "entries": len(self.case.manifest.get("entries", ())),
            "problems": self.problems,
            "notes": [*self.case.notes, *self.unread],
            "check_word": self.check_word,
            "call_words": self.call_words(),
            "reasons": [text if signed else f"{text} (rule not yet signed)" for text, signed in self.why()],
            "clocks": [self._clock(clock, deadline) for clock, deadline in self.running()],
            "cards": [text if signed else f"{text} (not yet signed)" for text, signed in self.reminders()],
            "readers": readers_of(self.case),
            "answers": [self._answer(question) for question in self._in_order()],
            "earlier": self.said_earlier(),
            "messages": self.messages,
            "for_colleagues": self.for_colleagues,
            "files": self.sent(),
        }

    def for_page(self) -> dict[str, Any]:
        """The same for a page that speaks its own language: its sentences in parts, and who has signed what."""
        return {
            **self.as_json(),
            "wrong": [one.parts() for one in self.problems],
            "noted": [one.parts() for one in (*self.case.notes, *self.unread)],
            "why": self.why(),
            "reminders": self.reminders(),
            "deadlines": [self._beside(clock, deadline) for clock, deadline in self.running()],
            "offers": [question for question in self._in_order() if self._is_offer(question)],
            "wrong_files": [one["problem"] and one["problem"].parts() for one in self.sent()],
            "asked_for": [self.asked_for(one) for one in self.sent()],
        }

    def answered(self) -> list[Answered]:
        """The latest answer to each question, in the order in which they are asked; an offer to stop is none."""
        return [
            Answered(question, self._question_text(question, kept["form"]), kept["value"], self._is_offer(question))
            for question in self._in_order()
            if (kept := self.answers[question])
        ]

    def sent(self) -> list[dict[str, Any]]:
        """Files that the person has sent, with what was found of them here."""
        return [with_what_was_found(one, self.case.files) for one in self.files]

    def asked_for(self, file: Mapping[str, Any]) -> str | None:
        """The question that a file answers."""
        return self._question_text(str(file["question"]), self.form) if file["question"] else None

    def call_words(self) -> str | None:
        """What whoever calls says first; None while nobody has claimed the case."""
        return None if self.call_secret is None else call_words(self.call_secret, self.call_language)

    def why(self) -> list[tuple[str, bool]]:
        """The reasons of the level, and whether an advocate has signed their rules."""
        return [self._reason(one) for one in self.reasons]

    def reminders(self) -> list[tuple[str, bool]]:
        """What a lawyer is reminded of, and whether an advocate has signed that."""
        flow = self.released
        if flow is None:
            return []
        cards = [one for one in flow.cards if one.when.holds(self._given(flow))]
        return [(self._in(one.text, one.id), bool(one.verified_by)) for one in cards]

    def running(self) -> list[tuple[Clock, Deadline]]:
        """Computed here and not on the server, which cannot read the answers any more."""
        flow = self.released
        if flow is None:
            return []
        clocks = {clock.id: clock for clock in flow.clocks}
        return [(clocks[one.clock], one) for one in deadlines(flow, self._given(flow))]

    def _take(self, entry: Mapping[str, Any]) -> None:
        if entry.get("kind") not in list(EntryKind):
            unknown = N_("entry %(seq)s is of a kind that this version does not know: use a newer pana")
            self.unread.append(Said(unknown, seq=entry.get("seq")))
            return
        kind, value = EntryKind(entry["kind"]), entry.get("value")
        if not shapes.entry_of(kind, entry):
            malformed = N_("entry %(seq)s (%(kind)s) is not written as this version reads it")
            self.malformed.append(Said(malformed, seq=entry.get("seq"), kind=str(kind)))
        elif kind is EntryKind.answer:
            self._put(entry["question"], value, _day(entry), entry.get("part") or 1, entry.get("form") or self.form)
        elif kind is EntryKind.submitted:
            self.complete = True
        elif isinstance(value, dict):
            self._take_about(kind, value, entry)

    def _take_about(self, kind: EntryKind, value: dict[str, Any], entry: Mapping[str, Any]) -> None:
        match kind:
            case EntryKind.snapshot:
                self._snapshot(value, _day(entry))
            case EntryKind.level:
                self.level, self.reasons = value["level"], value["reasons"]
            case EntryKind.message | EntryKind.note:
                self._written(kind).append({**value, "at": _day(entry)})
            case EntryKind.file:
                self.files.append(file_of(entry, value))
            case EntryKind.withdrawn:
                self._withdrawn(value["question"])
            case EntryKind.restored:
                self._restored(value["question"])
            case EntryKind.check:
                self._claimed(value, entry)
            case EntryKind.answer | EntryKind.submitted | EntryKind.readers:
                raise AssertionError(kind)
            case _:
                assert_never(kind)

    def _claimed(self, value: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
        """A claim of before names no language of its words, or nothing at all that they come from."""
        self.check_word = value["word"]
        self.call_secret = value.get("call") or str(self.case.manifest.get("case_id", ""))
        self.call_language = entry.get("lang") or self.language

    def _written(self, kind: EntryKind) -> list[dict[str, Any]]:
        """Between person and lawyer, or for the next lawyer alone."""
        return self.for_colleagues if kind is EntryKind.note else self.messages

    def _snapshot(self, value: Mapping[str, Any], at: str) -> None:
        self.level, self.reasons = value["level"], value["reasons"]
        self.form = value.get("form") or "self"
        openly = value.get("openly") or ()
        for question, answer in value["answers"].items():
            written = isinstance(answer, dict) and "written" in answer
            if not (written and question in self.answers):
                self._put(question, answer, at, 1, "open" if question in openly else self.form)

    def _put(self, question: str, value: Any, at: str, part: int, form: str) -> None:
        before = self.answers.get(question)
        if before and self._is_text(question, before["value"]):
            if part > 1 and isinstance(value, str):
                value, form = before["value"] + value, before["form"]
            else:
                self.earlier.append({"question": question, **before, "why": "replaced"})
        self.answers[question] = {"value": value, "at": at, "form": form}

    def _is_text(self, question: str, value: Any) -> bool:
        """Somebody's own words, and no option's id."""
        return isinstance(value, str) and self._question(question).get("kind", "text") == "text"

    def _withdrawn(self, question: str) -> None:
        kept = self.answers.pop(question, None)
        if kept is not None and self._is_text(question, kept["value"]):
            self.earlier.append({"question": question, **kept, "why": "not_asked"})

    def _restored(self, question: str) -> None:
        """The text counts again that was the last to be withdrawn."""
        for at in reversed(range(len(self.earlier))):
            if (self.earlier[at]["question"], self.earlier[at]["why"]) == (question, "not_asked"):
                kept = self.earlier.pop(at)
                self.answers[question] = {name: kept[name] for name in ("value", "at", "form")}
                return

    def said_earlier(self) -> list[dict[str, Any]]:
        """Texts that count no more, with their question and `why`."""
        return [
            {
                "question": one["question"],
                "label": self._question_text(one["question"], one["form"]),
                "text": one["value"],
                "at": one["at"],
                "why": one["why"],
            }
            for one in self.earlier
        ]

    def _given(self, flow: Flow) -> Answers:
        """The latest answers as the questionnaire that came with them reads them."""
        known = {question.id: question for question in flow.questions}
        return {
            QuestionId(question): answer_of(known[QuestionId(question)], kept["value"])
            for question, kept in self.answers.items()
            if question in known
        }

    def _clock(self, clock: Clock, deadline: Deadline) -> dict[str, Any]:
        return {
            "clock": clock.id,
            "event": self._in(clock.event, clock.id),
            "from": deadline.begins.isoformat() if deadline.begins else None,
            "to": deadline.ends.isoformat() if deadline.ends else None,
            "at": f"{deadline.moment:%Y-%m-%dT%H:%M}" if deadline.moment else None,
            "period": clock.said("period", self.shown_in),
            "side": clock.side,
            "file_at": clock.said("file_at", self.shown_in),
            "suspends": clock.said("suspends", self.shown_in),
            "remind": list(clock.remind),
            "basis": clock.basis,
            "certainty": clock.certainty,
            "verified_by": clock.verified_by,
        }

    def _beside(self, clock: Clock, deadline: Deadline) -> dict[str, Any]:
        """What a page tells of a deadline beside `_clock`."""
        return {
            "latest": deadline.latest.isoformat() if deadline.latest else None,
            "side": clock.said("side", self.shown_in),
            "basis": clock.said("basis", self.shown_in),
        }

    def _in_order(self) -> list[str]:
        known = [question["id"] for question in self.flow.get("questions", [])]
        return [
            *(one for one in known if one in self.answers),
            *(one for one in self.answers if one not in known),
        ]

    def _answer(self, question: str) -> dict[str, Any]:
        kept = self.answers[question]
        return {
            "question": question,
            "label": self._question_text(question, kept["form"]),
            "value": kept["value"],
            "text": self.in_words(question, kept["value"]),
            "at": kept["at"],
        }

    def _question_text(self, question: str, form: str) -> str:
        asked = self._question(question)
        forms = asked.get("text", {})
        texts = forms.get(form) or forms.get("self", {})
        return self._in(texts, question)

    def in_words(self, question: str, value: Any) -> str:
        """Chosen options by their labels, a date, a text as it is."""
        if value is None:
            return "-"
        if isinstance(value, dict) and "from" in value:
            if value["from"] != value["to"]:
                return f"{value['from']} - {value['to']}"
            return ", ".join([str(value["from"]), *_hours(value.get("hours"))])
        if isinstance(value, dict):
            return ""
        options = value if isinstance(value, list) else [value]
        return ", ".join(self._label(question, str(option)) for option in options)

    def _label(self, question: str, option: str) -> str:
        for one in self._question(question).get("options", []):
            if one["id"] == option:
                return self._in(one["label"], option)
        return option

    def _question(self, question: str) -> dict[str, Any]:
        found = [one for one in self.flow.get("questions", []) if one["id"] == question]
        return dict(found[0]) if found else {}

    def _reason(self, reason: Mapping[str, Any]) -> tuple[str, bool]:
        rule = next((one for one in self.flow.get("rules", []) if one["id"] == reason["rule"]), None)
        head = self._in(rule["reason"] if rule else {}, reason["rule"])
        because = [self._label(question, option) for question, option in reason["because"]]
        return f"{head}: {', '.join(because)}" if because else head, rule is None or bool(rule.get("verified_by"))

    def _is_offer(self, question: str) -> bool:
        return any(one["id"] == GO_ON for one in self._question(question).get("options", []))

    def _in(self, texts: Mapping[str, str], otherwise: str) -> str:
        return str(texts.get(self.shown_in) or texts.get(self.language) or otherwise)


def _day(entry: Mapping[str, Any]) -> str:
    """When it was written: a day, or a time."""
    return entry.get("at") or ""


def _hours(hours: Any) -> list[str]:
    """Between which hours of the day, as it was told."""
    match hours:
        case [int(first), int(last)]:
            return [f"{first:02}:00-{last:02}:00"]
        case _:
            return []
