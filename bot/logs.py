"""Logs: one structured line per event on standard error, and only fields from an allow-list.

Nothing personal ever passes: no text, no Telegram id, no token, no address, no SQL value. Third-party loggers go
through the same gate and keep their name, level, line and the class of an exception, never their message.
"""

import logging
import sys
import traceback
import warnings
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "code",
        "case_level",
        "count",
        "seconds",
        "error",
        "lane",
        "kind",
        "method",
    }
    | {"logger", "line", "status", "version", "attempts", "rung"}
)
log: structlog.stdlib.BoundLogger = structlog.get_logger("pana")


def _allowed(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in event.items() if name in FIELDS}


class _Gate(logging.Handler):
    """What other libraries log, without what they say."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        log.log(record.levelno, "library", logger=record.name, line=record.lineno, error=kind)


def set_up(*, json: bool) -> None:
    """Routes every log, warning and uncaught exception of this process through the gate."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allowed,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.raiseExceptions = False
    logging.basicConfig(handlers=[_Gate()], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    warnings.simplefilter("ignore", ResourceWarning)
    sys.excepthook = lambda _kind, error, _trace: log.error("uncaught", error=", ".join(_leaves(error)))


def _leaves(error: BaseException) -> list[str]:
    """The classes of what went wrong, and where in the program: never what they say."""
    if isinstance(error, BaseExceptionGroup):
        return [name for one in error.exceptions for name in _leaves(one)]
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return [f"{type(error).__name__} at {Path(one.filename).name}:{one.lineno}" for one in last]
