"""What can be proved about the `alert` of a questionnaire file."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from flows.conditions import chosen_in, questions_in
from flows.errors import Problem
from flows.release import law_names, read_condition
from flows.source import FlowSource, SourceAlert, SourcePapers, SourceQuestion

_WORD = re.compile(r"\b[A-Za-z]{2,}\b")
_NAME_ONE = "name one that exists"


def alert_problems(source: FlowSource) -> Iterator[Problem]:
    """Every question and rule that it names exists, and no answer would stand in an alert without its question."""
    alert, known = source.flow.alert, {question.id: question for question in source.flow.questions}
    if alert == SourceAlert():
        return
    yield from _questions(source, known)
    yield from _soon(source, known)
    yield from _writers(source, known)
    yield from _bare(source)
    rules = {rule.id for rule in source.flow.rules}
    for at, family in enumerate(alert.families):
        for rule in (one for one in family if one not in rules):
            yield source.problem(f"$.alert.families[{at}]", f"there is no rule `{rule}`", _NAME_ONE)


def law_problems(source: FlowSource) -> Iterator[Problem]:
    """A basis is read in every language, so nothing in it is a word but names of laws that stand in `laws`."""
    laws = law_names(source.flow.laws)
    for at, clock in enumerate(source.flow.clocks if source.flow.laws else ()):
        for word in _WORD.findall(laws.sub("", clock.basis)):
            remedy = "add it to `laws`, followed by the number of its article"
            yield source.problem(f"$.clocks[{at}].basis", f"`{word}` is no name of a law", remedy)


def _questions(source: FlowSource, known: Mapping[str, SourceQuestion]) -> Iterator[Problem]:
    alert = source.flow.alert
    named = [(f"$.alert.{name}", one) for name in ("where", "threat", "help") for one in getattr(alert, name)]
    named += [(f"$.alert.{name}.{one}", one) for name in ("names", "soon") for one in getattr(alert, name)]
    if alert.papers is not None:
        named.append(("$.alert.papers", alert.papers.asked))
        yield from _days(source, alert.papers)
    for path, one in named:
        if one not in known:
            yield source.problem(path, f"there is no question `{one}`", _NAME_ONE)


def _soon(source: FlowSource, known: Mapping[str, SourceQuestion]) -> Iterator[Problem]:
    """What is due soon is told on the line of what threatens, by an option that exists."""
    alert = source.flow.alert
    for question in alert.soon.keys() & known.keys():
        options = {option.id for option in known[question].options}
        if question not in alert.threat or not options.issuperset(alert.soon[question]):
            yield source.problem(f"$.alert.soon.{question}", "no answer on the line of threats", _NAME_ONE)


def _days(source: FlowSource, papers: SourcePapers) -> Iterator[Problem]:
    bases = {question.base for question in source.flow.questions}
    for base in (papers.given, papers.dated):
        if base and base not in bases:
            yield source.problem("$.alert.papers", f"`{base}` is asked for no paper", "name a question with `each`")


def _writers(source: FlowSource, known: Mapping[str, SourceQuestion]) -> Iterator[Problem]:
    """Whoever writes has a word for lawyers."""
    alert = source.flow.alert
    asked = known.get(alert.writes) if alert.writes else None
    options = {option.id for option in asked.options} if asked else set[str]()
    if options != set(alert.writers):
        yield source.problem(
            "$.alert.writers", "not the options of `writes`", "give each option its words, and no other"
        )


def _bare(source: FlowSource) -> Iterator[Problem]:
    """A question whose answer may stand in an alert has a short name; threats read nothing but what is on its lines."""
    alert = source.flow.alert
    lines = {*alert.where, *alert.threat, *alert.help, *([alert.papers.asked] if alert.papers else [])}
    tests = chain.from_iterable(chosen_in(read_condition(rule.when)) for rule in source.flow.rules)
    for one in sorted((lines | {test.question for test in tests}) - set(alert.names) - {alert.writes}):
        yield source.problem("$.alert.names", f"`{one}` has no short name", "give it one: its answer stands in alerts")
    for at, threat in enumerate(alert.threats):
        for one in sorted(questions_in(read_condition(threat.when)) - lines):
            yield source.problem(f"$.alert.threats[{at}].when", f"`{one}` is on no line", "read a question that is")
