"""A questionnaire with all its languages as one JSON; its SHA-256 is the revision.

The bot runs on this JSON only, and every bundle carries it, so that an open intake finishes on the questionnaire it
began with and a reader in ten years needs no catalogs. What people type at the questions is twice as long, and only the
bot needs it: it stands in a second line, which the first names by its SHA-256, and no bundle carries it. `verified_by`
and `signed_in` say what advocates had signed, as it stands there, when it was compiled.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from flows.model import (
    Advice,
    AlertLines,
    AllOf,
    Always,
    AnyOf,
    Asks,
    AtClock,
    Chose,
    Clock,
    ClockId,
    Condition,
    Flow,
    Forms,
    Kind,
    LawyerCard,
    Level,
    Not,
    Option,
    OptionId,
    Page,
    Question,
    QuestionId,
    Rule,
    RuleId,
    Since,
    Span,
    Threat,
    Until,
    WasAnswered,
    WasSkipped,
)
from flows.readable import signatures
from flows.source import FlowSource, SourceAlert, SourceClock, SourceFlow, SourceQuestion, TwoForms
from flows.texts import CLOCK_WORDS, Translate, forms_of
from flows.words.vocabulary import Vocabulary

FORMAT = "pana-flow/1"
_BETWEEN = b"\n"


def compile_release(source: FlowSource, translate: Translate, languages: Sequence[str]) -> bytes:
    """The canonical JSON of a questionnaire, and in a second line that of what people type.

    `translate(context, msgid, language)` gives each text.
    """
    carried = _carried(source, translate, languages)
    if not source.words.files:
        return _canonical(carried)
    typed = _canonical(source.words.plain())
    return _canonical({**carried, "words": hashlib.sha256(typed).hexdigest()}) + _BETWEEN + typed


def _canonical(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def carried_of(compiled: bytes) -> bytes:
    """What of a compiled questionnaire a bundle carries: all but what people type."""
    return compiled.partition(_BETWEEN)[0]


def revision_of(compiled: bytes) -> str:
    """SHA-256 of what a bundle carries of it, hexadecimal."""
    return hashlib.sha256(carried_of(compiled)).hexdigest()


@lru_cache(maxsize=8)
def read_release(compiled: bytes) -> Flow:
    """The flow that a compiled questionnaire describes; read once in a process. ValueError: it is not whole."""
    carried, _, typed = compiled.partition(_BETWEEN)
    data = json.loads(carried)
    words = data.get("words", {})
    if isinstance(words, str):
        if hashlib.sha256(typed).hexdigest() != words:
            raise ValueError("what people type is not what this questionnaire names")
        words = json.loads(typed)
    return flow_of(data, revision_of(compiled), words)


def flow_of(data: Mapping[str, Any], revision: str, words: Mapping[str, object] | None = None) -> Flow:
    """The flow of what a bundle carries, parsed already. Bundles outlive programs: what is newer may be missing.

    `words`: what people type. Releases of earlier programs have it in themselves (`read_release`).
    """
    return Flow(
        id=data["flow"],
        revision=revision,
        languages=tuple(data["languages"]),
        subject=QuestionId(data["subject"]),
        danger=QuestionId(data["danger"]),
        region=data["region"],
        questions=tuple(_read_question(one) for one in data["questions"]),
        rules=tuple(_read_rule(one) for one in data["rules"]),
        clocks=tuple(_read_clock(one) for one in data.get("clocks", [])),
        cards=tuple(
            LawyerCard(
                id=one["id"],
                text=one["text"],
                when=read_condition(one["when"]),
                verified_by=one["verified_by"],
            )
            for one in data.get("cards", [])
        ),
        advice=tuple(
            Advice(
                id=one["id"],
                when=read_condition(one["when"]),
                text=one["text"],
                verified_by=one["verified_by"],
                source=one.get("source", ""),
                read_on=date.fromisoformat(one["read_on"]) if one.get("read_on") else None,
                signed_in=tuple(one.get("signed_in", [])),
            )
            for one in data.get("advice", [])
        ),
        contact=data.get("contact"),
        changed=tuple(data.get("changed", [])),
        offers=tuple(data.get("offers", [])),
        vocabulary=Vocabulary(words or {}),
        alert=_read_alert(data.get("alert", {})),
        held=read_condition(data["held"]) if data.get("held") else Not(Always()),
        quiet=read_condition(data["quiet"]) if data.get("quiet") else Not(Always()),
        backed=read_condition(data["backed"]) if data.get("backed") else Not(Always()),
    )


def _carried(source: FlowSource, translate: Translate, languages: Sequence[str]) -> dict[str, Any]:
    def texts(context: str, msgid: str) -> dict[str, str]:
        return {language: translate(context, msgid, language) for language in languages}

    flow, signed = source.flow, signatures(source, translate, languages)

    def verified(kind: str, one: str) -> dict[str, str | None]:
        by = signed.get(f"{kind}.{one}")
        return {"verified_by": by.by, "verified_at": by.on} if by else {"verified_by": None, "verified_at": None}

    return {
        "format": FORMAT,
        "flow": flow.id,
        "languages": list(languages),
        "subject": flow.subject,
        "danger": flow.danger,
        "region": flow.region,
        "contact": flow.contact,
        "changed": list(flow.changed),
        "offers": list(flow.offers),
        "held": flow.held,
        "quiet": flow.quiet,
        "backed": flow.backed,
        "questions": [_question(flow, question, texts) for question in flow.questions],
        "clocks": [
            {**_clock(clock, texts, _basis(flow, clock, texts, languages)), **verified("clock", clock.id)}
            for clock in flow.clocks
        ],
        "cards": [
            {
                "id": card.id,
                "text": texts(f"card.{card.id}", card.text),
                "when": card.when,
                **verified("card", card.id),
            }
            for card in flow.cards
        ],
        "advice": [
            {
                "id": one.id,
                "when": one.when,
                "text": texts(f"advice.{one.id}", one.text),
                **verified("advice", one.id),
                "signed_in": list(signed[f"advice.{one.id}"].languages) if f"advice.{one.id}" in signed else [],
                "source": one.source,
                "read_on": one.read_on,
            }
            for one in flow.advice
        ],
        "rules": [
            {
                "id": rule.id,
                "level": rule.level.value,
                "when": rule.when,
                "reason": texts(f"rule.{rule.id}", rule.reason),
                "source": rule.source,
                **verified("rule", rule.id),
            }
            for rule in flow.rules
        ],
        "alert": _alert(flow.alert, texts),
    }


def _question(
    flow: SourceFlow, question: SourceQuestion, texts: Callable[[str, str], dict[str, str]]
) -> dict[str, Any]:
    labels = _label_of(flow, question, texts)

    def forms(name: str, text: TwoForms | str | None) -> dict[str, Any] | None:
        if text is None:
            return None
        own, other, both = forms_of(f"{question.base or question.id}.{name}", text)
        said = {"self": filled(texts(*own)), "other": filled(texts(*other))}
        return said if both == own else {**said, "open": filled(texts(*both))}

    def filled(said: dict[str, str]) -> dict[str, str]:
        return {language: one % {"option": labels[language]} if labels else one for language, one in said.items()}

    return {
        "id": question.id,
        "kind": question.kind.value,
        "text": forms("text", question.text),
        "hint": forms("hint", question.hint),
        "options": [
            {
                "id": one.id,
                "label": texts(f"{question.id}.{one.id}", one.label),
                "exclusive": one.exclusive,
                "title": one.title,
            }
            for one in question.options
        ],
        "show_if": question.show_if,
        "skippable": question.skip,
        "past": question.past,
        "spans": [
            {"label": texts(f"{question.base or question.id}.spans", one.label), "least": one.least, "most": one.most}
            for one in question.spans
        ],
        "hours": question.hours,
        "term_from": list(question.term_from),
        "asks": question.asks,
    }


def _label_of(
    flow: SourceFlow, question: SourceQuestion, texts: Callable[[str, str], dict[str, str]]
) -> dict[str, str] | None:
    """The label of the option that a written-out question is about."""
    if not question.option:
        return None
    asked = next(one for one in flow.questions if one.id == question.each)
    option = next(one for one in asked.options if one.id == question.option)
    return texts(f"{asked.id}.{option.id}", option.label)


def _alert(alert: SourceAlert, texts: Callable[[str, str], dict[str, str]]) -> dict[str, Any]:
    """Named as it is read again; texts of the catalogs in every language."""
    return {
        "writes": alert.writes,
        "writers": {option: texts(f"alert.{alert.writes}.{option}", said) for option, said in alert.writers.items()},
        "where": list(alert.where),
        "threat": list(alert.threat),
        "threats": [
            {"id": one.id, "name": texts(f"alert.threat.{one.id}", one.name), "when": one.when} for one in alert.threats
        ],
        "soon": alert.soon,
        "papers": msgspec.to_builtins(alert.papers),
        "help": list(alert.help),
        "families": [list(one) for one in alert.families],
        "names": {question: texts(f"alert.{question}", name) for question, name in alert.names.items()},
    }


def law_names(laws: Iterable[str]) -> re.Pattern[str]:
    """Finds the short names of laws in a basis, the longest first."""
    return re.compile("|".join(rf"\b{re.escape(one)}(?= \d)" for one in sorted(laws, key=len, reverse=True)) or r"(?!)")


def _basis(
    flow: SourceFlow, clock: SourceClock, texts: Callable[[str, str], dict[str, str]], languages: Sequence[str]
) -> dict[str, str]:
    """What a deadline rests on, with laws by their names in each language."""
    names, found = {one: texts(f"law.{one}", said) for one, said in flow.laws.items()}, law_names(flow.laws)

    def said_in(language: str) -> str:
        return found.sub(lambda each: names[each[0]][language], clock.basis)

    return {language: said_in(language) for language in languages}


def _clock(clock: SourceClock, texts: Callable[[str, str], dict[str, str]], basis: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": clock.id,
        "event": texts(f"clock.{clock.id}", clock.event),
        "when": clock.when,
        "starts": list(clock.start),
        "ends": list(clock.end),
        "hours": list(clock.hours),
        "days": clock.days,
        "months": clock.months,
        "before": clock.before,
        "at_once": clock.at_once,
        "remind": list(clock.remind),
        "pages": [
            {"level": one.level.value, "from_start": one.from_start, "before_end": one.before_end, "after": one.after}
            for one in clock.pages
        ],
        "period": clock.period,
        "side": clock.side,
        "file_at": clock.file_at,
        "suspends": clock.suspends,
        "basis": clock.basis,
        "in_words": {
            **{name: texts(f"clock.{name}", said) for name in CLOCK_WORDS if (said := str(getattr(clock, name)))},
            "basis": basis,
        },
        "certainty": clock.certainty,
    }


def _read_clock(data: Mapping[str, Any]) -> Clock:
    return Clock(
        id=ClockId(data["id"]),
        event=data["event"],
        when=read_condition(data["when"]),
        starts=tuple(QuestionId(one) for one in data["starts"]),
        ends=tuple(QuestionId(one) for one in data["ends"]),
        days=data["days"],
        months=data["months"],
        pages=tuple(
            Page(
                level=Level(one["level"]),
                from_start=one["from_start"],
                before_end=one["before_end"],
                after=one["after"],
            )
            for one in data["pages"]
        ),
        basis=data["basis"],
        certainty=data["certainty"],
        verified_by=data["verified_by"],
        verified_at=data["verified_at"],
        hours=tuple(data.get("hours", [])),
        remind=tuple(data.get("remind", [])),
        before=data.get("before", 0),
        at_once=data.get("at_once", False),
        period=data.get("period", ""),
        side=data.get("side", ""),
        file_at=data.get("file_at", ""),
        suspends=data.get("suspends", ""),
        in_words=data.get("in_words", {}),
    )


def _read_alert(data: Mapping[str, Any]) -> AlertLines:
    papers = data.get("papers") or {}
    return AlertLines(
        writes=data.get("writes"),
        writers=data.get("writers", {}),
        where=tuple(data.get("where", [])),
        threat=tuple(data.get("threat", [])),
        threats=tuple(
            Threat(id=one["id"], name=one["name"], when=read_condition(one["when"])) for one in data.get("threats", [])
        ),
        soon=data.get("soon", {}),
        papers=papers.get("asked"),
        given=papers.get("given", ""),
        dated=papers.get("dated", ""),
        help=tuple(data.get("help", [])),
        families=tuple(tuple(one) for one in data.get("families", [])),
        names=data.get("names", {}),
    )


def _read_question(data: Mapping[str, Any]) -> Question:
    return Question(
        id=QuestionId(data["id"]),
        kind=Kind(data["kind"]),
        text=_read_forms(data["text"]),
        hint=_read_forms(data["hint"]) if data["hint"] else None,
        options=tuple(
            Option(id=OptionId(one["id"]), label=one["label"], exclusive=one["exclusive"], title=one.get("title", ""))
            for one in data["options"]
        ),
        show_if=read_condition(data["show_if"]),
        skippable=data["skippable"],
        past=data["past"],
        spans=tuple(Span(label=one["label"], least=one["least"], most=one["most"]) for one in data.get("spans", [])),
        hours=data.get("hours", False),
        term_from=tuple(QuestionId(one) for one in data.get("term_from", ())),
        asks=Asks(data["asks"]) if data.get("asks") else None,
    )


def _read_forms(data: Mapping[str, Any]) -> Forms:
    return Forms(self_=data["self"], other=data["other"], open=data.get("open", data["self"]))


def _read_rule(data: Mapping[str, Any]) -> Rule:
    return Rule(
        id=RuleId(data["id"]),
        level=Level(data["level"]),
        when=read_condition(data["when"]),
        reason=data["reason"],
        source=data["source"],
        verified_by=data["verified_by"],
        verified_at=data["verified_at"],
    )


def read_condition(data: object) -> Condition:  # noqa: C901 - an arm for each kind
    """A condition from its written form; raises ValueError with what is wrong in words."""
    if data is None:
        return Always()
    if not isinstance(data, Mapping) or len(data) != 1:
        raise ValueError(
            "a condition is one of {question: [options]}, answered, skipped, days_since, days_until, clock,"
            " all, any, not"
        )
    ((name, value),) = data.items()
    match name:
        case "all":
            return AllOf(_conditions_in(name, value))
        case "any":
            return AnyOf(_conditions_in(name, value))
        case "not":
            return Not(read_condition(value))
        case "answered":
            return WasAnswered(QuestionId(str(value)))
        case "skipped":
            return WasSkipped(QuestionId(str(value)))
        case "clock":
            if value not in {level.value for level in Level}:
                raise ValueError("`clock` takes a level")
            return AtClock(Level(value))
        case "days_since":
            return Since(*_days_in(name, value))
        case "days_until":
            return Until(*_days_in(name, value))
        case _:
            return _chose(str(name), value)


def _conditions_in(name: str, value: object) -> tuple[Condition, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"`{name}` takes a list of conditions")
    return tuple(read_condition(one) for one in value)


def _days_in(name: str, value: object) -> tuple[QuestionId, int]:
    if not isinstance(value, Mapping) or len(value) != 1 or not isinstance(next(iter(value.values())), int):
        raise ValueError(f"`{name}` takes {{question: days}}")
    ((question, days),) = value.items()
    return QuestionId(str(question)), days


def _chose(question: str, value: object) -> Chose:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or not value:
        raise ValueError(f"`{question}` takes a list of options")
    return Chose(QuestionId(question), frozenset(OptionId(one) for one in value))
