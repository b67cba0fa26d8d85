"""What can be proved about a vocabulary: it names what is asked, and no words of it can be read two ways."""

from collections.abc import Iterator, Mapping, Sequence

from flows.errors import Problem
from flows.model import Flow, Kind, Question
from flows.said.before import Consents
from flows.said.commands import CHANGED, Wish
from flows.said.resolve import resolved
from flows.words.file import WordsSource
from flows.words.patterns import Pattern, each_of, pattern_of
from flows.words.vocabulary import EITHER, NOTHING
from flows.words.written import SHARED, Entry, File, Said, Topic, groups_of

_SHORTEST = 2  # letters of a word; a stem has one more
_SAMPLES = 2
_CHOICES = (Kind.single, Kind.multiple)


def check_words(source: WordsSource, flow: Flow) -> Iterator[Problem]:
    """Everything that is wrong with it."""
    names = [problem for name, file in source.files.items() for problem in _names(source, flow, name, file)]
    yield from names
    if not names:
        yield from _labels(source, flow)
        for name, file in source.files.items():
            for question in flow.questions:
                if question.id in file.questions:
                    yield from _read_two_ways(source, flow, name, question, file.questions[question.id])


def _names(source: WordsSource, flow: Flow, name: str, file: File) -> Iterator[Problem]:
    if name not in {*flow.languages, SHARED}:
        yield source.problem(f"$.{name}", f"`{name}` is no language of this place", "name the file after a language")
    known = _known(flow)
    for topic, entries in file.topics():
        if topic in known:
            yield from _keys(source, f"$.{name}.{topic}", entries, known[topic])
        else:
            yield source.problem(f"$.{name}.{topic}", "there is no question with options of this id", "name one")
    for field, named in (("days", file.days), ("bears", file.bears)):
        for question, keys in named.items():
            for key in sorted(set(keys) - known.get(f"questions.{question}", set())):
                at = f"$.{name}.{field}.{question}"
                yield source.problem(at, f"there is no option `{key}`", "name one that exists")
    yield from _short(source, name, file)


def _known(flow: Flow) -> Mapping[str, set[str]]:
    """By topic what can be meant there."""
    chosen: dict[str, set[str]] = {
        f"questions.{one.id}": {each.id for each in one.options} for one in flow.questions if one.kind in _CHOICES
    }
    return {
        "languages": set(flow.languages),
        "consent": {one.value for one in Consents},
        "commands": {one.value for one in Wish},
        "sent": {CHANGED, *(one.value for one in Wish)},
        **chosen,
    }


def _keys(source: WordsSource, path: str, topic: Topic, known: set[str]) -> Iterator[Problem]:
    for key, entries in topic.items():
        for one in sorted(set(key.split(EITHER)) - known - {NOTHING}):
            yield source.problem(f"{path}.{key}", f"there is no option `{one}`", "name one that exists")
        for at, entry in enumerate(entries):
            for one in sorted(set(entry.over if isinstance(entry, Entry) else ()) - known):
                yield source.problem(f"{path}.{key}[{at}]", f"there is no option `{one}`", "name one that exists")


def _short(source: WordsSource, name: str, file: File) -> Iterator[Problem]:
    """A word of one letter and a stem of two read too much."""
    for path, written, pattern in _patterns(source, name, file):
        for atom in pattern.atoms:
            least = _SHORTEST + atom.is_stem
            if atom.text.isalpha() and len(atom.text) < least and not pattern.whole and len(pattern.atoms) == 1:
                yield source.problem(path, f"`{written}` is too short to tell anything", "write more of it")


def _patterns(source: WordsSource, name: str, file: File) -> Iterator[tuple[str, str, Pattern]]:
    groups = groups_of(source.files, name)
    for topic, entries in file.topics():
        for key, each in entries.items():
            for at, written in _written(each):
                yield f"$.{name}.{topic}.{key}[{at}]", written, pattern_of(written, groups)


def _written(entries: Said) -> Iterator[tuple[int, str]]:
    for at, entry in enumerate(entries):
        for one in each_of((entry,) if isinstance(entry, str) else entry.any):
            yield at, one


def _labels(source: WordsSource, flow: Flow) -> Iterator[Problem]:
    """By its words alone, no label is another option."""
    for question in flow.questions:
        for option in question.options:
            for language, label in option.label.items():
                sure = _sure(flow, question, label)
                if sure and option.id not in sure:
                    at = f"$.{language}.questions.{question.id}"
                    yield source.problem(at, f"the label of `{option.id}` reads as `{sure[0]}`", "add its own words")


def _read_two_ways(source: WordsSource, flow: Flow, name: str, question: Question, topic: Topic) -> Iterator[Problem]:
    """What an entry is meant to read is read as no other option."""
    groups, denied = groups_of(source.files, name), _denied(source.files[name])
    for key, entries in topic.items():
        for at, written in _written(entries):
            pattern = pattern_of(written, groups)
            meant = set(key.split(EITHER))
            for sample in pattern.samples(denied, _SAMPLES):
                others = [one for one in _sure(flow, question, sample) if one not in meant]
                if others:
                    path = f"$.{name}.questions.{question.id}.{key}[{at}]"
                    what = f"`{written}`: “{sample}” reads as `{others[0]}`"
                    yield source.problem(path, what, "say with `over` or `not` which it is, or use one key for both")
                    break


def _denied(file: File) -> str:
    after = each_of(file.denies.after)
    before = each_of(file.denies.before)
    return f"{before[0]} {{}}" if before else f"{{}} {after[0].rstrip('*')}" if after else "{}"


def _sure(flow: Flow, question: Question, said: str) -> Sequence[str]:
    text = next(iter(flow.vocabulary.texts(said)))
    return resolved(flow.vocabulary.matches(f"questions.{question.id}", text)).sure
