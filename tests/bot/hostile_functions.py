"""What a library could do with a stranger's bytes, for the tests of `bot/bounded.py`."""

import os
import signal


def endless(_: bytes) -> bytes:
    """Never comes back."""
    while True:
        pass


def hungry(_: bytes) -> bytes:
    """Takes a gigabyte."""
    return bytes(len(bytearray(b"x" * 1024**3)) // 1024**3)


def raising(_: bytes) -> bytes:
    """Raises."""
    raise ValueError("content of the file")


def crashing(_: bytes) -> bytes:
    """Ends as a fault in a library's C code does."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def talkative(_: bytes) -> bytes:
    """Answers more than anybody can use."""
    return b"x" * 100_000_000


def harmless(data: bytes) -> bytes:
    """Works."""
    return data[::-1]
