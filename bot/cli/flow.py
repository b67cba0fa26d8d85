"""`pana flow ...`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.cli import signing
from bot.cli.options import AsJson, ConfigIfAny, one_of, questionnaire_of, say_json
from bot.speech.words import Words
from flows.check import check as check_source
from flows.check import released
from flows.conditions import in_words
from flows.errors import FlowErrors, Problem
from flows.marks import Role
from flows.model import Always, Flow
from flows.paths import walk
from flows.place import Place
from flows.place_file import load_place
from flows.readable import Kind, Signature, readables, signatures
from flows.release import carried_of, read_release, revision_of
from flows.source import FlowSource, SourceClock, load_source
from storage.files import write_new

app = typer.Typer(no_args_is_help=True, help="Questionnaires. Example: pana flow check")
File = Annotated[Path | None, typer.Argument(help="Default: the questionnaire of the configuration.", readable=False)]
app.command("sign")(signing.sign)
app.command("page")(signing.page)


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Default: the questionnaire of the configuration.", readable=False)
    ] = None,
    as_json: AsJson = False,
    config: ConfigIfAny = None,
) -> None:
    """Checks questionnaire files: errors with file, line and remedy. Example: pana flow check intake.yaml"""
    from bot.settings import place_of

    words, found = Words.load(), list[Problem]()
    for path in files or [questionnaire_of(None, config)]:
        try:
            place = load_place(place_of(path))
            source = load_source(path)
            found += check_source(source, words.translate, place.languages) or _as_people_see_it(source, place, words)
        except FlowErrors as error:
            found += error.problems
    if as_json:
        say_json([asdict(one) for one in found])
    else:
        print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
    if found:
        raise typer.Exit(1)
    if not as_json:
        print("ok")


@app.command("cards")
def cards(file: File = None, config: ConfigIfAny = None) -> None:
    """Measures every card that a person may see, on two phones. Example: pana flow cards"""
    from bot.seeker.card_sizes import everything, table

    path = questionnaire_of(file, config)
    place = _place(path)
    drawn = everything(_compiled(path), place, Words.load())
    print(*table(drawn, place.languages), sep="\n")
    found = [said for one in drawn for said in one.problems()]
    print(*found, sep="\n", file=sys.stderr)
    if found:
        raise typer.Exit(1)


@app.command("clocks")
def clocks(
    file: File = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
    config: ConfigIfAny = None,
) -> None:
    """Lists the legal deadlines with their basis and whether an advocate has signed them.

    Example: pana flow clocks --json > for-the-advocate.json
    """
    path = questionnaire_of(file, config)
    source, place = load_source(path), _place(path)
    by = signatures(source, Words.load().translate, place.languages)
    dropped = _changed(source, place)
    rows = [_as_signed(clock, by.get(f"clock.{clock.id}")) for clock in source.flow.clocks]
    if as_json:
        plain = [{**msgspec.to_builtins(row), "changed_since": dropped.get(row.id)} for row in rows]
        say_json(plain, indent=1)
        return
    for row in rows:
        pages = ", ".join(dict.fromkeys(page.level.value for page in row.pages)) or "informs"
        dated = "" if row.start or row.end else "; no question gives its date"
        print(f"{row.id:<5} {row.event}\n      {row.period}; {row.basis} (edition {row.edition or 'unknown'})", end="")
        print(f"; certainty {row.certainty}; {pages}{dated}\n      {_signed(row, dropped.get(row.id))}")


def _as_signed(clock: SourceClock, by: Signature | None) -> SourceClock:
    """A deadline with the signature that holds for it, if any."""
    return msgspec.structs.replace(clock, verified_by=by and by.by, verified_at=by and by.on)


def _signed(row: SourceClock, changed_since: str | None) -> str:
    if row.verified_by:
        return f"signed by {row.verified_by} on {row.verified_at}"
    changed = f"; changed since it was signed on {changed_since}" if changed_since else ""
    return f"NOT SIGNED: lawyers only{changed}"


def _changed(source: FlowSource, place: Place) -> dict[str, str]:
    """The deadlines that were signed and have changed since, with the day of the last such signature."""
    found: dict[str, str] = {}
    for language in place.languages:
        for one in readables(source, Words.load().translate, language):
            standing = one.standing(Role.advocate, source.marks)
            if one.kind is Kind.clock and standing.mark is not None and standing.changed:
                name = one.id.partition(".")[2]
                found[name] = max(found.get(name, ""), standing.mark.on)
    return found


@app.command("show")
def show(
    file: File = None,
    language: Annotated[str | None, typer.Option("--language", help="One of the place's languages.")] = None,
    config: ConfigIfAny = None,
) -> None:
    """Prints a questionnaire as a person meets it, and when each question is asked.

    Example: pana flow show --language kk
    """
    path = questionnaire_of(file, config)
    flow = _compiled(path)
    language = one_of(flow.languages, _place(path).last_resort if language is None else language)
    for question in flow.questions:
        own, other = question.text.of("self")[language], question.text.of("other")[language]
        print(f"\n{question.id}  {own}" + (f"\n     {other}" if other != own else ""))
        if question.show_if != Always():
            print(f"     asked when {in_words(question.show_if)}")
        if question.hint:
            print(f"     ({question.hint.of('self')[language]})")
        for number, option in enumerate(question.options, start=1):
            print(f"     {number}. {option.label[language]}" + ("  (alone)" if option.exclusive else ""))
        if question.skippable:
            print("     -")


@app.command("paths")
def paths(file: File = None, as_json: AsJson = False, config: ConfigIfAny = None) -> None:
    """Counts every way through a questionnaire, and the levels that they end in. Example: pana flow paths"""
    found = walk(_compiled(questionnaire_of(file, config)))
    if as_json:
        levels = {level.value: count for level, count in found.levels.items()}
        say_json({"ways": found.ways, "least": found.least, "most": found.most, "levels": levels})
        return
    print(f"{found.ways} ways of {found.least} to {found.most} questions; every one ends in the summary")
    for level, count in found.levels.items():
        print(f"{level.value:>9}: {count}")


def _place(path: Path) -> Place:
    from bot.settings import place_of

    return load_place(place_of(path))


def _compiled(path: Path) -> Flow:
    return read_release(released(load_source(path), Words.load().translate, _place(path).languages))


@app.command("release")
def release(
    file: Annotated[Path, typer.Argument(help="The questionnaire.", readable=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Default: REVISION.json beside FILE.", readable=False)
    ] = None,
) -> None:
    """Compiles a questionnaire with all its languages into one JSON; its SHA-256 is the revision.

    Example: pana flow release intake.yaml -o intake.json
    """
    compiled = released(load_source(file), Words.load().translate, _place(file).languages)
    revision = revision_of(compiled)
    write_new(output or file.with_name(f"{revision}.json"), carried_of(compiled))
    print(revision)


def _as_people_see_it(source: FlowSource, place: Place, words: Words) -> list[Problem]:
    """What of its cards the smallest phone does not show."""
    from bot.seeker.card_sizes import everything

    flow = read_release(released(source, words.translate, place.languages))
    asked = [question.id for question in source.flow.questions]
    found = []
    for drawn in everything(flow, place, words):
        at = next((at for at, one in enumerate(asked) if drawn.asked and f"{drawn.asked}_".startswith(f"{one}_")), None)
        where = "$" if at is None else f"$.questions[{at}]"
        found += [source.problem(where, said, "shorten it, or split the question") for said in drawn.problems()]
    return found
