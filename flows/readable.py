"""What of a questionnaire is signed: each text with what belongs to it, and the hash of exactly that.

A native reader reads a text in a language beside the English that it says. An advocate reads it in a language, with
all that the program does by it: the condition with the answers that it names in words, the term, the source. Whatever a
file says of it counts, also what no page prints nicely: nothing is signed that was not read.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

import msgspec

from flows.marks import Marks, Role, Standing
from flows.source import FlowSource, SourceAdvice, SourceCard, SourceClock, SourceFlow, SourceQuestion, SourceRule
from flows.texts import Translate, messages

_PART = re.compile(r"\$\.(\w+)\[(\d+)\]")
_NO_FACTS = {"id", "event", "text", "reason", "verified_by", "verified_at"}  # its name, its texts, what is no mark
CODE = 8  # hexadecimal digits that stand beside a text on paper


class Kind(StrEnum):
    """What a text is; its id begins with it."""

    message = "message"
    question = "question"
    advice = "advice"
    clock = "clock"
    card = "card"
    rule = "rule"


LAW = frozenset({Kind.advice, Kind.clock, Kind.card, Kind.rule})
_SECTIONS = {
    "questions": Kind.question,
    "advice": Kind.advice,
    "clocks": Kind.clock,
    "cards": Kind.card,
    "rules": Kind.rule,
}
Lawful = SourceAdvice | SourceClock | SourceCard | SourceRule


@dataclass(frozen=True, slots=True)
class Said:
    """A text in a language, the English that it says, and its name in the catalogs."""

    context: str
    text: str
    english: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """One thing to sign. `facts`: what else a file says of it; `named`: the questions and answers in them, in words.

    `grave`: nobody should be asked with it unread: the consent, a question about danger. `quoted`: an official page's
    words, which need no advocate to reach a person.
    """

    id: str
    kind: Kind
    language: str
    texts: tuple[Said, ...]
    facts: Mapping[str, object] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    grave: bool = False
    quoted: bool = False

    def sha256(self, role: Role) -> str:
        """The hash of what somebody in this role reads."""
        if role is Role.reader:
            read: list[object] = [[one.context, one.text, one.english] for one in self.texts]
        else:
            read = [[[one.context, one.text] for one in self.texts], self.facts, self.named]
        canonical = json.dumps(
            [role.value, self.id, self.language, read], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def standing(self, role: Role, marks: Marks) -> Standing:
        """Whether somebody in this role has signed it as it is today."""
        return marks.standing(role, self.id, self.language, self.sha256(role))

    def wanted_of(self, role: Role) -> bool:
        """Natives read everything; an advocate what the law stands in, and what nobody should be asked unread."""
        return role is Role.reader or self.grave or self.kind in LAW


def readables(source: FlowSource, translate: Translate, language: str) -> tuple[Readable, ...]:
    """All texts of a questionnaire in a language, in the order of its file."""
    flow, labels = source.flow, _labels(source.flow, translate, language)
    texts: dict[str, dict[Said, None]] = {}
    of: dict[str, SourceQuestion | Lawful | None] = {}
    for path, context, msgid in messages(flow):
        text_id, one = _part(flow, path, context)
        of.setdefault(text_id, one)
        texts.setdefault(text_id, {})[Said(context, translate(context, msgid, language), msgid)] = None
    return tuple(_readable(text_id, one, tuple(texts[text_id]), language, labels) for text_id, one in of.items())


def _part(flow: SourceFlow, path: str, context: str) -> tuple[str, SourceQuestion | Lawful | None]:
    """What a text belongs to, with its id; what stands in no list of the file is read by itself."""
    match = _PART.match(path)
    if match is None or match[1] not in _SECTIONS:
        return f"{Kind.message}.{context}", None
    one: SourceQuestion | Lawful = getattr(flow, match[1])[int(match[2])]
    # A question that is asked for many options stands in the file once, and is read once.
    name = (one.base or one.id) if isinstance(one, SourceQuestion) else one.id
    return f"{_SECTIONS[match[1]]}.{name}", one


def _readable(
    text_id: str,
    one: SourceQuestion | Lawful | None,
    texts: tuple[Said, ...],
    language: str,
    labels: Mapping[str, str],
) -> Readable:
    kind = Kind(text_id.partition(".")[0])
    if one is None or isinstance(one, SourceQuestion):
        grave = one is not None and any(option.danger for option in one.options)
        return Readable(id=text_id, kind=kind, language=language, texts=texts, grave=grave)
    facts = facts_of(one)
    named = {name: labels[name] for name in _names(facts, labels)}
    quoted = isinstance(one, SourceAdvice) and one.read_on is not None
    return Readable(id=text_id, kind=kind, language=language, texts=texts, facts=facts, named=named, quoted=quoted)


_fields = cache(msgspec.structs.fields)  # it reads the annotations anew each time


def facts_of(one: Lawful) -> dict[str, object]:
    """What a file says of it beside its text, as plain values; what it leaves out is left out."""
    return {
        known.name: msgspec.to_builtins(getattr(one, known.name))
        for known in _fields(type(one))
        if known.name not in _NO_FACTS and getattr(one, known.name) != known.default
    }


def _names(value: object, labels: Mapping[str, str]) -> Iterator[str]:
    """The questions that a condition or a list names, and the answers (`q02.held`)."""
    match value:
        case str() if value in labels:
            yield value
        case Mapping():
            for key, inner in value.items():
                yield from _names(key, labels)
                options = inner if isinstance(inner, Sequence) and not isinstance(inner, str) else ()
                yield from (name for one in options if (name := f"{key}.{one}") in labels)
                yield from _names(inner, labels)
        case list() | tuple():
            for one in value:
                yield from _names(one, labels)


def _labels(flow: SourceFlow, translate: Translate, language: str) -> dict[str, str]:
    """Every question and answer by its name (`q02`, `q02.held`), as whoever writes for oneself reads it."""
    said: dict[str, str] = {}
    for question in flow.questions:
        base, several = question.base or question.id, not isinstance(question.text, str)
        text = question.text if isinstance(question.text, str) else question.text.self_
        read = translate(f"{base}.text.self" if several else f"{base}.text", text, language)
        asked = said.get(f"{question.each}.{question.option}", "")
        said[question.id] = read % {"option": asked} if question.each else read
        for option in question.options:
            said[f"{question.id}.{option.id}"] = translate(f"{question.id}.{option.id}", option.label, language)
    return said


@dataclass(frozen=True, slots=True)
class Signature:
    """An advocate's mark that holds: whose, of which day, and in which languages."""

    by: str
    on: str
    languages: tuple[str, ...]


def signatures(source: FlowSource, translate: Translate, languages: Sequence[str]) -> Mapping[str, Signature]:
    """What advocates have signed as it is today, by id; in the first of the languages its name and day."""
    found: dict[str, Signature] = {}
    if not source.marks.of(Role.advocate):
        return found
    for language in languages:
        for one in readables(source, translate, language):
            standing = one.standing(Role.advocate, source.marks)
            if standing.mark is not None and standing.holds:
                before = found.get(one.id, Signature(standing.mark.by, standing.mark.on, ()))
                found[one.id] = Signature(before.by, before.on, (*before.languages, language))
    return found
