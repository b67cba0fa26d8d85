"""What members' lost words have become.

One try costs one slow hash however many words are kept: the hash is salted with the instance's key, which is not in the
database, and each row adds a salt of its own, so that rows of the same word differ.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from storage.members import Member
from storage.schema import lost_word as table
from storage.schema import member
from storage.sealing.keyring import KeyRing
from storage.sealing.lost_word import slow_hash
from storage.tx import Reading, Tx

REPLACED_FOR = timedelta(days=7)  # whoever has the phone cannot take the word away from its owner
MOST_KEPT = 4  # of one member
_OF_MEMBERS = (
    select(table.c.member_id, table.c.salt, table.c.kept)
    .join(member, member.c.id == table.c.member_id)
    .where(member.c.active == 1)
)
_ANY = select(table.c.id).limit(1)
_OF_MEMBER = select(table.c.id).where(table.c.member_id == bindparam("member"))


@dataclass(frozen=True, slots=True)
class LostWords:
    """Every method but `slow` runs inside a change."""

    ring: KeyRing = field(repr=False)

    def slow(self, word: str) -> bytes:
        """The slow hash of a word that storage/sealing/lost_word.py has tidied. Blocking."""
        return slow_hash(word, self.ring.look_up("lost word", 0))

    def any(self, tx: Reading) -> bool:
        """True when there is something to compare with."""
        return tx.execute(_ANY).first() is not None

    def whose(self, tx: Reading, slow: bytes) -> int | None:
        """The member whose lost word this is."""
        found = [row.member_id for row in tx.execute(_OF_MEMBERS).all() if _is(row.salt, row.kept, slow)]
        return found[0] if found else None

    def keep(self, tx: Tx, of: Member, slow: bytes) -> bool:
        """A new word; the ones before go on working for a week. False when it was changed too often."""
        before = tx.execute(_OF_MEMBER, {"member": of.id}).scalars().all()
        if len(before) >= MOST_KEPT:
            return False
        replaced = update(table).where(table.c.member_id == of.id, table.c.replaced_at.is_(None))
        tx.execute(replaced.values(replaced_at=tx.now))
        salt = secrets.token_bytes(16)
        tx.execute(insert(table).values(member_id=of.id, salt=salt, kept=_kept(salt, slow)))
        return True

    def drop(self, tx: Tx, member_id: int) -> None:
        """None of this member's words works any more."""
        tx.execute(delete(table).where(table.c.member_id == member_id))


def forget_old(tx: Tx) -> None:
    """Drops words that were replaced a week ago."""
    tx.execute(delete(table).where(table.c.replaced_at < tx.now - REPLACED_FOR))


def _kept(salt: bytes, slow: bytes) -> bytes:
    return hmac.digest(salt, slow, "sha256")


def _is(salt: bytes, kept: bytes, slow: bytes) -> bool:
    return hmac.compare_digest(_kept(bytes(salt), slow), bytes(kept))
