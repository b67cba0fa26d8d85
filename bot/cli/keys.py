"""`pana keygen`, `key accept`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, AsJson, Config, ask_passphrase, identities_of, now, say_json
from storage.files import all_or_nothing, refuse_to_overwrite, write_new
from storage.sealing import age
from storage.sealing.identity_file import fingerprint, render_identity_file


def keygen(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Write here, mode 0600, and the public key beside it (.pub).", readable=False
        ),
    ] = None,
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Protect the file by a passphrase.")] = False,
    shown: Annotated[
        Path | None,
        typer.Option("-y", help="Make none: print public key and fingerprint of this file.", readable=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Makes a post-quantum age identity. Example: pana keygen -o me.txt --passphrase"""
    if shown is not None:
        recipients = [age.recipient_of(one) for one in identities_of(shown).identities]
        if as_json:
            _say_json(recipients)
            return
        for recipient in recipients:
            print(f"Public key: {recipient}\nFingerprint: {fingerprint(recipient)}")
        return
    if as_json and output is None:
        raise typer.BadParameter("it needs -o or -y: without them the answer is the identity", param_hint="--json")
    identity = age.generate_identity()
    content = render_identity_file(identity, now()).encode()
    if passphrase:
        content = age.seal_with_passphrase(content, ask_passphrase(new=True))
    if output is None:
        sys.stdout.buffer.write(content)
        return
    refuse_to_overwrite(output)  # before its name is used: a folder such as . has none
    recipient, public = age.recipient_of(identity), output.with_name(f"{output.name}.pub")
    refuse_to_overwrite(public)
    with all_or_nothing() as made:
        write_new(output, content)
        made.append(output)
        write_new(public, f"{recipient}\n".encode())
    print(f"Public key: {recipient}", file=sys.stderr)
    if as_json:
        _say_json([recipient])
    else:
        print(f"Fingerprint: {fingerprint(recipient)}")


def _say_json(recipients: Sequence[str]) -> None:
    say_json([{"recipient": one, "fingerprint": fingerprint(one)} for one in recipients])


app = typer.Typer(no_args_is_help=True, help="The server's key file. Example: pana key accept")


@app.command("accept")
def accept(config: Config = DEFAULT_CONFIG) -> None:
    """Goes on with an older server.key when the newest is lost; what only that one opens is never read again.

    Example: pana key accept
    """
    from bot.settings import load_settings
    from storage.belongs import accept_loss, listed
    from storage.database import Database
    from storage.migrate import VERSION
    from storage.ready import require_tables
    from storage.sealing.keyring import KeyRing

    settings = load_settings(config)
    server = settings.server
    ring, database = KeyRing.load(server.key_file, server.draft_keys), Database(settings.database.url)
    require_tables(database, VERSION)
    pinned = settings.server.signing_fingerprint
    lost = database.change(lambda tx: accept_loss(tx, ring, pinned))
    print(f"Pana goes on without {listed(lost)}" if lost else "nothing is missing")
