"""Tells systemd how the bot fares (sd_notify(3)), without a library: one datagram to a socket."""

import os
import socket
from collections.abc import Mapping

LONGEST = 0.2  # seconds; a supervisor that does not read must not hold the bot up


class Watchdog:
    """Does nothing where no supervisor listens."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._status = ""

    def ready(self) -> None:
        """People are heard, or this process stands by."""
        self._say("READY=1")

    def lives(self) -> None:
        """Due work is done and the poll loop turns; silence for WatchdogSec lets systemd start the bot again.

        That Telegram answers is not asked here: starting the bot again does not end an outage, and it would hold up
        mail and push. Whether people are heard is for the heartbeat (bot/pulse.py).
        """
        self._say("WATCHDOG=1")

    def is_starting(self, seconds: int) -> None:
        """Not ready yet and at work: TimeoutStartSec ends in so many seconds and not before."""
        self._say(f"EXTEND_TIMEOUT_USEC={seconds * 1_000_000}")

    def status(self, words: str) -> None:
        """A line for `systemctl status`, sent when it has changed."""
        if words != self._status:
            self._status = words
            self._say(f"STATUS={words}")

    def stopping(self) -> None:
        """The bot was asked to end."""
        self._say("STOPPING=1")

    def _say(self, state: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(LONGEST)
                sock.sendto(state.encode(), address)
        except OSError:
            return  # a supervisor that is gone must not end the bot
