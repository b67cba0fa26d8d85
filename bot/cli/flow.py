"""`pana flow ...`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.keys import write_new
from bot.conversation.words import Words
from flows.check import check as check_source
from flows.check import released
from flows.errors import FlowErrors
from flows.release import revision_of
from flows.source import load_source

app = typer.Typer(no_args_is_help=True, help="Questionnaires.")
_LANGUAGES = ("ru", "kk", "en")


@app.command("check")
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Default: the Kazakhstan flow.")] = None,
) -> None:
    """Checks questionnaire files: errors with file, line and remedy. Example: pana flow check intake.yaml"""
    from bot.settings import Settings

    words, found = Words.load(), 0
    for path in files or [Settings().flow_file]:
        try:
            problems = check_source(load_source(path), words.translate, _LANGUAGES)
        except FlowErrors as error:
            problems = list(error.problems)
        for problem in problems:
            print(problem, file=sys.stderr)
        found += len(problems)
    if found:
        raise typer.Exit(1)
    print("ok")


@app.command("release")
def release(
    file: Annotated[Path, typer.Argument(help="The questionnaire.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Default: REVISION.json beside FILE.")] = None,
) -> None:
    """Compiles a questionnaire with all its languages into one JSON; its SHA-256 is the revision.

    Example: pana flow release intake.yaml -o intake.json
    """
    compiled = released(load_source(file), Words.load().translate, _LANGUAGES)
    revision = revision_of(compiled)
    write_new(output or file.with_name(f"{revision}.json"), compiled)
    print(revision)
