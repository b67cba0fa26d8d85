"""`pana init`, `migrate`, `run`, `sweep`."""

import asyncio
import contextlib
import ctypes
import gc
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import ending
from bot.cli.options import (
    DEFAULT_CONFIG,
    AsJson,
    Config,
    open_as_the_bot,
    open_pana,
    recipients_in,
    say_json,
    wait_for_the_disk,
)
from storage.errors import Refused
from storage.files import all_or_nothing, new_folder, write_new
from storage.sealing.errors import BadKeyFile
from storage.sealing.identity_file import fingerprint
from storage.sealing.keyring import KeyRing


def init(
    folder: Annotated[Path, typer.Argument(help="Where the instance lives.", readable=False)] = Path(),
    recovery: Annotated[
        list[str] | None,
        typer.Option(metavar="RECIPIENT|FILE", help="age1pq1... or a file of recipients; twice or more."),
    ] = None,
    single_recovery: Annotated[bool, typer.Option("--single-recovery", help="One recovery key is enough.")] = False,
    as_json: AsJson = False,
) -> None:
    """Makes an instance: pana.toml, server.key, the database. Example: pana init --recovery a.pub --recovery b.pub"""
    from bot.settings import database_url_from_environment
    from storage.belongs import note
    from storage.database import Database
    from storage.migrate import migrate
    from storage.ready import require_unused

    recipients = _recovery(recovery or [], single=single_recovery)
    config, key_file, database = folder / "pana.toml", folder / "server.key", folder / "pana.db"
    elsewhere = database_url_from_environment(folder)
    for path in (config, key_file, *([] if elsewhere else [database])):
        if path.exists():
            raise Refused(f"{path} is there already and is not overwritten")
    with new_folder(folder), all_or_nothing() as made:
        os.umask(0o077)
        if not elsewhere:
            os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            made += [database.with_name(database.name + ending) for ending in ("", "-wal", "-shm", ".lock")]
        with contextlib.closing(Database(elsewhere or f"sqlite:///{database.resolve()}")) as opened:
            require_unused(opened)
            migrate(opened)
            ring = KeyRing.create(key_file)
            made.append(key_file)
            write_new(config, _configuration(recipients, ring.signing_fingerprint, in_file=not elsewhere).encode())
            made.append(config)
            opened.change(lambda tx: note(tx, ring, ring.numbers))
    _say_made(
        {
            "config": str(config),
            "key_file": str(key_file),
            "database": None if elsewhere else str(database),
            "recovery": [fingerprint(one) for one in recipients],
            "signing_fingerprint": ring.signing_fingerprint,
        },
        as_json=as_json,
    )


def _say_made(made: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(made)
        return
    where = made["database"] or "the tables in the database of PANA_DATABASE_URL"
    print(f"{made['config']}, {made['key_file']} and {where} are made.")
    for mark in made["recovery"]:
        print(f"recovery recipient {mark}")
    print(f"Give this signing fingerprint to every member: {made['signing_fingerprint']}")


def _recovery(named: list[str], *, single: bool) -> tuple[str, ...]:
    recipients = tuple(dict.fromkeys(one for text in named for one in recipients_in(text)))
    if not recipients:
        raise Refused("name the recovery recipients: --recovery FILE, twice")
    if len(recipients) < 2 and not single:
        raise Refused("one recovery key can be lost: name two, or say --single-recovery")
    return recipients


def migrate_database(config: Config = DEFAULT_CONFIG) -> None:
    """Brings the database to this program's version, after an upgrade. Example: pana migrate"""
    from bot.settings import load_settings
    from storage.database import Database
    from storage.migrate import VERSION, upgrade

    settings = load_settings(config)
    database, ring = Database(settings.database.url), None
    with contextlib.suppress(BadKeyFile):  # a migration that needs it says so
        ring = KeyRing.load(settings.server.key_file)
    upgrade(database, ring)
    print(f"the database is at version {VERSION}")


def _configuration(recipients: tuple[str, ...], signing_fingerprint: str, *, in_file: bool) -> str:
    listed = "".join(f"  {json.dumps(one)},\n" for one in recipients)
    url = 'url = "sqlite:///pana.db"\n' if in_file else "# url comes from PANA_DATABASE_URL: it may hold a password\n"
    return (
        "# Pana. Every setting stands in docs/settings.md, with its default and its environment variable.\n"
        "# The bot token belongs in a file: PANA_TELEGRAM_TOKEN_FILE.\n\n"
        f"[database]\n{url}\n"
        '[server]\nkey_file = "server.key"\n'
        f'signing_fingerprint = "{signing_fingerprint}"\n\n'
        f"[recovery]\nrecipients = [\n{listed}]\n"
    )


_ARENA_MAX = -8  # malloc.h, M_ARENA_MAX
_COLLECTED_AFTER = 10_000  # more objects than were let go; Python's own 700 is for what makes many circles


def run(config: Config = DEFAULT_CONFIG) -> None:
    """Runs the bot until SIGTERM or SIGINT. Example: PANA_TELEGRAM_TOKEN_FILE=token.txt pana run"""
    os.umask(0o077)
    _one_heap()
    ending.here_if_told()
    with _made_to_stay():
        import uvloop

        from bot import logs
        from bot.settings import load_settings
        from bot.speech.words import Words
        from bot.wiring.made import made
        from bot.wiring.running import wire_bot
        from flows.dates.words import vocabularies

        ending.here_if_told()
        logs.set_up(json=not sys.stderr.isatty())
        settings = load_settings(config, to_run=True)
        token = settings.telegram.token
        assert token is not None
        questionnaire = made(settings, Words.load())
        ending.here_if_told()
        pana = open_as_the_bot(settings, questionnaire.compiled)
        if questionnaire.unsigned:
            logs.log.warning(
                "the consent or questions about danger are not signed: pana flow sign --check",
                count=questionnaire.unsigned,
            )
        words = pana.questionnaires.current.vocabulary.ready, vocabularies
        bot = wire_bot(pana, token=token.get_secret_value(), after_ready=lambda: _later(*words)).bot
    ending.here_if_told()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(bot.run())


def _later(*each: Callable[[], object]) -> None:
    """Has made in a thread what no start waits for. Whoever needs one before makes it, or waits for the rest of it."""

    def work() -> None:
        with _made_to_stay():
            for make in each:
                make()
        _give_back()

    threading.Thread(target=work, name="made after ready", daemon=True).start()


@contextlib.contextmanager
def _made_to_stay() -> Iterator[None]:
    """What a start makes lasts until the end: no search for garbage goes through it, now or later (gc.freeze)."""
    gc.disable()
    try:
        yield
        gc.freeze()
        gc.set_threshold(_COLLECTED_AFTER)
    finally:
        gc.enable()


def _one_heap() -> None:
    """What a thread has used and given back serves the others too, where the C library is glibc (mallopt(3))."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def _give_back() -> None:
    """What a start has used and let go is the machine's again, where the C library is glibc (malloc_trim(3))."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def sweep(as_json: AsJson = False, config: Config = DEFAULT_CONFIG) -> None:
    """Expiry, retention and wiping, once, now; the running bot does it by itself. Example: pana sweep"""
    from bot.cli import reach

    pana = open_pana(config)
    swept = pana.sweep.once(asyncio.run(reach.telegrams_time(pana.settings)))
    waiting = swept.waiting
    if not as_json:
        print(f"{swept.expired} intakes expired")
    pana.core.database.shred_soon()
    wait_for_the_disk(pana.core.database)
    if as_json:
        begins = waiting and {"count": waiting.count, "not_before": f"{waiting.not_before:%Y-%m-%dT%H:%MZ}"}
        say_json({"expired": swept.expired, "waiting": begins})
    elif waiting is not None:
        print(
            f"{waiting.count} cases have come to the end of their time; they are erased after"
            f" {waiting.not_before:%Y-%m-%d %H:%M} UTC, because more than ten are told a day before:"
            " `pana case list` shows them"
        )
