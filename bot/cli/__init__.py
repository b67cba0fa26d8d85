"""The command line `pana`: a file for the commands of one noun, or of a few verbs.

Exit 0 done, 1 refused or failed with one clear line, 2 wrong usage.
"""

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from bot import ending
from bot.errors import ConfigurationError, PanaError
from flows.errors import FlowError
from storage.errors import Refused, StorageError
from storage.files import why
from storage.sealing.errors import SealingError

_HOME = Path(__file__).parent.parent.parent
_INTERRUPTED = 130  # what Typer makes of Ctrl-C


def main() -> None:
    """Runs a command. The one edge of all of them: whatever fails is a line on standard error, never a traceback."""
    _print_anything()
    try:
        with _told_to_end(), _somewhere_to_print():
            code = _run()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has gone: there is nobody to tell
        code = 1
        _let_go()
    except Exception as error:
        code = 1
        _say(error)
    _close_databases()
    sys.exit(code)


class _Closed(io.TextIOBase):
    """In the place of a standard output that the shell has closed: whoever prints hears that it is lost."""

    def write(self, _text: str) -> int:
        """Raises Refused."""
        raise self._refused()

    @property
    def buffer(self) -> BinaryIO:
        """Raises Refused: a key that is written nowhere would be lost without a word."""
        raise self._refused()

    def _refused(self) -> Refused:
        return Refused("standard output is closed, so what this command has to say is lost: send it to a file")


def _somewhere_to_print() -> contextlib.AbstractContextManager[object]:
    """Without a standard output Python itself prints nowhere, and says nothing of that."""
    return contextlib.nullcontext() if sys.stdout is not None else contextlib.redirect_stdout(_Closed())


@contextlib.contextmanager
def _told_to_end() -> Iterator[None]:
    ending.hear()
    try:
        yield
    finally:
        ending.no_more()


def _close_databases() -> None:
    """Of whatever has failed, too; most commands have opened none."""
    if (database := sys.modules.get("storage.database")) is not None:
        database.close_every()


def _run() -> int:
    """Runs the command named by the arguments and returns its exit code."""
    try:
        from bot.cli.commands import app

        app()
    except SystemExit as ended:
        if ended.code != _INTERRUPTED:
            return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        pass
    else:
        return 0
    if ending.told():  # a bot that is told to end, however early, has not failed
        return 0
    print("pana: interrupted", file=sys.stderr)
    return 1


def _say(error: Exception) -> None:
    for line in _lines(_first(error)):
        print(f"pana: {line}", file=sys.stderr)
    if isinstance(error, OSError) and error.filename is None:
        _let_go()


def _lines(error: Exception) -> Sequence[str]:
    """What is said of an error. A program's fault is its class and where, for a message may hold what people wrote."""
    match error:
        case ConfigurationError():
            return error.problems
        case PanaError() | StorageError() | SealingError() | FlowError():
            return [str(error)]
        case OSError():
            return [f"{error.filename or 'reading or writing'}: {why(error)}"]
        case UnicodeError():
            return ["an argument or a file holds bytes that are no text here: set LC_ALL=C.UTF-8, or save it as UTF-8"]
        case _:
            places = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.startswith(str(_HOME))]
            where = " < ".join(f"{Path(one.filename).relative_to(_HOME)}:{one.lineno}" for one in reversed(places))
            return [
                f"a fault of the program, {type(error).__name__} at {where or 'an unknown place'}: please report it"
            ]


def _first(error: Exception) -> Exception:
    """The error itself, or the first of several that tasks of the bot raised together."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _print_anything() -> None:
    """Texts are Cyrillic: a terminal or locale that cannot show a character gets its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _let_go() -> None:
    """What could not be written to standard output is not tried again when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
