"""What can be proved about a questionnaire file without running a bot."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from flows.alert_check import alert_messages, alert_problems, law_problems
from flows.conditions import questions_in
from flows.errors import FlowErrors, Problem
from flows.model import (
    AllOf,
    Always,
    AnyOf,
    AtClock,
    Chose,
    Chosen,
    Clock,
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
from flows.paths import safer_to_stop, shadowed
from flows.reach import always_holds, idle, never_holds
from flows.release import CLOCK_WORDS, Translate, compile_release, forms_of, read_condition, read_release
from flows.said.check import check_words
from flows.source import FlowSource, SourceFlow, SourceQuestion
from flows.triage import judge

LONGEST_LABEL = 32
_PLACEHOLDER = re.compile(r"%\([^()]*\)[a-zA-Z]?")
_OPTION = "%(option)s"
_FILLED = ("text", "hint")
_ANY_DAY = date(2026, 1, 1)  # no answer to an option alone has a date to compare it with


def check(source: FlowSource, translate: Translate, languages: Sequence[str]) -> list[Problem]:
    """Everything that is wrong with a questionnaire, in the order of its lines."""
    problems = _mistakes(source, translate, languages)
    if not problems:
        flow = read_release(compile_release(source, translate, languages))
        problems = [*_reached(source, flow), *check_words(source.words, flow)]
    return _sorted(problems)


def released(source: FlowSource, translate: Translate, languages: Sequence[str]) -> bytes:
    """The compiled questionnaire; raises FlowErrors when it says what cannot be."""
    problems = _mistakes(source, translate, languages)
    if problems:
        raise FlowErrors(_sorted(problems))
    return compile_release(source, translate, languages)


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    """Each once (a question with `each` is written out many times), by file and line."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line))


def _mistakes(source: FlowSource, translate: Translate, languages: Sequence[str]) -> list[Problem]:
    problems = [*_names(source), *_kinds(source), *_conditions(source), *_signatures(source)]
    problems += _placeholders(source, translate, languages)
    problems = problems or [*alert_problems(source), *law_problems(source)]
    if not problems:
        flow = read_release(compile_release(source, translate, languages))
        problems = [*_texts(source, flow, translate), *_danger(source, flow)]
    return problems


def _names(source: FlowSource) -> Iterator[Problem]:
    flow = source.flow
    known = {question.id for question in flow.questions}
    for kind in ("questions", "clocks", "advice", "cards", "rules"):
        yield from _twice(source, kind, [one.id for one in getattr(flow, kind)])
    for at, question in enumerate(flow.questions):
        yield from _twice(source, f"questions[{at}].options", [option.id for option in question.options])
    named = [(f"$.{name}", getattr(flow, name)) for name in ("subject", "danger", "region", "contact")]
    named += [(f"$.offers[{at}]", one) for at, one in enumerate(flow.offers)]
    for path, wanted in named:
        if wanted is not None and wanted not in known:
            yield source.problem(path, f"there is no question `{wanted}`", "name one that exists")


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
    yield from _condition(source, "$.held", source.flow.held, seen)
    yield from _condition(source, "$.quiet", source.flow.quiet, seen)
    yield from _condition(source, "$.backed", source.flow.backed, seen)
    for at, advice in enumerate(source.flow.advice):
        yield from _condition(source, f"$.advice[{at}].when", advice.when, seen)
    for at, card in enumerate(source.flow.cards):
        yield from _condition(source, f"$.cards[{at}].when", card.when, seen)
    for at, clock in enumerate(source.flow.clocks):
        yield from _condition(source, f"$.clocks[{at}].when", clock.when, seen)
        yield from _clock(source, at, {one.id: one.kind for one in seen})
    for at, rule in enumerate(source.flow.rules):
        yield from _condition(source, f"$.rules[{at}].when", rule.when, seen)
    for at, threat in enumerate(source.flow.alert.threats):
        yield from _condition(source, f"$.alert.threats[{at}].when", threat.when, seen)


def _clock(source: FlowSource, at: int, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    clock = source.flow.clocks[at]
    for question in (*clock.start, *clock.end):
        if kinds.get(question) is not Kind.date:
            yield source.problem(
                f"$.clocks[{at}]", f"`{question}` is no date question", "name one that asks for a date"
            )
    if clock.start and clock.days is None and clock.months is None:
        yield source.problem(f"$.clocks[{at}]", "a clock with a start needs a period", "give days or months")
    if clock.before and not clock.end:
        yield source.problem(f"$.clocks[{at}]", "`before` without `end`", "name the date that it lies before")
    if clock.at_once and clock.when is None:
        yield source.problem(f"$.clocks[{at}]", "it would run for everybody", "say `when` it runs at once")


def _signatures(source: FlowSource) -> Iterator[Problem]:
    """Who signed and when stand together; half a signature would show an unsigned text, or hide a signed one."""
    flow = source.flow
    signed: list[tuple[str, str | None, str | None]] = []
    signed += [(f"rules[{at}]", one.verified_by, one.verified_at) for at, one in enumerate(flow.rules)]
    signed += [(f"clocks[{at}]", one.verified_by, one.verified_at) for at, one in enumerate(flow.clocks)]
    signed += [(f"cards[{at}]", one.verified_by, one.verified_at) for at, one in enumerate(flow.cards)]
    signed += [(f"advice[{at}]", one.verified_by, one.verified_at) for at, one in enumerate(flow.advice)]
    for path, who, when in signed:
        if bool(who) != bool(when):
            yield source.problem(f"$.{path}", "half signed", "give verified_by and verified_at together")
    for at, advice in enumerate(flow.advice):
        if bool(advice.source) != _is_day(advice.read_on):
            yield source.problem(f"$.advice[{at}]", "half quoted", "give source, and read_on as YYYY-MM-DD")


def _is_day(written: str | None) -> bool:
    try:
        return written is not None and bool(date.fromisoformat(written))
    except ValueError:
        return False


def _placeholders(source: FlowSource, translate: Translate, languages: Sequence[str]) -> Iterator[Problem]:
    """The only placeholder is the option's label, in a question with `each`; each language has what English has."""
    each = {f"$.questions[{at}].{name}" for at, one in enumerate(source.flow.questions) if one.each for name in _FILLED}
    for path, context, msgid in messages(source.flow):
        if what := _misplaced(path, msgid, filled=path in each):
            yield source.problem(path, *what)
            continue
        for language in languages:
            said = translate(context, msgid, language)
            if sorted(_PLACEHOLDER.findall(said)) != sorted(_PLACEHOLDER.findall(msgid)):
                yield source.problem(path, f"other placeholders in {language}", "mend it in locales/")
            elif path in each and _has_stray_percent(said):
                yield source.problem(path, f"a stray % in {language}", "write %% in locales/")


def _misplaced(path: str, msgid: str, *, filled: bool) -> tuple[str, str] | None:
    """What is wrong with the placeholders of an English text, and the remedy."""
    wanted = _PLACEHOLDER.findall(msgid)
    if not filled:
        return (f"nothing fills {wanted[0]}", "remove it; only a question with `each` has one") if wanted else None
    if _has_stray_percent(msgid):
        return "a stray %", "write %%, or the whole placeholder: %(option)s"
    if set(wanted) - {_OPTION} or (path.endswith(".text") and not wanted):
        return "its placeholder is not %(option)s", "name the option with %(option)s"
    return None


def _has_stray_percent(text: str) -> bool:
    return "%" in _PLACEHOLDER.sub("", text).replace("%%", "")


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
    """An option marked `danger` leads to at least high, whoever writes; one that does so alone is marked."""
    subject, calm = flow.question(flow.subject), judge(flow, {}, _ANY_DAY).level is Level.normal
    for at, question in enumerate(source.flow.questions):
        for number, option in enumerate(question.options):
            path = f"$.questions[{at}].options[{number}]"
            answer = {QuestionId(question.id): Chosen((OptionId(option.id),))}
            writers = [{flow.subject: Chosen((who.id,))} for who in subject.options]
            levels = [judge(flow, {**writer, **answer}, _ANY_DAY).level for writer in writers]
            if option.danger and Level.normal in levels:
                yield source.problem(path, "a danger answer leads to no alert", "add a rule for it")
            if calm and not option.danger and judge(flow, answer, _ANY_DAY).level is not Level.normal:
                yield source.problem(path, "this alone calls a lawyer", "mark it `danger: true`, or mend the rule")


def _reached(source: FlowSource, flow: Flow) -> Iterator[Problem]:
    """Every question can be asked, every clock can run, and every condition and part of a rule decides something."""
    yield from _asked(source, flow)
    conditions = [("$.held", flow.held), ("$.quiet", flow.quiet), ("$.backed", flow.backed)]
    conditions += [(f"$.advice[{at}].when", one.when) for at, one in enumerate(flow.advice)]
    conditions += [(f"$.cards[{at}].when", one.when) for at, one in enumerate(flow.cards)]
    conditions += [(f"$.rules[{at}].when", one.when) for at, one in enumerate(flow.rules)]
    conditions += [(f"$.alert.threats[{at}].when", one.when) for at, one in enumerate(flow.alert.threats)]
    for path, condition in conditions:
        if condition != Not(Always()) and never_holds(flow, condition):  # what was left out
            yield source.problem(path, "this never holds", "mend the condition or remove what it belongs to")
        yield from _always(source, flow, path, condition, "what is for everybody has no condition")
    for at, clock in enumerate(flow.clocks):
        yield from _runs(source, flow, f"$.clocks[{at}]", clock)
    yield from _idle(source, flow)
    yield from _stops(source, flow)


def _stops(source: FlowSource, flow: Flow) -> Iterator[Problem]:
    """An offer to stop comes after everything that decides: whoever takes it counts as whoever knows nothing more."""
    for one in safer_to_stop(flow):
        what = f"stopping here is safer than not knowing: rule {one.rule} would hold"
        yield source.problem(f"$.questions[{flow.place(one.offer)}]", what, "ask what it reads before this offer")


def _asked(source: FlowSource, flow: Flow) -> Iterator[Problem]:
    for at, (question, compiled) in enumerate(zip(source.flow.questions, flow.questions, strict=True)):
        if never_holds(flow, compiled.show_if):
            yield source.problem(f"$.questions[{at}]", "nobody is ever asked this", "mend its show_if")
        if question.each is None:
            yield from _always(source, flow, f"$.questions[{at}].show_if", compiled.show_if, "leave it out")


def _runs(source: FlowSource, flow: Flow, path: str, clock: Clock) -> Iterator[Problem]:
    dates = tuple(flow.question(one).show_if for one in (*clock.starts, *clock.ends))
    yield from _always(source, flow, f"{path}.when", clock.when, "leave it out")
    if never_holds(flow, clock.when):
        yield source.problem(f"{path}.when", "this never holds", "mend the condition or remove the clock")
    elif dates and never_holds(flow, AllOf((clock.when, AnyOf(dates)))):
        yield source.problem(path, "it never runs: nobody is asked for its date then", "mend `when` or its dates")


def _always(source: FlowSource, flow: Flow, path: str, condition: Condition, remedy: str) -> Iterator[Problem]:
    if always_holds(flow, condition):
        yield source.problem(path, "this always holds", f"mend the condition; {remedy}")


def _idle(source: FlowSource, flow: Flow) -> Iterator[Problem]:
    never_decide = shadowed(flow)
    for at, rule in enumerate(flow.rules):
        path = f"$.rules[{at}]"
        if never_holds(flow, rule.when) or always_holds(flow, rule.when):
            continue
        for part in idle(flow, rule.when):
            what = f"`{part.rpartition('/')[2]}` decides nothing here" if "/" in part else "this part decides nothing"
            yield source.problem(f"{path}.when{part}", what, "leave it out, or mend what it stands beside")
        if rule.id in never_decide:
            yield source.problem(path, "another rule always decides in its place", "remove or sharpen it")


def messages(flow: SourceFlow) -> Iterator[tuple[str, str, str]]:
    """Every text of a questionnaire: path in the file, msgctxt, English text. One with `each` has its texts once."""
    for at, question in enumerate(flow.questions):
        yield from _of_question(at, question)
    for at, clock in enumerate(flow.clocks):
        yield f"$.clocks[{at}].event", f"clock.{clock.id}", clock.event
        for name in CLOCK_WORDS:
            if said := str(getattr(clock, name)):
                yield f"$.clocks[{at}].{name}", f"clock.{name}", said
    for at, advice in enumerate(flow.advice):
        yield f"$.advice[{at}].text", f"advice.{advice.id}", advice.text
    for at, card in enumerate(flow.cards):
        yield f"$.cards[{at}].text", f"card.{card.id}", card.text
    for at, rule in enumerate(flow.rules):
        yield f"$.rules[{at}].reason", f"rule.{rule.id}", rule.reason
    yield from alert_messages(flow.alert)
    for law, name in flow.laws.items():
        yield f"$.laws.{law}", f"law.{law}", name


def _of_question(at: int, question: SourceQuestion) -> Iterator[tuple[str, str, str]]:
    for name, text in (("text", question.text), ("hint", question.hint)):
        if text is not None:
            for context, msgid in dict.fromkeys(forms_of(f"{question.base or question.id}.{name}", text)):
                yield f"$.questions[{at}].{name}", context, msgid
    for number, option in enumerate(question.options):
        yield f"$.questions[{at}].options[{number}].label", f"{question.id}.{option.id}", option.label
    for number, span in enumerate(question.spans):
        yield f"$.questions[{at}].spans[{number}].label", f"{question.base or question.id}.spans", span.label
