"""Options that several commands share, and what they open."""

import os
import sys
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storage.errors import Refused
from storage.sealing.identity_file import read_recipients

if TYPE_CHECKING:
    from bot.house import House
    from bot.office import Office

Config = Annotated[
    Path,
    typer.Option("-c", "--config", envvar="PANA_CONFIG", help="The configuration file.", show_default=True),
]
DEFAULT_CONFIG = Path("pana.toml")


def open_house(config: Path) -> "House":
    """The house of an instance, with its questionnaire and texts: for what talks to people."""
    from bot.house import build
    from bot.settings import load_settings

    return _at_this_version(build(load_settings(config)))


def open_office(config: Path) -> "Office":
    """The office of an instance that `pana init` has made.

    What it needs is imported here: a command that needs no server should answer at once.
    """
    from bot.office import open_office as open_it
    from bot.settings import load_settings
    from storage.migrate import VERSION
    from storage.ready import require_tables

    office = open_it(load_settings(config))
    require_tables(office.database, VERSION)
    return office


def _at_this_version(house: "House") -> "House":
    from storage.migrate import VERSION
    from storage.ready import require_tables

    require_tables(house.office.database, VERSION)
    return house


def recipients_in(text: str) -> tuple[str, ...]:
    """Recipients given as themselves or as a file of them."""
    path = Path(text)
    if text.startswith("age1") or not path.is_file():
        return read_recipients(text)
    return read_recipients(path.read_text(encoding="utf-8"))


def ask_passphrase(*, twice: bool = False) -> str:
    """A passphrase from PANA_PASSPHRASE_FILE or the terminal; never from an argument."""
    file = os.environ.get("PANA_PASSPHRASE_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused("a passphrase is needed: name a file in PANA_PASSPHRASE_FILE or use a terminal")
    first = getpass("Passphrase: ")
    if twice and getpass("Again: ") != first:
        raise Refused("the two passphrases differ")
    return first


def now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)
