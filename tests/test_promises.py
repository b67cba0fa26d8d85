"""What a text promises is so: each that promises names the tests that show it (tests/promises.yaml)."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec
import pytest
import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from locales.messages import FOLDER, LANGUAGES, ROOT, path_of
from tests.catalog import every_text

LIST = ROOT / "tests" / "promises.yaml"
# What people answer and what advocates sign: see the head of the list.
_NOT_OURS = re.compile(r"(rule|clock|card|advice)\.|[^.]+\.(?!text|hint)[^.]+$")
_ASKED = re.compile(r"[^.!?\n]*\?")


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Texts that promise, and the tests that show what they say."""

    texts: tuple[str, ...]
    tests: tuple[str, ...]
    why: str = ""


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Texts with such a word that no test can hold, or that promise nothing; and why."""

    texts: tuple[str, ...]
    why: str


class Promises(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole list."""

    stems: Mapping[str, tuple[str, ...]]
    held: tuple[Held, ...]
    people: tuple[Other, ...]
    none: tuple[Other, ...]

    @property
    def named(self) -> list[str]:
        """Every text that stands in it."""
        return [text for one in (*self.held, *self.people, *self.none) for text in one.texts]


@cache
def promises() -> Promises:
    return msgspec.convert(yaml.load(LIST.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), Promises)


@cache
def catalogs() -> dict[str, Catalog]:
    found = {}
    for language in LANGUAGES:
        with path_of(FOLDER, language).open("rb") as file:
            found[language] = read_po(file, locale=language)
    return found


def strings(found: object) -> list[str]:
    """A text, or both forms of one with a number."""
    return [found] if isinstance(found, str) else [str(one) for one in found] if isinstance(found, tuple) else []


def source(message: Message) -> str:
    """A text's name: its English, in the singular."""
    return strings(message.id)[0]


def said(message: Message) -> Iterator[tuple[str, str]]:
    """Everything that a text says, in each language."""
    for text in strings(message.id):
        yield "en", text
    for language, catalog in catalogs().items():
        found = catalog.get(source(message), message.context)
        for text in strings(found.string if found is not None else ""):
            yield language, text


def promising(message: Message) -> list[str]:
    """The words of a text that promise, in whatever language."""
    if _NOT_OURS.match(message.context or ""):
        return []
    return [
        word.group(0)
        for language, text in said(message)
        for stem in promises().stems[language]
        for word in re.finditer(stem, _ASKED.sub("", text), re.IGNORECASE)
    ]


def test_each_text_that_promises_is_listed() -> None:
    """In Russian and in Kazakh too: a translation promises no more than its source."""
    named = set(promises().named)
    missing = {source(one): promising(one) for one in every_text() if source(one) not in named and promising(one)}
    assert missing == {}, "put each into tests/promises.yaml, with the test that shows it"


def test_each_text_of_the_list_is_said_and_stands_there_once() -> None:
    """A text that changes is looked at again."""
    named = promises().named
    assert [one for one in named if one not in {source(each) for each in every_text()}] == []
    assert [one for one in set(named) if named.count(one) > 1] == []


@cache
def functions(file: str) -> frozenset[str]:
    """The tests of a file."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def test_each_test_of_the_list_is_there() -> None:
    """By its whole name."""
    assert [held.texts for held in promises().held if not held.tests] == []
    for texts, name in [(held.texts, name) for held in promises().held for name in held.tests]:
        file, _, test = name.partition("::")
        assert test in functions(file), f"{name} is gone: which test shows {texts}?"
        assert test.startswith("test_")


def test_what_stands_there_without_a_test_has_a_word_that_promises_and_a_reason() -> None:
    """Else it need not stand there."""
    by_name = {source(one): one for one in every_text()}
    for one in (*promises().people, *promises().none):
        assert one.why
        for text in one.texts:
            assert promising(by_name[text]), text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We never sleep."),
        ("en", "A lawyer is called at once."),
        ("ru", "Мы сразу позовём юриста."),
        ("ru", "Никто этого не увидит."),
        ("kk", "Заңгерді бірден шақырамыз."),
        ("kk", "Мұны ешкім көрмейді."),
    ],
)
def test_a_promise_is_seen_in_each_language(language: str, text: str) -> None:
    """Also where the others have none."""
    assert any(re.search(stem, text, re.IGNORECASE) for stem in promises().stems[language])
