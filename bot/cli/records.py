"""`pana case list`, `export`, `open`, `erase`."""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.moving import Bar, TakenInto, in_small_steps
from bot.cli.options import (
    DEFAULT_CONFIG,
    Archive,
    AsJson,
    Config,
    as_day,
    as_shown,
    identities_of,
    now,
    one_of,
    open_archive,
    open_core,
    say_json,
    typed,
    wait_for_the_disk,
)
from bot.languages import NAMES
from storage import harmless
from storage import records as stored
from storage.bundle import write_bundle
from storage.case import Erased, Status
from storage.errors import Refused, StorageError
from storage.files import make_folder, new_file, write_new
from storage.opened import OpenedCase
from storage.reading import read_bundle
from storage.record import tidy_code
from storage.sealing.errors import SealingError
from storage.sealing.identity_file import IdentityFile, as_fingerprint

if TYPE_CHECKING:
    from bot.case_page import CasePage
    from storage.tx import Reading

app = typer.Typer(no_args_is_help=True, help="Cases, without their content. Example: pana case list")


class FormatName(StrEnum):
    """How an opened case is shown."""

    text = "text"
    json = "json"
    html = "html"


Identity = Annotated[list[Path], typer.Option("-i", "--identity", help="Your identity file.", readable=False)]


@app.command("list")
def list_cases(
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Lists cases: code (without server.key the case's id), level, status, age, claimed by. Example: pana case list"""
    archive = open_archive(config)
    if archive.unsigned:
        print(f"pana: cases are named by their ids, not by their codes: {archive.unsigned}", file=sys.stderr)
    cases = archive.database.read(lambda reading: list(stored.listed(reading, archive.ring)))
    names = _names(archive)
    rows = [
        {
            "case": one.code,
            "level": one.level,
            "status": one.status,
            "days": (archive.place.today(now()) - one.created_on).days,
            "claimed_by": names.get(one.claimed_by, f"member {one.claimed_by}") if one.claimed_by else None,
            "erase_at": f"{one.erase_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" if one.erase_at else None,
        }
        for one in cases
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        ends = f"\tdeleted in its person's chat, erased at {row['erase_at']}" if row["erase_at"] else ""
        print(f"{row['case']}\t{row['level']}\t{row['status']}\t{row['days']} d\t{row['claimed_by'] or '-'}{ends}")


def export(
    out: Annotated[Path, typer.Argument(help="The zip to write.", readable=False)],
    case: Annotated[list[str] | None, typer.Option(help="A case code, or an id.")] = None,
    status: Annotated[list[Status] | None, typer.Option(help="Only cases of this status.")] = None,
    since: Annotated[
        date | None, typer.Option(parser=as_day, metavar="YEAR-MONTH-DAY", help="Only from this day on.")
    ] = None,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Exports encrypted records with their files; nothing is decrypted, so server.key is needed only for the signature.

    Example: pana export records.zip --status waiting
    """
    archive = open_archive(config)
    ring = archive.ring
    wanted = stored.Wanted(
        names=[_name(one) for one in case or ()],
        statuses=[one.value for one in status or ()],
        since=since,
        erased_too=False,
    )

    with new_file(out) as file, Bar("exported") as bar:

        def write(reading: "Reading") -> int:
            bar.begins(stored.size_of(reading, ring, wanted))
            sign, verify_key = (ring.sign, ring.verify_key) if ring else (None, "")
            cases = stored.listed(reading, ring, wanted)
            bundles = in_small_steps(file, stored.bundles(reading, cases), bar.went)
            return write_bundle(file, bundles, sign, verify_key, archive.place.today(now()))

        count = archive.database.read(write)
    _say_of_what(wanted, count)
    _say_exported(archive, out, count, as_json=as_json)


def _say_of_what(wanted: stored.Wanted, count: int) -> None:
    """Where no case is what was asked for."""
    since = [f"--since {wanted.since}"] if wanted.since else []
    filters = " ".join([*(f"--status {one}" for one in wanted.statuses), *since])
    if not count and filters:
        print(f"no case is of {filters}: the file is empty", file=sys.stderr)


def _say_exported(archive: Archive, out: Path, count: int, *, as_json: bool) -> None:
    signer = archive.ring.signing_fingerprint if archive.ring else None
    if as_json:
        say_json({"cases": count, "file": str(out), "signed_by": signer, "unsigned": archive.unsigned or None})
        return
    print(f"{count} cases in {out}; {f'signed by {signer}' if signer else f'NOT SIGNED: {archive.unsigned}'}")


def open_bundle(
    path: Annotated[Path, typer.Argument(help="A zip or folder from export or a claim.", readable=False)],
    identity: Identity,
    form: Annotated[FormatName, typer.Option("--format", help="text, json or html")] = FormatName.text,
    signed_by: Annotated[str | None, typer.Option(help="The signing fingerprint it must have.")] = None,
    language: Annotated[
        str | None,
        typer.Option(
            help="Of the page and the texts. Default: the case's.",
            metavar=f"[{'|'.join(NAMES)}]",
            callback=lambda named: None if named is None else one_of(NAMES, named),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write into this folder, with the files that were sent.", readable=False),
    ] = None,
    only: Annotated[
        int | None, typer.Option(min=1, help="Only the file of this number, and nothing else, into the folder of -o.")
    ] = None,
) -> None:
    """Opens sealed cases, offline. Exit 1 when something is wrong. Example: pana open K7Q4-F2MX.zip -i me.txt"""
    if only is not None and output is None:
        raise typer.BadParameter("it needs -o FOLDER", param_hint="--only")
    keys = [identities_of(one) for one in identity]
    with Bar("opened") as bar:
        cases = [
            OpenedCase(one, language)
            for one in read_bundle(path, each(keys), whose(signed_by, keys), TakenInto(output, only, bar))
        ]
    if only is not None:
        _one_file(path, cases, only)
    else:
        draw, name = _FORMATS[form]
        _give(draw(cases), output, name)
    _say_what_is_wrong(cases)


def each(keys: Sequence[IdentityFile]) -> list[str]:
    """Every identity of some files."""
    return [each for one in keys for each in one.identities]


def whose(told: str | None, keys: Sequence[IdentityFile]) -> str | None:
    """The signing fingerprint that was told, or else the one that a key file knows."""
    return as_fingerprint(told) if told else next((one.signed_by for one in keys if one.signed_by), None)


def _one_file(path: Path, cases: Sequence[OpenedCase], only: int) -> None:
    """Says what became of one file."""
    found = [one.case.files[only] for one in cases if only in one.case.files]
    if not any(one.written or one.problem for one in found):
        apart = "is in another zip of this case" if any(one.apart for one in found) else "is not there"
        raise Refused(f"file {only} {apart}: {path}")
    for one in found:
        if one.written:
            print(one.written)


def _as_json(cases: Sequence[OpenedCase]) -> str:
    return f"{harmless.as_json([one.as_json() for one in cases])}\n"


def _as_text(cases: Sequence[OpenedCase]) -> str:
    return "\n".join(page.text() for page in _pages(cases))


def _pages(cases: Sequence[OpenedCase]) -> Iterator["CasePage"]:
    """Deadlines are seen from the day of whoever reads, on the clock of this device."""
    from bot.case_page import CasePage
    from bot.speech.words import Words

    words = Words.load()
    return (CasePage(opened=one, words=words, here=now().astimezone()) for one in cases)


def _as_html(cases: Sequence[OpenedCase]) -> str:
    from bot.reader_page import with_cases

    return with_cases(cases)


_FORMATS = {
    FormatName.text: (_as_text, "cases.txt"),
    FormatName.json: (_as_json, "cases.json"),
    FormatName.html: (_as_html, "cases.html"),
}


def _say_what_is_wrong(cases: Sequence[OpenedCase]) -> None:
    problems = [(one.case.code, problem) for one in cases for problem in one.problems]
    for code, problem in problems:
        print(f"pana: {harmless.shown(code)}: {problem}", file=sys.stderr)
    if problems:
        raise typer.Exit(1)


def erase(
    code: Annotated[str, typer.Argument(help="The case code.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the code again.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Destroys one case: wraps, entries, alerts, the link to the chat. Example: pana erase K7Q4-F2MX"""
    core = open_core(config)
    wanted = _code(code)
    case = core.database.read(lambda reading: core.cases.by_code(reading, wanted))
    if case is None or isinstance(case, Erased):
        raise Refused(f"there is no case {wanted}")
    if not yes and tidy_code(typed("Type the code again to erase it")) != wanted:
        raise Refused("the codes differ; nothing was erased")
    core.database.change(lambda tx: core.calls.erased(tx, case))
    print(f"{wanted} is erased")
    wait_for_the_disk(core.database)


def _code(text: str) -> str:
    code = tidy_code(text)
    if code is None:
        raise Refused(f"{text} is not a case code (such as K7Q4-F2MX)")
    return code


def _name(text: str) -> str:
    """A case's code or id in its proper form."""
    given = text.strip().lower()
    return given if stored.ID.fullmatch(given) else _code(text)


def _names(archive: Archive) -> dict[int, str]:
    """Members' names by their rows; none without the key that seals them."""
    from storage.members import Members

    if archive.ring is None:
        return {}
    try:
        return {one.id: one.name for one in archive.database.read(Members(archive.ring).all)}
    except (SealingError, StorageError):  # a damaged row must not hide the list
        return {}


def _give(content: str, folder: Path | None, name: str) -> None:
    if folder is not None:
        make_folder(folder)
        write_new(folder / name, content.encode())
        return
    sys.stdout.write(as_shown(content) if name == _FORMATS[FormatName.json][1] else content)
