"""`pana keygen`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import ask_passphrase, now
from storage.errors import Refused
from storage.sealing import age
from storage.sealing.identity_file import render_identity_file


def keygen(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write here, mode 0600.")] = None,
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Protect the file by a passphrase.")] = False,
) -> None:
    """Makes a post-quantum age identity. Example: pana keygen -o me.txt --passphrase"""
    identity = age.generate_identity()
    content = render_identity_file(identity, now()).encode()
    if passphrase:
        content = age.seal_with_passphrase(content, ask_passphrase(twice=True))
    if output is None:
        sys.stdout.buffer.write(content)
        return
    write_new(output, content)
    print(f"Public key: {age.recipient_of(identity)}", file=sys.stderr)


def write_new(path: Path, content: bytes) -> None:
    """Writes a file of mode 0600 that is not there yet."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"{path} is there already and is not overwritten") from None
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
