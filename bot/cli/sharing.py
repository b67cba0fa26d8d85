"""`pana share`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.moving import Bar
from bot.cli.options import identities_of, recipients_in, typed
from bot.cli.records import Identity, each, whose
from storage.errors import Refused
from storage.files import new_file
from storage.sealing.identity_file import as_fingerprint, fingerprint
from storage.sharing import Trusted
from storage.sharing import share as share_bundle


def share(
    path: Annotated[Path, typer.Argument(help="A bundle that you can open.", readable=False)],
    identity: Identity,
    to: Annotated[str, typer.Option(metavar="RECIPIENT|FILE", help="The new reader: age1pq1... or a file with it")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The zip to write.", readable=False)],
    only_keys: Annotated[
        bool, typer.Option("--only-keys", help="Without what is sealed: small, for handing a case over by the bot.")
    ] = False,
    told: Annotated[
        str | None, typer.Option("--fingerprint", help="The new reader's fingerprint, as you were told it.")
    ] = None,
    signed_by: Annotated[str | None, typer.Option(help="The signing fingerprint the cases must have.")] = None,
    unsigned: Annotated[bool, typer.Option("--unsigned", help="Also cases that no server has signed.")] = False,
) -> None:
    """Re-seals cases to one more reader, offline, after their fingerprint was compared with what they have told you.

    Example: pana share a.zip -i me.txt --to them.pub -o b.zip
    """
    recipient = _one_reader(to)
    compared = _compared(recipient, told)
    keys = [identities_of(one) for one in identity]
    trusted = Trusted(identities=each(keys), signed_by=whose(signed_by, keys), unsigned=unsigned)
    with new_file(output) as file, Bar("shared") as bar:
        done = share_bundle(path, trusted, recipient, file, only_keys=only_keys, begins=bar.begins, went=bar.went)
    for note in (*compared, *done.notes):
        print(f"pana: {note}", file=sys.stderr)
    if only_keys:
        print("pana: only the keys are in it: send it to the bot, which has the rest", file=sys.stderr)
    print(f"{done.cases} cases in {output}")


def _one_reader(to: str) -> str:
    recipient, *more = recipients_in(to)
    if more:
        raise Refused(f"{to} has {len(more) + 1} recipients, and a case is shared with one at a time")
    return recipient


def _compared(recipient: str, told: str | None) -> list[str]:
    """The key may be anybody's: only the fingerprint, heard from the reader themselves, says whose it is."""
    mark = fingerprint(recipient)
    if told is None and _at_a_terminal():
        print(f"pana: the new reader's fingerprint is {mark}", file=sys.stderr)
        told = typed("Type it as the new reader tells it to you, by voice or face to face")
    if told is None:
        return [f"sealed to {mark}, which was compared with nothing: --fingerprint compares it"]
    if as_fingerprint(told) != mark:
        raise Refused("the fingerprints differ: this is not that reader's key, and nothing was shared")
    return [f"sealed to {mark}"]


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()
