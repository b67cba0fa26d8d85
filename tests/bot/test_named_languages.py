"""A language that there is none of is refused by every command that takes one, with those that there are."""

from collections.abc import Iterator

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from bot.cli.commands import COMMANDS, app, command

# What else each must be told; the language is looked at before any file is.
NEEDS = {
    "open": ("there-is-none.zip", "-i", "none.txt", "--language"),
    "flow show": ("--language",),
    "flow sign": ("--as", "reader", "--list", "--language"),
    "flow page": ("--for", "reader", "--language"),
    "member add": ("Aigul", "--role", "lawyer", "--telegram-id", "1", "--recipient", "x", "--language"),
    "member invite": ("Aigul", "--role", "lawyer", "--language"),
    "member set": ("Aigul", "--language"),
}


def every_command() -> Iterator[tuple[str, TyperCommand]]:
    """Of the whole command line."""
    for name in COMMANDS:
        yield from commands(command(name), name)


def commands(under: object, *names: str) -> Iterator[tuple[str, TyperCommand]]:
    """Every command with its whole name."""
    if isinstance(under, TyperGroup):
        for name, one in under.commands.items():
            yield from commands(one, *names, name)
    elif isinstance(under, TyperCommand):
        yield " ".join(names), under


def test_every_command_that_takes_a_language_is_tried_here() -> None:
    """Also one that is new."""
    takes = {
        name for name, one in every_command() if any({"--language", "--lang"} & set(each.opts) for each in one.params)
    }
    assert takes == set(NEEDS)


@pytest.mark.parametrize("named", NEEDS)
@pytest.mark.parametrize("language", ["kz", "KK", "", "қазақша"])
def test_a_language_that_there_is_none_of_is_refused_with_those_that_there_are(named: str, language: str) -> None:
    """As wrong usage, and nothing is done: a page in English is not what was asked for."""
    ended = CliRunner().invoke(app, [*named.split(), *NEEDS[named], language])
    assert ended.exit_code == 2, ended.output
    assert f"'{language}' is not one of 'ru', 'kk', 'en'" in " ".join(ended.output.replace("│", " ").split())


def test_a_language_to_compare_with_is_refused_too() -> None:
    """The other language of a page."""
    ended = CliRunner().invoke(app, ["flow", "page", "--for", "reader", "--language", "kk", "--beside", "kz"])
    assert (ended.exit_code, "'kz' is not one of" in ended.output) == (2, True)
