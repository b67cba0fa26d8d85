"""How a command hears that it is to end, from its first line on: before that, the system ends it as any process.

A bot that starts takes note, and ends where nothing is half done: raised in the midst of an import, an interrupt may be
lost, or leave a traceback. Any other command is interrupted at once, as by Ctrl-C, so that no half file stays.
"""

import signal
import sys
import threading
from types import FrameType
from typing import Any, NoReturn

GRACE = 5.0  # seconds: a start that waits for longer, such as for a busy database, is interrupted after all
_AGAIN = 0.5  # seconds: and again, if that was lost

_told: list[int] = []
_before: dict[int, Any] = {}


def hear() -> None:
    """Begins to hear, if it does not yet. What whoever started the program has ignored (`nohup`) stays ignored."""
    if _before or threading.current_thread() is not threading.main_thread():
        return
    _told.clear()
    starts = sys.argv[1:2] == ["run"]
    for name in ("SIGTERM", "SIGHUP", *(["SIGINT"] if starts else [])):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            _before[number] = signal.signal(number, _note if starts else _interrupt)


def no_more() -> None:
    """Hears as before."""
    if _told:
        signal.setitimer(signal.ITIMER_REAL, 0)
    while _before:
        signal.signal(*_before.popitem())


def told() -> bool:
    """A bot was told to end while it started."""
    return bool(_told)


def here_if_told() -> None:
    """Ends a start that was told to end; raises KeyboardInterrupt."""
    if _told:
        raise KeyboardInterrupt


def _note(number: int, _frame: FrameType | None) -> None:
    if not _told:
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, GRACE, _AGAIN)
    _told.append(number)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
