"""What a database's error is, in a sentence: drivers put values and addresses into theirs, so none of their words pass.

SQLite tells by its result code (https://sqlite.org/rescode.html), PostgreSQL by SQLSTATE, and before a session
exists, where libpq has no code, by the fixed English words of its messages.
"""

import sqlite3
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

_SQLITE: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "the database is locked by another program: end that program, or wait for it",
    sqlite3.SQLITE_LOCKED: "the database is locked by another program: end that program, or wait for it",
    sqlite3.SQLITE_PERM: "the database file may not be opened by this user: see its owner and mode",
    sqlite3.SQLITE_READONLY: "the database is read-only: see the owner and mode of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened: see its path, and owner and mode of its folder",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged: put back a copy",
    sqlite3.SQLITE_NOTADB: "the database file is no SQLite database: see database.url",
}
# Classes or whole codes of SQLSTATE (PostgreSQL, appendix A), the longer first.
_POSTGRES: Mapping[str, str] = {
    "28": "the database server refuses user or password: see database.url",
    "3D": "the database server has no database of this name: create it, or see database.url",
    "42501": "the database server does not allow this user to do that: grant it the rights of an owner",
    "53100": "the database server's disk is full",
    "53300": "the database server takes no more connections",
    "55P03": "the database is locked by another program: end that program, or wait for it",
    "25006": "the database is read-only: see database.url, it may name a replica",
    "57P": "the database server is shutting down or starting",
    "40": "two programs waited for each other in the database; try again",
}
_BEFORE_A_SESSION: Mapping[str, str] = {
    "password authentication failed": _POSTGRES["28"],
    "no password supplied": _POSTGRES["28"],
    "no pg_hba.conf entry": "the database server lets nobody in from this machine: see its pg_hba.conf",
    "does not exist": "the database server has no such user or database: create it, or see database.url",
    "connection refused": "the database server refuses the connection: see whether it runs, and database.url",
    "no such file or directory": "the database server is not there: see whether it runs, and database.url",
    "resolve host": "the database server's name is not known: see database.url, and the name service",
    "translate host": "the database server's name is not known: see database.url, and the name service",
    "timeout": "the database server does not answer in time: see the network, and database.url",
    "invalid connection option": "database.url has an option that PostgreSQL's client does not know: leave it out",
    "ssl": "the database server and this machine do not agree on TLS: see sslmode in database.url",
    "too many clients": _POSTGRES["53300"],
    "starting up": _POSTGRES["57P"],
}


def sentence(error: DBAPIError) -> str:
    """Cause and remedy of a driver's error; the names of its classes where the cause is not known."""
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        code = getattr(origin, "sqlite_errorcode", 0) & 0xFF  # extended codes have the primary one in the low byte
        return _SQLITE.get(code, f"the database answered {type(origin).__name__}")
    state = getattr(origin, "sqlstate", None)
    if state:
        known = [said for code, said in _POSTGRES.items() if str(state).startswith(code)]
        return known[0] if known else f"the database answered {type(origin).__name__} ({state})"
    words = str(origin).casefold()
    known = [said for part, said in _BEFORE_A_SESSION.items() if part in words]
    return known[0] if known else f"the database cannot be reached ({type(origin).__name__}): see database.url"
