"""A read case as `pana open` shows it: JSON for programs, a calm page for people."""

from collections.abc import Mapping
from typing import Any, assert_never

from flows.clocks import Deadline, deadlines
from flows.conditions import holds
from flows.model import Answers, Clock, Flow, QuestionId, answer_of
from flows.release import flow_of
from storage.call_words import call_words
from storage.reading import ReadCase, readers_of
from storage.record import EntryKind

_NO_MORE = {"replaced": "written anew since", "not_asked": "the question no longer applies"}


class OpenedCase:
    """One case with its answers put together: the latest of each question, long texts joined.

    What a person wrote stays readable: a text that another one has replaced, or whose question no longer applies,
    stands in `earlier`.
    """

    def __init__(self, case: ReadCase, language: str | None = None) -> None:
        self.case = case
        entries = case.entries
        self.revision = next((one["flow"] for one in reversed(entries) if one.get("flow")), "")
        self.flow = case.flows.get(self.revision, {})
        spoken = [one["lang"] for one in reversed(entries) if one.get("lang")]
        self.language = next(iter([*spoken, *self.flow.get("languages", ())]), "")
        self.shown_in = language or self.language
        self.form = "self"
        self.level, self.reasons = "normal", list[Mapping[str, Any]]()
        self.answers: dict[str, dict[str, Any]] = {}
        self.earlier: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.files: list[dict[str, Any]] = []
        self.complete = False
        self.check_word: str | None = None
        self.call_secret: str | None = None  # of the latest claim
        self.unread: list[str] = []  # what this version cannot show, in words
        for entry in entries:
            self._take(entry)

    def as_json(self) -> dict[str, Any]:
        """The object that contract and README describe."""
        flow = flow_of(self.flow, self.revision) if self.flow else None
        return {
            "case": self.case.code,
            "level": self.level,
            "language": self.language,
            "flow": self.flow.get("flow", ""),
            "revision": self.revision,
            "complete": self.complete,
            "problems": self.case.problems,
            "notes": [*self.case.notes, *self.unread],
            "check_word": self.check_word,
            "call_words": self._call_words(),
            "reasons": [self._reason(reason) for reason in self.reasons],
            "clocks": [self._clock(clock, deadline) for clock, deadline in self._deadlines(flow)] if flow else [],
            "cards": self._cards(flow) if flow else [],
            "readers": readers_of(self.case),
            "answers": [self._answer(question) for question in self._in_order()],
            "earlier": self._earlier(),
            "messages": self.messages,
            "files": self.files,
        }

    def as_text(self) -> str:
        """A page to read: what is wrong first, then level, reasons, answers, messages."""
        data = self.as_json()
        lines = self._head(data)
        lines += [f"  - {reason}" for reason in data["reasons"]]
        lines += [self._clock_line(one) for one in data["clocks"]]
        lines += [f"  * {card}" for card in data["cards"]]
        lines += [f"  reader: {one.get('name')} {one.get('fingerprint')}" for one in data["readers"]]
        for answer in data["answers"]:
            lines += _paragraph(answer["label"], answer["text"])
        for said in data["earlier"]:
            lines += _paragraph(f"Said earlier, {_NO_MORE[said['why']]}: {said['label']}", said["text"])
        for message in data["messages"]:
            lines += _paragraph(f"{message.get('from')}, {message.get('at')}", message.get("text", ""))
        return "\n".join(lines) + "\n"

    def _head(self, data: Mapping[str, Any]) -> list[str]:
        """What must be known before anything is read or done."""
        lines = [f"Case {data['case']}: {data['level']}, {'complete' if data['complete'] else 'not finished'}"]
        lines += [f"  PROBLEM: {problem}" for problem in data["problems"]]
        lines += [f"  {note}" for note in data["notes"]]
        lines += [f"  check word: {self.check_word}"] if self.check_word else []
        lines += [f"  if you call, first say: {data['call_words']}"] if data["call_words"] else []
        return lines

    def _take(self, entry: Mapping[str, Any]) -> None:
        if entry.get("kind") not in list(EntryKind):
            self.unread.append(
                f"entry {entry.get('seq')} is of a kind that this version does not know: use a newer pana"
            )
            return
        kind, value = EntryKind(entry["kind"]), entry.get("value")
        if kind is EntryKind.answer:
            form = str(entry.get("form") or self.form)
            self._put(str(entry.get("question")), value, str(entry.get("at")), int(entry.get("part") or 1), form)
        elif kind is EntryKind.submitted:
            self.complete = True
        elif kind is not EntryKind.readers and isinstance(value, dict):
            self._take_about(kind, value, entry)
        elif kind is not EntryKind.readers:
            self.unread.append(f"entry {entry.get('seq')} ({kind}) is not written as this version reads it")

    def _take_about(self, kind: EntryKind, value: dict[str, Any], entry: Mapping[str, Any]) -> None:
        match kind:
            case EntryKind.snapshot:
                self._snapshot(value, str(entry.get("at")))
            case EntryKind.level:
                self.level, self.reasons = str(value["level"]), list(value["reasons"])
            case EntryKind.message:
                self.messages.append({**value, "at": entry.get("at")})
            case EntryKind.file:
                self.files.append({**value, "seq": entry.get("seq"), "at": entry.get("at")})
            case EntryKind.withdrawn:
                self._withdrawn(str(value.get("question")))
            case EntryKind.restored:
                self._restored(str(value.get("question")))
            case EntryKind.check:
                self.check_word = str(value.get("word"))
                self.call_secret = str(value.get("call") or self.case.manifest.get("case_id", ""))
            case EntryKind.answer | EntryKind.submitted | EntryKind.readers:
                raise AssertionError(kind)
            case _:
                assert_never(kind)

    def _call_words(self) -> str | None:
        return None if self.call_secret is None else call_words(self.call_secret, self.language)

    def _snapshot(self, value: Mapping[str, Any], at: str) -> None:
        self.level, self.reasons = str(value["level"]), list(value["reasons"])
        self.form = str(value.get("form", "self"))
        openly = value.get("openly", ())
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

    def _earlier(self) -> list[dict[str, Any]]:
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

    def _cards(self, flow: Flow) -> list[str]:
        """Reminders for the lawyer."""
        return [
            (one.text.get(self.shown_in) or one.text.get(self.language) or one.id)
            + ("" if one.verified_by else " (not yet signed)")
            for one in flow.cards
            if holds(one.when, self._given(flow))
        ]

    def _deadlines(self, flow: Flow) -> list[tuple[Clock, Deadline]]:
        """Computed here and not on the server, which cannot read the answers any more."""
        clocks = {clock.id: clock for clock in flow.clocks}
        return [(clocks[one.clock], one) for one in deadlines(flow, self._given(flow))]

    def _clock(self, clock: Clock, deadline: Deadline) -> dict[str, Any]:
        return {
            "clock": clock.id,
            "event": clock.event.get(self.shown_in) or clock.event.get(self.language) or clock.id,
            "from": deadline.begins.isoformat() if deadline.begins else None,
            "to": deadline.ends.isoformat() if deadline.ends else None,
            "at": f"{deadline.moment:%Y-%m-%dT%H:%M}" if deadline.moment else None,
            "period": clock.period,
            "side": clock.side,
            "file_at": clock.file_at,
            "suspends": clock.suspends,
            "remind": list(clock.remind),
            "basis": clock.basis,
            "certainty": clock.certainty,
            "verified_by": clock.verified_by,
        }

    def _clock_line(self, clock: Mapping[str, Any]) -> str:
        mark = "" if clock["verified_by"] else ", not yet signed"
        named = {
            "": clock["period"],
            "for the ": clock["side"],
            "to: ": clock["file_at"],
            "filing suspends: ": clock["suspends"],
        }
        said = "".join(f"; {name}{value}" for name, value in named.items() if value)
        by = f"{clock['clock']}, {clock['basis']}, {clock['certainty']}{mark}"
        until = clock["at"].replace("T", " ") if clock["at"] else clock["to"]
        when = f"until {until}" if until else "as soon as possible, the day is not known"
        return f"  {when}: {clock['event']}{said} ({by})"

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
            "text": self._value_text(question, kept["value"]),
            "at": kept["at"],
        }

    def _question_text(self, question: str, form: str) -> str:
        asked = self._question(question)
        forms = asked.get("text", {})
        texts = forms.get(form) or forms.get("self", {})
        return str(texts.get(self.shown_in) or texts.get(self.language) or question)

    def _value_text(self, question: str, value: Any) -> str:
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
                label = one["label"]
                return str(label.get(self.shown_in) or label.get(self.language) or option)
        return option

    def _question(self, question: str) -> dict[str, Any]:
        found = [one for one in self.flow.get("questions", []) if one["id"] == question]
        return dict(found[0]) if found else {}

    def _reason(self, reason: Mapping[str, Any]) -> str:
        rule = next((one for one in self.flow.get("rules", []) if one["id"] == reason["rule"]), None)
        texts = rule["reason"] if rule else {}
        head = str(texts.get(self.shown_in) or texts.get(self.language) or reason["rule"])
        because = [self._label(question, option) for question, option in reason["because"]]
        mark = "" if rule is None or rule.get("verified_by") else " (rule not yet signed)"
        return f"{head}: {', '.join(because)}{mark}" if because else f"{head}{mark}"


def _hours(hours: Any) -> list[str]:
    """Between which hours of the day, as it was told."""
    match hours:
        case [int(first), int(last)]:
            return [f"{first:02}:00-{last:02}:00"]
        case _:
            return []


def _paragraph(heading: object, said: object) -> list[str]:
    return ["", str(heading), *(f"  {line}" for line in str(said).splitlines())]
