"""`pana init`, `run`, `sweep`."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.keys import write_new
from bot.cli.options import DEFAULT_CONFIG, Config, now, open_house, recipients_in
from bot.errors import ConfigurationError
from storage.errors import Refused
from storage.sealing.identity_file import fingerprint
from storage.sealing.keyring import KeyRing


def init(
    folder: Annotated[Path, typer.Argument(help="Where the instance lives.")] = Path(),
    recovery: Annotated[
        list[str] | None, typer.Option(help="age1pq1... or a file of recipients; twice or more.")
    ] = None,
    single_recovery: Annotated[bool, typer.Option("--single-recovery", help="One recovery key is enough.")] = False,
) -> None:
    """Makes an instance: pana.toml, server.key, the database. Example: pana init --recovery a.pub --recovery b.pub"""
    from storage.migrate import migrate
    from storage.writer import Database

    recipients = tuple(dict.fromkeys(one for text in recovery or () for one in recipients_in(text)))
    if not recipients:
        raise Refused("name the recovery recipients: --recovery FILE, twice")
    if len(recipients) < 2 and not single_recovery:
        raise Refused("one recovery key can be lost: name two, or say --single-recovery")
    config, key_file, database = folder / "pana.toml", folder / "server.key", folder / "pana.db"
    for path in (config, key_file, database):
        if path.exists():
            raise Refused(f"{path} is there already and is not overwritten")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.umask(0o077)
    ring = KeyRing.create(key_file)
    opened = Database(f"sqlite:///{database.resolve()}")
    migrate(opened)
    opened.close()
    write_new(config, _configuration(recipients).encode())
    print(f"{config}, {key_file} and {database} are made.")
    for recipient in recipients:
        print(f"recovery recipient {fingerprint(recipient)}")
    print(f"Give this signing fingerprint to every member: {ring.signing_fingerprint}")


def _configuration(recipients: tuple[str, ...]) -> str:
    listed = "".join(f"  {json.dumps(one)},\n" for one in recipients)
    return (
        "# Pana. Every value can also be set as PANA_SECTION_KEY, or PANA_SECTION_KEY_FILE for a file that holds it.\n"
        "# The bot token belongs in a file: PANA_TELEGRAM_TOKEN_FILE.\n\n"
        '[database]\nurl = "sqlite:///pana.db"\n\n'
        '[server]\nkey_file = "server.key"\n\n'
        f"[recovery]\nrecipients = [\n{listed}]\n"
    )


def run(config: Config = DEFAULT_CONFIG) -> None:
    """Runs the bot until SIGTERM or SIGINT. Example: PANA_TELEGRAM_TOKEN_FILE=token.txt pana run"""
    import uvloop

    from bot import logs
    from bot.app import Bot

    os.umask(0o077)
    logs.set_up(json=not sys.stderr.isatty())
    house = open_house(config)
    token = house.settings.telegram.token
    if token is None:
        raise ConfigurationError(["telegram.token: is missing; set PANA_TELEGRAM_TOKEN_FILE to a file that holds it"])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bot(house, token.get_secret_value()).run())


def sweep(config: Config = DEFAULT_CONFIG) -> None:
    """Expiry, retention and wiping, once, now; the running bot does it by itself. Example: pana sweep"""
    house = open_house(config)
    count = house.database.now(lambda connection: house.sweep(connection, now()))
    print(f"{count} intakes expired")
