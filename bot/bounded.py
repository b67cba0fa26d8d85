"""What strangers send is read in a process of its own, which is ended when it takes too long or too much memory.

Libraries that read other people's formats can be made to work for minutes with a few hundred bytes, and nothing stops
a thread. So a plain function from bytes to bytes runs in a child: a fresh Python without the environment, without
files of its own and without anything of the bot's memory. It costs a tenth of a second, paid by whoever has something
to read. Limits in CPU time hold on Linux and macOS, the one in memory on Linux only.
"""

import contextlib
import gc
import resource
import signal
import subprocess
import sys
from importlib import import_module

CPU_SECONDS = 0.8  # after the libraries are there
WALL_SECONDS = 5  # a machine that is busy with something else is given time
LARGEST_MEMORY = 384 * 1024**2
_CPU_IN_ALL = 4
_MOST_ANSWER = 8 * 1024**2


class TooMuch(Exception):
    """The function did not come to an answer within its limits."""


def read(function: str, data: bytes) -> bytes:
    """What `module:function` makes of the data; raises TooMuch. Blocking: call it from a thread, outside any change.

    The function must not raise: an error counts as TooMuch, and nothing of it is told.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this very program, with a name of ours
            [sys.executable, "-I", "-m", "bot.bounded", function],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
            timeout=WALL_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        raise TooMuch from None
    return done.stdout


def _hold() -> None:
    """The outer limits, before anything is read; the child ends itself also when the bot is gone."""
    signal.alarm(WALL_SECONDS)
    limits = (
        (resource.RLIMIT_CPU, _CPU_IN_ALL),
        (resource.RLIMIT_AS, LARGEST_MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    )
    for what, most in limits:
        with contextlib.suppress(OSError, ValueError):  # macOS takes no limit of memory
            resource.setrlimit(what, (most, most))


def _main(function: str) -> None:
    _hold()
    module, _, name = function.partition(":")
    work = getattr(import_module(module), name)
    data = sys.stdin.buffer.read()
    gc.disable()  # it lives for a second
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # nobody handles SIGPROF: it ends the process
    answer: bytes = work(data)
    if len(answer) > _MOST_ANSWER:
        sys.exit(1)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main(sys.argv[1])
