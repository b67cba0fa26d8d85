"""What can be proved about a questionnaire file without running a bot."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from flows.conditions import questions_in
from flows.errors import FlowErrors, Problem
from flows.model import (
    AllOf,
    AnyOf,
    AtClock,
    Chose,
    Chosen,
    Condition,
    Flow,
    Kind,
    Level,
    Not,
    OptionId,
    QuestionId,
    Since,
    Until,
)
from flows.paths import shadowed, walk
from flows.release import Translate, compile_release, forms_of, read_condition, read_release
from flows.source import FlowSource, SourceFlow, SourceQuestion
from flows.triage import judge

LONGEST_LABEL = 32
_ANY_DAY = date(2026, 1, 1)  # no answer to an option alone has a date to compare it with


def check(source: FlowSource, translate: Translate, languages: Sequence[str]) -> list[Problem]:
    """Everything that is wrong with a questionnaire, in the order of its lines; walks every way through it."""
    problems = _mistakes(source, translate, languages)
    if not problems:
        problems = list(_reached(source, read_release(compile_release(source, translate, languages))))
    return sorted(problems, key=lambda problem: problem.line)


def released(source: FlowSource, translate: Translate, languages: Sequence[str]) -> bytes:
    """The compiled questionnaire; raises FlowErrors when it says what cannot be."""
    problems = _mistakes(source, translate, languages)
    if problems:
        raise FlowErrors(sorted(problems, key=lambda problem: problem.line))
    return compile_release(source, translate, languages)


def _mistakes(source: FlowSource, translate: Translate, languages: Sequence[str]) -> list[Problem]:
    problems = [*_names(source), *_kinds(source), *_conditions(source)]
    if not problems:
        flow = read_release(compile_release(source, translate, languages))
        problems = [*_texts(source, flow, translate), *_danger(source, flow)]
    return problems


def _names(source: FlowSource) -> Iterator[Problem]:
    flow = source.flow
    known = {question.id for question in flow.questions}
    yield from _twice(source, "questions", [question.id for question in flow.questions])
    yield from _twice(source, "clocks", [clock.id for clock in flow.clocks])
    yield from _twice(source, "advice", [advice.id for advice in flow.advice])
    yield from _twice(source, "cards", [card.id for card in flow.cards])
    yield from _twice(source, "rules", [rule.id for rule in flow.rules])
    for at, question in enumerate(flow.questions):
        yield from _twice(source, f"questions[{at}].options", [option.id for option in question.options])
    for name in ("subject", "danger", "region", "contact"):
        wanted = getattr(flow, name)
        if wanted is not None and wanted not in known:
            yield source.problem(f"$.{name}", f"there is no question `{wanted}`", "name one that exists")


def _twice(source: FlowSource, path: str, ids: Sequence[str]) -> Iterator[Problem]:
    for at, one in enumerate(ids):
        if one in ids[:at]:
            yield source.problem(f"$.{path}[{at}].id", f"`{one}` stands twice", "give it an id of its own")


def _kinds(source: FlowSource) -> Iterator[Problem]:
    for at, question in enumerate(source.flow.questions):
        wants = question.kind in {"single", "multiple"}
        if wants and len(question.options) < 2:
            yield source.problem(f"$.questions[{at}]", "a choice needs two options", "add options")
        if not wants and question.options:
            yield source.problem(f"$.questions[{at}].options", f"a {question.kind} has no options", "remove them")


def _conditions(source: FlowSource) -> Iterator[Problem]:
    seen: list[SourceQuestion] = []
    for at, question in enumerate(source.flow.questions):
        yield from _condition(source, f"$.questions[{at}].show_if", question.show_if, seen)
        seen.append(question)
    yield from _condition(source, "$.quiet", source.flow.quiet, seen)
    for at, advice in enumerate(source.flow.advice):
        yield from _condition(source, f"$.advice[{at}].when", advice.when, seen)
    for at, card in enumerate(source.flow.cards):
        yield from _condition(source, f"$.cards[{at}].when", card.when, seen)
    for at, clock in enumerate(source.flow.clocks):
        yield from _condition(source, f"$.clocks[{at}].when", clock.when, seen)
        yield from _clock(source, at, {one.id: one.kind for one in seen})
    for at, rule in enumerate(source.flow.rules):
        yield from _condition(source, f"$.rules[{at}].when", rule.when, seen)


def _clock(source: FlowSource, at: int, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    clock = source.flow.clocks[at]
    for question in (*clock.start, *clock.end):
        if kinds.get(question) is not Kind.date:
            yield source.problem(
                f"$.clocks[{at}]", f"`{question}` is no date question", "name one that asks for a date"
            )
    if clock.start and clock.days is None and clock.months is None:
        yield source.problem(f"$.clocks[{at}]", "a clock with a start needs a period", "give days or months")
    if bool(clock.verified_by) != bool(clock.verified_at):
        yield source.problem(f"$.clocks[{at}]", "half signed", "give verified_by and verified_at together")


def _condition(source: FlowSource, path: str, data: object, seen: Sequence[SourceQuestion]) -> Iterator[Problem]:
    try:
        condition = read_condition(data)
    except ValueError as error:
        yield source.problem(path, str(error), "write it as docs/writing-a-flow.md shows")
        return
    if not path.startswith("$.rules") and _looks_at_the_day(condition):
        yield source.problem(path, "only rules may look at the day", "ask for the date and let a rule read it")
    known = {question.id: {option.id for option in question.options} for question in seen}
    for question in sorted(questions_in(condition) - set(known)):
        yield source.problem(path, f"no earlier question `{question}`", "name one that is asked before")
    for chose in _choices(condition):
        for option in sorted(chose.options - known.get(chose.question, chose.options)):
            yield source.problem(path, f"`{chose.question}` has no option `{option}`", "name one of its options")


def _looks_at_the_day(condition: Condition) -> bool:
    match condition:
        case Since() | Until() | AtClock():
            return True
        case AllOf(conditions) | AnyOf(conditions):
            return any(_looks_at_the_day(one) for one in conditions)
        case Not(inner):
            return _looks_at_the_day(inner)
        case _:
            return False


def _choices(condition: Condition) -> list[Chose]:
    match condition:
        case Chose():
            return [condition]
        case AllOf(conditions) | AnyOf(conditions):
            return list(chain.from_iterable(_choices(one) for one in conditions))
        case Not(inner):
            return _choices(inner)
        case _:
            return []


def _texts(source: FlowSource, flow: Flow, translate: Translate) -> Iterator[Problem]:
    for at, question in enumerate(flow.questions):
        for number, option in enumerate(question.options, start=1):
            path = f"$.questions[{at}].options[{number - 1}].label"
            for language, label in option.label.items():
                yield from _label(source, path, language, f"{number}. {label}")
    for path, context, msgid in messages(source.flow):
        for language in flow.languages:
            if language != "en" and translate(context, msgid, language) == msgid:
                yield source.problem(path, f"no text in {language}", "translate it in locales/")


def _label(source: FlowSource, path: str, language: str, button: str) -> Iterator[Problem]:
    if len(button) > LONGEST_LABEL:
        what = f"the button is {len(button)} characters long in {language}"
        yield source.problem(path, what, f"at most {LONGEST_LABEL}, its number included")


def _danger(source: FlowSource, flow: Flow) -> Iterator[Problem]:
    """Every option marked `danger` leads to at least high, whoever writes."""
    subject = flow.question(flow.subject)
    for at, question in enumerate(source.flow.questions):
        for number, option in enumerate(question.options):
            if not option.danger:
                continue
            answer = {QuestionId(question.id): Chosen((OptionId(option.id),))}
            writers = [{flow.subject: Chosen((who.id,))} for who in subject.options]
            levels = [judge(flow, {**writer, **answer}, _ANY_DAY).level for writer in writers]
            if Level.normal in levels:
                path = f"$.questions[{at}].options[{number}]"
                yield source.problem(path, "a danger answer leads to no alert", "add a rule for it")


def _reached(source: FlowSource, flow: Flow) -> Iterator[Problem]:
    """Every question can be asked, and no rule holds never or whatever is answered."""
    ways, never_decide = walk(flow), shadowed(flow)
    for at, question in enumerate(source.flow.questions):
        if question.id in ways.never_asked:
            yield source.problem(f"$.questions[{at}]", "nobody is ever asked this", "mend its show_if")
    for at, rule in enumerate(source.flow.rules):
        if rule.id in ways.never_true:
            yield source.problem(f"$.rules[{at}].when", "this never holds", "mend the condition or remove the rule")
        if rule.id in ways.always_true:
            yield source.problem(f"$.rules[{at}].when", "this always holds", "a rule for everybody has no `when`")
        if rule.id in never_decide:
            yield source.problem(f"$.rules[{at}]", "another rule always decides in its place", "remove or sharpen it")


def messages(flow: SourceFlow) -> Iterator[tuple[str, str, str]]:
    """Every text of a questionnaire: path in the file, msgctxt, English text. One with `each` has its texts once."""
    for at, question in enumerate(flow.questions):
        for name, text in (("text", question.text), ("hint", question.hint)):
            if text is not None:
                for context, msgid in dict.fromkeys(forms_of(f"{question.base or question.id}.{name}", text)):
                    yield f"$.questions[{at}].{name}", context, msgid
        for number, option in enumerate(question.options):
            yield f"$.questions[{at}].options[{number}].label", f"{question.id}.{option.id}", option.label
    for at, clock in enumerate(flow.clocks):
        yield f"$.clocks[{at}].event", f"clock.{clock.id}", clock.event
    for at, advice in enumerate(flow.advice):
        yield f"$.advice[{at}].text", f"advice.{advice.id}", advice.text
    for at, card in enumerate(flow.cards):
        yield f"$.cards[{at}].text", f"card.{card.id}", card.text
    for at, rule in enumerate(flow.rules):
        yield f"$.rules[{at}].reason", f"rule.{rule.id}", rule.reason
