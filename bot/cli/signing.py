"""`pana flow sign`, `pana flow page`: who has read which text."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import ConfigIfAny, as_day, now, one_of, questionnaire_of, say_json
from bot.errors import PanaError
from bot.signable import counted, everything
from bot.signing_facts import Line, facts
from bot.signing_page import Page, code, html
from bot.speech.words import Words, notes
from flows.marks import Mark, Marks, Role
from flows.marks_file import FILES, load_marks, marks_folder, written
from flows.place import Place
from flows.place_file import load_place
from flows.readable import CODE, LAW, Readable
from flows.source import FlowSource, load_texts
from storage.files import write_new
from storage.locks import locked_folder

LONGEST_NAME = 60
SOURCE = "en"  # what every text is written in first, and what its notes for translators are in

FlowFile = Annotated[
    Path | None, typer.Option("--flow", help="The questionnaire. Default: the configuration's.", readable=False)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A questionnaire whose texts are signed, with its place and the catalogs."""

    file: Path
    source: FlowSource
    place: Place
    words: Words

    @classmethod
    def of(cls, file: Path | None, config: Path | None) -> "Signing":
        """Reads a questionnaire; raises FlowErrors."""
        from bot.settings import place_of

        path = questionnaire_of(file, config)
        return cls(file=path, source=load_texts(path), place=load_place(place_of(path)), words=Words.load())

    def texts(self, language: str) -> Mapping[str, Readable]:
        """Every text in a language, by id; raises BadParameter."""
        language = one_of(self.place.languages, language)
        return {one.id: one for one in everything(self.source, self.words, language)}

    def keep(self, role: Role, change: Callable[[Marks], Marks]) -> Path:
        """Writes the marks of a role as they are by now, changed; whole or not at all, one command after the other."""
        path = marks_folder(self.file) / FILES[role]
        path.parent.mkdir(exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        with locked_folder(path.parent):
            try:
                partial.write_text(written(role, change(load_marks(self.file))), encoding="utf-8")
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        return path


def sign(
    texts: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT[=CODE]...", help="As the page has them: clock.K07=3f9a1c2e.")
    ] = None,
    role: Annotated[Role | None, typer.Option("--as", help="Who has read.")] = None,
    language: Annotated[str | None, typer.Option("--language", "--lang", help="In which language.")] = None,
    by: Annotated[str, typer.Option("--by", help="A role and initials, or a chosen name: the file is public.")] = "",
    on: Annotated[
        date | None, typer.Option("--on", parser=as_day, metavar="DAY", help="When it was read. Default: today.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Texts named without their code are signed as shown.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Takes the signatures of these texts away.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="Every text with its code and how it stands.")] = False,
    check: Annotated[bool, typer.Option("--check", help="What has changed since, and counts; 1 if any has.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: one JSON array.")] = False,
    flow: FlowFile = None,
    config: ConfigIfAny = None,
) -> None:
    """Records that a native reader or an advocate has read texts as they are today. A change drops the signature.

    Example: pana flow sign --as advocate --language ru --by "advocate A. K." clock.K07=3f9a1c2e
    """
    signing = Signing.of(flow, config)
    if check:
        raise typer.Exit(_check(signing))
    if role is None or language is None:
        raise typer.BadParameter("say who has read (--as reader|advocate) and in which language (--language)")
    if listing:
        _list(signing, role, language, as_json=as_json)
    elif not texts:
        raise typer.BadParameter("name what was read, as its page does: `pana flow sign --list` has them all")
    elif withdraw:
        _withdraw(signing, role, language, texts)
    else:
        mark = Mark(text="", language=language, by=_name(by), on=_day(signing.place, on), sha256="")
        _sign(signing, role, mark, texts, yes=yes)


def _sign(signing: Signing, role: Role, mark: Mark, named: Sequence[str], *, yes: bool) -> None:
    texts = signing.texts(mark.language)
    _refuse([problem for one in named if (problem := _unfit(texts, role, one))])
    wanted = {one.partition("=")[0]: None for one in named}
    for one in map(texts.__getitem__, wanted):
        print(*_shown(signing.words, one, role), sep="\n", end="\n\n")
    uncoded = [one for one in named if "=" not in one]
    if uncoded and not (yes or _agreed(len(wanted))):
        raise PanaError(
            f"nothing is signed: add the code of what was read ({code(texts[uncoded[0]], role)}), or --yes after"
            " reading what stands above"
        )
    marks = [
        Mark(text=one, language=mark.language, by=mark.by, on=mark.on, sha256=texts[one].sha256(role)) for one in wanted
    ]
    path = signing.keep(role, lambda before: before.with_(role, marks))
    print(f"{len(marks)} signed by {mark.by} on {mark.on}, in {path}; the bot knows it from its next start")


def _unfit(texts: Mapping[str, Readable], role: Role, named: str) -> str | None:
    """Why this cannot be signed: there is no such text, or it is another one than was read."""
    text_id, given, read = named.partition("=")
    if text_id not in texts:
        return f"there is no text `{text_id}`: `pana flow sign --list` has them all, and each is named by itself"
    digest = texts[text_id].sha256(role)
    if given and not (len(read) >= CODE and digest.startswith(read.lower())):
        return f"{text_id} is another text than the one with the code {read or 'that is missing'}: read it anew"
    return None


def _agreed(several: int) -> bool:
    return sys.stdin.isatty() and input(f"Sign {several} as shown? [y/N] ").strip().lower() in {"y", "yes"}


def _withdraw(signing: Signing, role: Role, language: str, named: Sequence[str]) -> None:
    """Also of texts that are no more."""
    keys, marks = [(one.partition("=")[0], language) for one in named], signing.source.marks
    _refuse(
        [
            f"nobody has signed {text} in {language} as {role}"
            for text, _ in keys
            if (text, language) not in marks.of(role)
        ]
    )
    path = signing.keep(role, lambda before: before.without(role, keys))
    print(f"{len(keys)} withdrawn, in {path}; the bot knows it from its next start")


def _refuse(problems: Sequence[str]) -> None:
    """Ends with every problem, before anything is recorded."""
    if problems:
        print(*(f"pana: {one}" for one in problems), sep="\n", file=sys.stderr)
        raise typer.Exit(1)


def _name(by: str) -> str:
    name = by.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise typer.BadParameter(f"--by: a role and initials, or a chosen name, of at most {LONGEST_NAME} characters")
    return name


def _day(place: Place, on: date | None) -> str:
    today = place.today(now())
    read = on or today
    if read > today:
        raise typer.BadParameter(f"--on: {on} has not come yet")
    return read.isoformat()


def _shown(words: Words, one: Readable, role: Role) -> Iterator[str]:
    """Everything that is signed."""
    yield code(one, role)
    for said in one.texts:
        yield f"  {said.context}: {said.text}" if len(one.texts) > 1 else f"  {said.text}"
        if role is Role.reader and said.english != said.text:
            yield f"    ({said.english})"
    if role is Role.advocate and one.kind in LAW:
        for fact in facts(words, one):
            yield f"  {fact.name}:"
            yield from _indented(fact.lines, 2)


def _indented(lines: Sequence[Line], deep: int) -> Iterator[str]:
    for line in lines:
        yield f"{'  ' * deep}{line.text}"
        yield from _indented(line.under, deep + 1)


def _list(signing: Signing, role: Role, language: str, *, as_json: bool) -> None:
    rows = [
        {
            "text": one.id,
            "kind": one.kind.value,
            "code": one.sha256(role)[:CODE],
            "state": "signed" if standing.holds else "changed" if standing.changed else "unsigned",
            "by": standing.mark.by if standing.mark else None,
            "on": standing.mark.on if standing.mark else None,
        }
        for one in signing.texts(language).values()
        if one.wanted_of(role)
        for standing in [one.standing(role, signing.source.marks)]
    ]
    if as_json:
        say_json(rows, indent=1)
        return
    for row in rows:
        said = f" by {row['by']} on {row['on']}" if row["by"] else ""
        print(f"{row['text']}={row['code']}\t{row['state']}{said}")


def _check(signing: Signing) -> int:
    """Counts by role, language and kind, and names every signature that no longer counts: exit code 1 then."""
    texts = {language: signing.texts(language) for language in signing.place.languages}
    for role in Role:
        for language in texts:
            counts = counted(signing.source, signing.words, role, language)
            said = ", ".join(f"{one.texts - one.unsigned} of {one.texts} {one.kind}" for one in counts)
            print(f"{role} {language}: signed {said}")
    dropped = [said for role in Role for said in _dropped(signing.source.marks, role, texts)]
    print(*dropped, sep="\n", file=sys.stderr, end="\n" if dropped else "")
    return 1 if dropped else 0


def _dropped(marks: Marks, role: Role, texts: Mapping[str, Mapping[str, Readable]]) -> Iterator[str]:
    for (text, language), mark in sorted(marks.of(role).items()):
        one = texts.get(language, {}).get(text)
        signed = f"signed by {mark.by} on {mark.on}"
        if one is None:
            yield f"{role} {language} {text}: there is no such text any more, {signed}"
        elif not one.standing(role, marks).holds:
            yield f"{role} {language} {code(one, role)}: changed since, {signed}"


def page(
    role: Annotated[Role, typer.Option("--for", help="Who is to read.")],
    language: Annotated[str, typer.Option("--language", "--lang", help="The language that is read.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Default: ROLE-LANGUAGE.html here.", readable=False)
    ] = None,
    beside: Annotated[str, typer.Option("--beside", help="For a reader: a language to compare with.")] = SOURCE,
    unsigned: Annotated[bool, typer.Option("--unsigned", help="Leaves out what is signed as it stands.")] = False,
    flow: FlowFile = None,
    config: ConfigIfAny = None,
) -> None:
    """Writes the page on which a native reader or an advocate reads and ticks: HTML, to be printed on A4.

    Example: pana flow page --for advocate --language ru
    """
    signing = Signing.of(flow, config)
    read, compares = signing.texts(language), role is Role.reader
    printed = Page(
        role=role,
        language=language,
        read=tuple(read.values()),
        beside=signing.texts(beside) if compares else {},
        notes=notes() if compares and beside == SOURCE else {},
        marks=signing.source.marks,
        made=signing.place.today(now()),
        only_open=unsigned,
    )
    path = output or Path(f"{role}-{language}.html")
    write_new(path, html(printed, signing.words).encode())
    print(path)
