"""What is the same in every test is worked out once in a process: the questionnaire, and the SQL of each statement.

Both take longer than most of what the tests tell; what they tell has nothing of its own in it.
"""

import copy
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

import bot.face
import bot.settings
import bot.wiring.core
import bot.wiring.pana
import flows.source
import storage.database
import storage.reading
from bot.settings import Settings
from bot.speech.words import Words
from bot.wiring.made import made
from flows.marks_file import marks_folder
from flows.model import Flow
from flows.place import Place
from flows.release import read_release
from flows.words.file import WordsSource
from storage.prepared import STATEMENTS, Statements

_compiled_flow = bot.wiring.pana.compiled_flow
_create_engine = storage.database.create_engine
_load_place = bot.wiring.core.load_place
_toml = lru_cache(100)(tomllib.loads)
_load_words = flows.source.load_words
_KEPT = Path(__file__).parent.parent / ".venv"  # here as in the bot's own folder, for the next process
_flows: dict[bytes, bytes] = {}
_places: dict[bytes, Place] = {}
_words: dict[bytes, WordsSource] = {}
_statements: LRUCache[Any] = LRUCache(2000)
_prepared: dict[str, Statements] = {}


def compiled_flow(settings: Settings, words: Words) -> bytes:
    """As the bot's own, which is asked once for each text of a questionnaire."""
    if not settings.flow_file.is_file():
        return _compiled_flow(settings, words)
    signed = sorted(marks_folder(settings.flow_file).glob("*.yaml"))
    said = b"".join(one.read_bytes() for one in (settings.flow_file, settings.place_file, *signed))
    if said not in _flows:
        server = settings.server.model_copy(update={"key_file": _KEPT / "server.key"})
        with mock.patch.object(bot.wiring.pana, "compiled_flow", _compiled_flow):
            _flows[said] = made(settings.model_copy(update={"server": server}), words).compiled
    return _flows[said]


@cache
def questionnaire() -> Flow:
    """The one that the bot is delivered with, read from what is compiled once."""
    return read_release(compiled_flow(Settings(), Words.load()))


def load_place(path: Path) -> Place:
    """As the bot's own, which reads it at each start."""
    said = path.read_bytes()
    if said not in _places:
        _places[said] = _load_place(path)
    return _places[said]


def load_words(folder: Path) -> WordsSource:
    """As the questionnaire's own, which reads each pattern once for each text of them."""
    said = b"".join(one.name.encode() + one.read_bytes() for one in sorted(folder.glob("*.yaml")))
    if said not in _words:
        _words[said] = _load_words(folder)
    return _words[said]


def _loads(text: str, /, **how: Any) -> dict[str, Any]:
    """A configuration has the same long recipient again and again, which is read letter by letter."""
    return copy.deepcopy(_toml(text, **how))


def _create_engine_with_statements(*arguments: Any, **named: Any) -> Any:
    engine = _create_engine(*arguments, **named)
    engine._compiled_cache = _statements
    engine.update_execution_options(**{STATEMENTS: _prepared.setdefault(engine.dialect.name, Statements())})
    return engine


def compile_once() -> None:
    """From here on in this process, and in those that are forked from it."""
    bot.wiring.pana.compiled_flow = compiled_flow
    bot.wiring.core.load_place = load_place
    tomllib.loads = _loads
    bot.settings.check_recipient = cache(bot.settings.check_recipient)
    flows.source.load_words = load_words
    storage.reading._flow_in = lru_cache(8)(storage.reading._flow_in)  # nobody changes what is read
    bot.face.picture = cache(bot.face.picture)
    bot.face.picture()
    storage.database.create_engine = _create_engine_with_statements
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):  # part of each statement's key
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign,assignment]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign,assignment]
