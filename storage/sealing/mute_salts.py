"""Accounts that were muted: known again by a salt of the month, and by nothing once that is destroyed."""

import hmac
from collections.abc import Sequence
from datetime import date, timedelta

from storage.sealing.day_keys import DayKeys, nothing_more
from storage.sealing.key_file import MUTE


class MuteSalts:
    """One a month, made when it is needed first."""

    def __init__(self, home: DayKeys) -> None:
        self._home = home

    def mac(self, on: date, look_up: bytes) -> bytes:
        """By which a muted account is known again as long as the salt of this month is kept."""
        return hmac.digest(self._home.held((MUTE, on.replace(day=1))), look_up, "sha256")

    def macs(self, look_up: bytes) -> Sequence[bytes]:
        """The same of every month whose salt is kept."""
        return [hmac.digest(salt, look_up, "sha256") for salt in self._home.every(MUTE).values()]

    def destroy(self, before: date) -> None:
        """Destroys the salts of the months that were over before that day."""
        self._home.destroy(MUTE, lambda month: _next_month(month) <= before, nothing_more)


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
