"""Accounts whose case was a false alarm: later cases of theirs ring nobody before a coordinator has looked."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from storage import key_rows
from storage.schema import muted
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx


def mute(tx: Tx, ring: KeyRing, look_up: bytes) -> None:
    """Later cases of this account ring nobody.

    It is known again by a salt of its month, which is destroyed, so that no copy of the database leads to it later.
    """
    unmute(tx, ring, look_up)
    tx.execute(insert(muted).values(account_mac=key_rows.mutes(tx, ring).mac(tx.now.date(), look_up), at=tx.now))


def unmute(tx: Tx, ring: KeyRing, look_up: bytes) -> None:
    """Later cases of this account ring again."""
    tx.execute(delete(muted).where(muted.c.account_mac.in_(key_rows.mutes(tx, ring).macs(look_up))))


_IS_MUTED = select(muted.c.at).where(muted.c.account_mac.in_(bindparam("macs", expanding=True)))


def is_muted(tx: Reading, ring: KeyRing, look_up: bytes | None) -> bool:
    """True when this account's case was a false alarm."""
    if look_up is None:
        return False
    macs = key_rows.mutes(tx, ring).macs(look_up)
    return bool(macs) and tx.execute(_IS_MUTED, {"macs": macs}).first() is not None


def forget_muted(tx: Tx, ring: KeyRing, before: datetime) -> None:
    """Drops what is older than that, and the salts that only older ones had.

    Should the change be thrown away, nothing is missing: what those salts are for is over.
    """
    tx.execute(delete(muted).where(muted.c.at < before))
    key_rows.mutes(tx, ring).destroy(before.date())
