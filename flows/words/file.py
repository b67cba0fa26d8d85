"""Reads the files of a vocabulary, `words/*.yaml` beside a questionnaire: strictly, errors with file and line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from flows.errors import FlowErrors, Problem
from flows.words.patterns import Unreadable, each_of, pattern_of
from flows.words.written import Entry, File, groups_of
from flows.yaml_file import Spot, read_yaml, spot_of

_SEE = "see docs/writing-a-flow.md, “What people type”"


@dataclass(frozen=True, slots=True)
class WordsSource:
    """The files by name (`ru` for `ru.yaml`), with the place of each part (`$.ru.questions.q02.held[3]`)."""

    files: Mapping[str, File] = field(default_factory=dict)
    spots: Mapping[str, Spot] = field(default_factory=dict)

    def problem(self, path: str, what: str, remedy: str = _SEE) -> Problem:
        """A problem at a part of a file."""
        return Problem(*spot_of(self.spots, path, "words"), what, remedy)

    def plain(self) -> dict[str, object]:
        """As it stands in a release."""
        return {name: msgspec.to_builtins(one) for name, one in self.files.items()}


def load_words(folder: Path) -> WordsSource:
    """The vocabulary of a folder, empty without one; raises FlowErrors."""
    files, spots, problems = dict[str, File](), dict[str, Spot](), list[Problem]()
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        at = f"$.{path.stem}"
        read = read_yaml(path, at, spots)
        spots.setdefault(at, (str(path), 1))  # of an empty file
        try:
            files[path.stem] = msgspec.convert(read or {}, File, strict=True)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at ")
            spot = spot_of(spots, at + where.strip("`").removeprefix("$"), str(path))
            problems.append(Problem(*spot, what, _SEE))
    source = WordsSource(files, spots)
    problems += [problem for name in files for problem in _unreadable(source, name)]
    if problems:
        raise FlowErrors(problems)
    return source


def _unreadable(source: WordsSource, name: str) -> Iterator[Problem]:
    """Patterns that cannot be read, and groups that are not there."""
    file, groups = source.files[name], groups_of(source.files, name)
    for path, written in _patterns(file):
        try:
            pattern_of(written, groups)
        except Unreadable as error:
            yield source.problem(f"$.{name}.{path}", f"`{written}`: {error}")


def _patterns(file: File) -> Iterator[tuple[str, str]]:
    for group, each in file.groups.items():
        yield from ((f"groups.{group}[{at}]", one) for at, line in enumerate(each) for one in each_of([line]))
    for name, topic in file.topics():
        for key, entries in topic.items():
            for at, entry in enumerate(entries):
                yield from ((f"{name}.{key}[{at}]", one) for one in _of(entry))


def _of(entry: str | Entry) -> tuple[str, ...]:
    return tuple(each_of((entry,) if isinstance(entry, str) else (*entry.any, *entry.not_)))
