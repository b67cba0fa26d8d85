"""Accounts whose case was a false alarm: later cases of theirs ring nobody before a coordinator has looked."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.schema import muted
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx


def mute(tx: Tx, ring: KeyRing, look_up: bytes) -> None:
    """Later cases of this account ring nobody.

    It is known again by a salt of its month in the key file, so that no copy of the database leads to it later.
    """
    unmute(tx, ring, look_up)
    tx.execute(insert(muted).values(account_mac=ring.mutes.mac(tx.now.date(), look_up), at=tx.now))


def unmute(tx: Tx, ring: KeyRing, look_up: bytes) -> None:
    """Later cases of this account ring again."""
    tx.execute(delete(muted).where(muted.c.account_mac.in_(ring.mutes.macs(tx.now.date(), look_up))))


def is_muted(tx: Reading, ring: KeyRing, look_up: bytes | None) -> bool:
    """True when this account's case was a false alarm."""
    if look_up is None:
        return False
    macs = ring.mutes.macs(tx.now.date(), look_up)
    here = muted.c.account_mac.in_(macs)
    return bool(macs) and tx.execute(select(muted.c.at).where(here)).first() is not None


def forget_muted(tx: Tx, ring: KeyRing, before: datetime) -> None:
    """Drops what is older than that, and the salts that only older ones had."""
    tx.execute(delete(muted).where(muted.c.at < before))
    tx.after(lambda: ring.mutes.destroy(before.date()))
