"""Tells systemd that the bot is ready and lives (sd_notify(3)), without a library: one datagram to a socket."""

import os
import socket
from collections.abc import Mapping


class Watchdog:
    """Does nothing where no supervisor listens."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")

    def ready(self) -> None:
        """The bot polls."""
        self._say(b"READY=1")

    def lives(self) -> None:
        """The loop turns and storage answers; silence for WatchdogSec lets systemd start the bot again."""
        self._say(b"WATCHDOG=1")

    def stopping(self) -> None:
        """The bot was asked to end."""
        self._say(b"STOPPING=1")

    def _say(self, state: bytes) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.sendto(state, address)
        except OSError:
            return  # a supervisor that is gone must not end the bot
