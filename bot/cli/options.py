"""Options that several commands share, and what they open."""

import json
import os
import sys
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storage.errors import Refused
from storage.files import as_text, read_text, without_mark
from storage.sealing.age import is_passphrase_file
from storage.sealing.errors import BadKeyFile, SealingError
from storage.sealing.identity_file import IdentityFile, read_identity_file, read_recipients

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wiring.core import Core
    from bot.wiring.pana import Pana
    from flows.place import Place
    from storage.database import Database
    from storage.sealing.keyring import KeyRing

Config = Annotated[
    Path,
    typer.Option(
        "-c", "--config", envvar="PANA_CONFIG", help="The configuration file.", show_default=True, readable=False
    ),
]
DEFAULT_CONFIG = Path("pana.toml")
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
ConfigIfAny = Annotated[
    Path | None,
    typer.Option(
        "-c",
        "--config",
        envvar="PANA_CONFIG",
        help="Whose questionnaire it is, where no file is named. Default: pana.toml, if it is there.",
        readable=False,
    ),
]
SHORTEST_PASSPHRASE = 10  # characters


@dataclass(frozen=True, slots=True)
class Archive:
    """The database, and the key ring where there is one that belongs to it; `unsigned` says why there is none.

    `place`: where people are helped, whose days those of the records are.
    """

    place: "Place"
    database: "Database"
    ring: "KeyRing | None"
    unsigned: str = ""


def open_pana(config: Path) -> "Pana":
    """An instance with its questionnaire and texts: for what talks to people."""
    from bot.settings import load_settings
    from bot.wiring import pana as wiring

    pana = wiring.open_pana(load_settings(config))
    _require_sound(pana.core)
    return pana


def open_as_the_bot(settings: "Settings", compiled: bytes) -> "Pana":
    """The same with a questionnaire that is compiled already, for the one bot of a SQLite database.

    This process is that from here on, and mends a file that is damaged.
    """
    from bot.wiring import pana as wiring
    from storage.ready import require_writable

    pana = wiring.open_pana(settings, compiled)
    database, queue = pana.core.database, pana.core.queue
    saved = _mend(database)
    _require_sound(pana.core)
    require_writable(database)
    pana.core.ring.require_writable()
    if saved is not None:
        from storage.outbox import LineKind

        database.change(lambda tx: queue.to_coordinators(tx, LineKind.unreadable))
    return pana


def _mend(database: "Database") -> int | None:
    from bot.logs import log
    from storage.ready import require_file

    require_file(database)
    database.claim_for_bot()
    saved = database.mend()
    if saved is not None:
        log.error("the database file was damaged and is written anew: see pana doctor", count=saved)
    return saved


def open_core(config: Path) -> "Core":
    """An instance that `pana init` has made, as far as a command needs it that talks to nobody.

    What it needs is imported here: a command that needs no server should answer at once.
    """
    from bot.settings import load_settings
    from bot.wiring import core as wiring

    core = wiring.open_core(load_settings(config))
    _require_sound(core)
    return core


def open_archive(config: Path) -> Archive:
    """What the records need: they are sealed to people, so they are there also without the server's key file."""
    from bot.settings import load_settings
    from flows.place_file import load_place
    from storage.belongs import judge, sentence
    from storage.database import Database
    from storage.migrate import VERSION
    from storage.ready import require_tables
    from storage.sealing.keyring import KeyRing

    settings = load_settings(config)
    place, database = load_place(settings.place_file), Database(settings.database.url)
    require_tables(database, VERSION)
    try:
        ring = KeyRing.load(settings.server.key_file, settings.server.draft_keys)
    except BadKeyFile as error:
        return Archive(place, database, None, str(error))
    verdict = database.read(lambda reading: judge(reading, ring))
    wrong = sentence(verdict, ring, settings.server.signing_fingerprint)
    if wrong and not verdict.missing:  # an older key file signs as well as the newest
        return Archive(place, database, None, wrong)
    return Archive(place, database, ring)


def _require_sound(core: "Core") -> None:
    from storage.belongs import require_belonging
    from storage.migrate import VERSION
    from storage.ready import require_tables

    require_tables(core.database, VERSION)
    require_belonging(core.database, core.ring, core.settings.server.signing_fingerprint)


def questionnaire_of(file: Path | None, config: Path | None) -> Path:
    """The questionnaire that is named, or the one of the configuration; where there is neither, Kazakhstan's."""
    from bot.settings import Settings, load_settings

    if file is not None:
        return file
    if config is None and not DEFAULT_CONFIG.exists():
        return Settings().flow_file
    return load_settings(config or DEFAULT_CONFIG).flow_file


def recipients_in(text: str) -> tuple[str, ...]:
    """Recipients given as themselves or as a file of them; what is wrong with a file names it."""
    if text.casefold().startswith("age1"):
        return read_recipients(text)
    if text.casefold().startswith("age-secret-key"):
        raise Refused("this is a secret key: keep it on its own device and give its public half (age1pq1...)")
    path = Path(text)
    try:
        data = path.read_bytes()  # once: it may be a pipe
        _require_public(path, data)
        return read_recipients(as_text(data, path))
    except FileNotFoundError:
        raise Refused(f"{path}: there is no such file, and a recipient begins with age1pq1") from None
    except SealingError as error:
        raise Refused(f"{path}: {error}") from None


def _require_public(path: Path, data: bytes) -> None:
    """Raises Refused for a file that holds a secret key, also one under a passphrase."""
    if b"AGE-SECRET-KEY-" in data.upper() or is_passphrase_file(data):
        half = f"its public half: {path.name}.pub beside it, or what `pana keygen -y` prints"
        raise Refused(f"{path}: this is a secret key: keep it on its own device and name {half}")


def identities_of(path: Path) -> IdentityFile:
    """The identities of a file, asking for its passphrase only where it has one; raises Refused with its name."""
    try:
        return read_identity_file(without_mark(path.read_bytes(), str(path)), ask_passphrase)
    except SealingError as error:
        raise Refused(f"{path}: {error}") from None


def ask_passphrase(*, new: bool = False) -> str:
    """A passphrase from PANA_PASSPHRASE_FILE or the terminal, never from an argument; in NFC.

    One computer types й as one character, another one as two. `new`: it is asked for twice, and must be long enough.
    """
    passphrase = unicodedata.normalize("NFC", _given_passphrase(twice=new))
    if new and len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(f"the passphrase has fewer than {SHORTEST_PASSPHRASE} characters: take several words")
    return passphrase


def _given_passphrase(*, twice: bool) -> str:
    file = os.environ.get("PANA_PASSPHRASE_FILE")
    if file:
        return read_text(Path(file)).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refused("a passphrase is needed: name a file in PANA_PASSPHRASE_FILE or use a terminal")
    first = getpass("Passphrase: ")
    if twice and unicodedata.normalize("NFC", getpass("Again: ")) != unicodedata.normalize("NFC", first):
        raise Refused("the two passphrases differ")
    return first


def typed(question: str) -> str:
    """What somebody types at the terminal; Refused where nobody does, so ask before anything is done."""
    try:
        return str(typer.prompt(question))
    except typer.Abort:
        raise Refused("nothing was typed, so nothing was done") from None


def as_day(text: str) -> date:
    """A day as commands take it: 2026-12-01."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text} is not a day (such as 2026-12-01)") from None


def say_json(answer: object, *, indent: int | None = None) -> None:
    """Prints an answer for programs, which is JSON whatever the locale can show."""
    print(as_shown(json.dumps(answer, ensure_ascii=False, indent=indent)))


def as_shown(text: str) -> str:
    """JSON with JSON's own escapes where standard output lacks a character; Python's would be none."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return "".join(one if one.isascii() else json.dumps(one)[1:-1] for one in text)
    return text


def wait_for_the_disk(database: "Database") -> None:
    """What was deleted leaves the disk before a command ends, unless somebody goes on reading."""
    if not database.shredded():
        print(
            "pana: what was deleted is still in the database's log (-wal), because something reads the database for"
            " long, such as `pana export`: the running bot removes it afterwards; without one, run `pana sweep` then",
            file=sys.stderr,
        )


def now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def one_of(languages: Collection[str], language: str) -> str:
    """A language as it was named; raises BadParameter with those that there are."""
    if language in languages:
        return language
    raise typer.BadParameter(
        f"'{language}' is not one of {', '.join(map(repr, languages))}.", param_hint="'--language'"
    )
