"""Addresses of databases: the usual forms of hosters and of SQLAlchemy, brought to the two that Pana works with."""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_POSTGRES = {"postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"}
_SQLITE = {"sqlite", "sqlite+pysqlite"}


def usual_url(url: str) -> str:
    """The address as this program uses it; raises ValueError with what is wrong, never with a part of the address."""
    kind, separator, rest = url.strip().partition("://")
    kind = kind.lower()
    if not separator or kind not in _POSTGRES | _SQLITE:
        raise ValueError("a database of this kind is not known: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    found = f"{'sqlite' if kind in _SQLITE else 'postgresql+psycopg'}://{rest}"
    try:
        parts = make_url(found)
    except (ArgumentError, ValueError):
        raise ValueError("cannot be read as an address: postgresql://USER:PASSWORD@HOST:PORT/NAME") from None
    if not parts.database:
        raise ValueError("names no database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    if kind in _SQLITE and (parts.host or parts.query or parts.database == ":memory:"):
        raise ValueError("a database of SQLite is a file, without host or options: sqlite:///FILE")
    return found
