"""Accounts that were muted: known again by a salt of the month, and by nothing once that is destroyed."""

import hmac
from collections.abc import Sequence
from datetime import date, timedelta

from storage.sealing.key_file import MUTE, KeyFile


class MuteSalts:
    """One a month, made when it is needed first."""

    def __init__(self, file: KeyFile) -> None:
        self._file = file

    def mac(self, on: date, look_up: bytes) -> bytes:
        """By which a muted account is known again as long as the salt of this month is kept."""
        month = on.replace(day=1)
        if month not in self._file.keys.mute_salts:
            with self._file.locked():
                self._file.read_again()
                if month not in self._file.keys.mute_salts:
                    self._file.put((MUTE, month))
        return hmac.digest(self._file.keys.mute_salts[month], look_up, "sha256")

    def macs(self, on: date, look_up: bytes) -> Sequence[bytes]:
        """The same of every month whose salt is kept."""
        if on.replace(day=1) not in self._file.keys.mute_salts:
            self._file.read_again()  # another process may have made it
        return [hmac.digest(salt, look_up, "sha256") for salt in self._file.keys.mute_salts.values()]

    def destroy(self, before: date) -> None:
        """Destroys the salts of the months that were over before that day."""
        old = [(MUTE, month) for month in self._file.keys.mute_salts if _next_month(month) <= before]
        if old:
            with self._file.locked():
                self._file.destroy(old)


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
