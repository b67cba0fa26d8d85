"""Every way through a questionnaire, counted without walking each: answers that nothing tells apart are one class.

A question of several choices is answered by each option alone and by all at once; dates that a rule compares with the
day are answered on both sides of each boundary. Clocks are left to their own tests.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product

from flows.conditions import questions_in
from flows.model import (
    GO_ON,
    Answer,
    Answers,
    AtClock,
    Chosen,
    Condition,
    Dated,
    Day,
    Flow,
    Kind,
    Level,
    Question,
    QuestionId,
    Rule,
    RuleId,
    Skipped,
    Written,
)
from flows.reach import TODAY, days_near, leaves
from flows.triage import as_not_known


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """An answer to a question. There is one of each in a walk, so that none has to be compared by what is in it."""

    question: QuestionId
    answer: Answer


Kept = tuple[_Given, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How many classes of answers there are, the fewest and most questions that one meets, and what they end in."""

    ways: int
    least: int
    most: int
    levels: Mapping[Level, int]


def walk(flow: Flow) -> Ways:
    """Goes through the questions in their order, and merges what can no longer be told apart."""
    classes, last_read = _given(flow), {rule.id: _last_read(flow, rule) for rule in flow.rules}
    states: dict[_State, _Counted] = {((), Level.normal): (1, 0, 0)}
    for at in range(len(flow.questions)):
        states = _after(_step(flow, at, classes, last_read), states)
    levels: Counter[Level] = Counter()
    for (_, level), (ways, _, _) in states.items():
        levels[level] += ways
    least, most = min(one[1] for one in states.values()), max(one[2] for one in states.values())
    return Ways(levels.total(), least, most, dict(levels))


@dataclass(frozen=True, slots=True)
class SaferToStop:
    """Stopping at an offer gives a lower level than going on and not knowing; `rule` would have held."""

    offer: QuestionId
    rule: RuleId


def safer_to_stop(flow: Flow) -> tuple[SaferToStop, ...]:
    """Every offer at which somebody who stops may count as safer than somebody who knows nothing more."""
    classes, last_read = _given(flow), {rule.id: _last_read(flow, rule) for rule in flow.rules}
    states: dict[_State, _Counted] = {((), Level.normal): (1, 0, 0)}
    found: dict[SaferToStop, None] = {}
    for at, question in enumerate(flow.questions):
        if question.id in flow.offers:
            reached = ((_answers_in(kept), level) for kept, level in states)
            for answers, level in (one for one in reached if question.show_if.holds(one[0])):
                missed = _missed(flow, at, answers, [*_undecided(flow, at - 1, level, last_read)])
                found |= {SaferToStop(question.id, rule): None for rule in missed}
        states = _after(_step(flow, at, classes, last_read), states)
    return tuple(found)


def _missed(flow: Flow, at: int, answers: Answers, rules: Sequence[Rule]) -> Iterator[RuleId]:
    """Of the rules that may still raise a level, those that not knowing the rest makes hold, and stopping does not."""
    offer, day = flow.questions[at], Day(TODAY)
    stops = {**answers, offer.id: Skipped()}
    rest = as_not_known(flow.questions[at + 1 :], {**answers, offer.id: Chosen((GO_ON,))})
    reached = max((rule.level.rank for rule in rules if rule.when.holds(stops, day)), default=0)
    return (rule.id for rule in rules if rule.level.rank > reached and rule.when.holds(rest, day))


# What was answered, as far as it still matters, and the level so far.
_State = tuple[Kept, Level]
# How many ways lead to it, the fewest and most questions of one.
_Counted = tuple[int, int, int]
_Classes = Mapping[QuestionId, Mapping[_Given, int]]


def _given(flow: Flow) -> _Classes:
    """For each question an answer of each class, and how many answers that is."""
    return {
        question.id: {
            _Given(question.id, answer): alike
            for answer, alike in _classes(flow, question, _answers(flow, question)).items()
        }
        for question in flow.questions
    }


def _answers_in(kept: Kept) -> dict[QuestionId, Answer]:
    return {one.question: one.answer for one in kept}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A question, the rules that are decided with it, and for each level which answers are alike from then on."""

    question: Question
    classes: Mapping[_Given, int]
    decided: Sequence[Rule]
    alike: Mapping[Level, Mapping[_Given, _Given]]


def _step(flow: Flow, at: int, classes: _Classes, last_read: Mapping[RuleId, int]) -> _Step:
    question = flow.questions[at]
    return _Step(
        question=question,
        classes=classes[question.id],
        decided=[rule for rule in flow.rules if last_read[rule.id] == at],
        alike={
            level: _alike(_tests_ahead(flow, at, _undecided(flow, at, level, last_read)), classes) for level in Level
        },
    )


def _after(step: _Step, states: Mapping[_State, _Counted]) -> dict[_State, _Counted]:
    """Where every answer to one more question leads."""
    after: dict[_State, _Counted] = {}
    answered: list[tuple[Kept, int]] = [((one,), alike) for one, alike in step.classes.items()]
    unasked: list[tuple[Kept, int]] = [((), 1)]
    for (kept, level), (ways, least, most) in states.items():
        shown = step.question.show_if.holds(_answers_in(kept))
        for given, alike in answered if shown else unasked:
            state = _state(step, kept + given, level)
            same = after.get(state, (0, least + shown, most + shown))
            after[state] = (same[0] + ways * alike, min(same[1], least + shown), max(same[2], most + shown))
    return after


def _state(step: _Step, kept: Kept, level: Level) -> _State:
    raising = [rule for rule in step.decided if rule.level.rank > level.rank]
    answers = _answers_in(kept) if raising else {}
    for rule in raising:
        if rule.level.rank > level.rank and rule.when.holds(answers, Day(TODAY)):
            level = rule.level
    alike = step.alike[level]
    return tuple([alike[one] for one in kept if one in alike]), level


def _undecided(flow: Flow, at: int, level: Level, last_read: Mapping[RuleId, int]) -> Iterator[Rule]:
    """The rules that can still raise a level after a question."""
    return (rule for rule in flow.rules if rule.level.rank > level.rank and last_read[rule.id] > at)


def _tests_ahead(flow: Flow, at: int, rules: Iterable[Rule]) -> Mapping[QuestionId, list[Condition]]:
    """What later questions, and these rules, ask about the questions up to this one."""
    asked = {question.id for question in flow.questions[: at + 1]}
    ahead = [*(question.show_if for question in flow.questions[at + 1 :]), *(rule.when for rule in rules)]
    tests: dict[QuestionId, list[Condition]] = {}
    for leaf in dict.fromkeys(chain.from_iterable(map(leaves, ahead))):
        for question in questions_in(leaf) & asked:
            tests.setdefault(question, []).append(leaf)
    return tests


def _alike(tests: Mapping[QuestionId, Sequence[Condition]], classes: _Classes) -> Mapping[_Given, _Given]:
    """For each answer the first that these tests do not tell from it."""
    found: dict[_Given, _Given] = {}
    for question, parts in tests.items():
        first: dict[tuple[bool, ...], _Given] = {}
        found |= {one: first.setdefault(_told(parts, question, one.answer), one) for one in classes[question]}
    return found


def _told(parts: Sequence[Condition], question: QuestionId, answer: Answer) -> tuple[bool, ...]:
    return tuple(part.holds({question: answer}, Day(TODAY)) for part in parts)


def _last_read(flow: Flow, rule: Rule) -> int:
    """The place of the last question that a rule reads."""
    return max((flow.place(question) for question in questions_in(rule.when)), default=0)


def shadowed(flow: Flow) -> tuple[RuleId, ...]:
    """Rules that never decide: whenever one holds by its own questions, another at least as grave holds as well."""
    grave = [rule for rule in flow.rules if rule.level is not Level.normal and not _reads_clocks(rule.when)]
    return tuple(rule.id for rule in grave if not _decides_alone(flow, rule))


def _decides_alone(flow: Flow, rule: Rule) -> bool:
    """Some answers to the questions that it reads make it hold, and no other that is at least as grave."""
    read = sorted(questions_in(rule.when))
    others = [one.when for one in flow.rules if one.id != rule.id and one.level.rank >= rule.level.rank]
    choices = [[None, *_classes(flow, one, [*_answers(flow, one), *_pairs(one)])] for one in map(flow.question, read)]
    given = (_answered(read, chosen) for chosen in product(*choices))
    return any(_is_alone(rule.when, others, answers) for answers in given)


def _is_alone(condition: Condition, others: Sequence[Condition], answers: Answers) -> bool:
    day = Day(TODAY)
    return condition.holds(answers, day) and not any(one.holds(answers, day) for one in others)


def _answered(questions: Sequence[QuestionId], chosen: Sequence[Answer | None]) -> dict[QuestionId, Answer]:
    return {question: one for question, one in zip(questions, chosen, strict=True) if one is not None}


def _reads_clocks(condition: Condition) -> bool:
    return any(isinstance(part, AtClock) for part in leaves(condition))


def _classes(flow: Flow, question: Question, answers: Sequence[Answer]) -> Mapping[Answer, int]:
    """One answer for all that no condition tells apart, and how many those are."""
    conditions = [one.show_if for one in flow.questions] + [rule.when for rule in flow.rules]
    parts = [part for one in conditions for part in leaves(one) if question.id in questions_in(part)]
    alike: dict[tuple[bool, ...], list[Answer]] = {}
    for answer in answers:
        alike.setdefault(_told(parts, question.id, answer), []).append(answer)
    return {same[0]: len(same) for same in alike.values()}


def _answers(flow: Flow, question: Question) -> list[Answer]:
    skipped: list[Answer] = [Skipped()] if question.skippable else []
    alone = [Chosen((option.id,)) for option in question.options]
    match question.kind:
        case Kind.text:
            return [Written(1), *skipped]
        case Kind.date:
            return [*_days(flow, question), *skipped]
        case Kind.single:
            return [*alone, *skipped]
        case Kind.multiple:
            together = Chosen(tuple(option.id for option in question.options if not option.exclusive))
            return [*alone, together, *skipped]


def _days(flow: Flow, question: Question) -> list[Answer]:
    """Both sides of each boundary that a rule has for this date."""
    parts = [part for rule in flow.rules for part in leaves(rule.when) if question.id in questions_in(part)]
    return [Dated(day, day, "exact") for day in days_near(parts)]


def _pairs(question: Question) -> list[Answer]:
    together = [option.id for option in question.options if not option.exclusive]
    return list(map(Chosen, combinations(together, 2))) if question.kind is Kind.multiple else []
