"""Somebody who comes with an invitation: the code, then the public key. To anybody else this does not exist.

A wrong code answers like /start, and an account that has tried several is not listened to for an hour.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.handoff.queue import Queue
from bot.speech.incoming import Heard, Said
from bot.speech.outgoing import Outcome
from bot.speech.reader import Speech
from bot.speech.texts import joining as texts
from storage.errors import Refused
from storage.invites import Invite, Invites
from storage.membership import Membership
from storage.outbox import Lane, LineKind
from storage.sealing.age import check_recipient
from storage.sealing.errors import SealingError
from storage.sealing.identity_file import fingerprint
from storage.tx import Reading, Tx

CODE_LENGTH = 22
EXAMPLE, SECRET, NEW_KEY = "age1pq1…", "AGE-SECRET-KEY-", "pana keygen -o me.txt --passphrase"
MOST_TRIES, LOCKED_SECONDS = 5, 3600.0


@dataclass(slots=True)
class Tries:
    """Wrong codes of each account, in memory alone: of strangers nothing is stored."""

    clock: Callable[[], float] = time.monotonic
    _wrong: dict[int, list[float]] = field(default_factory=dict)

    def locked(self, chat_id: int) -> bool:
        """True when this account has tried too often in the last hour."""
        fresh = [at for at in self._wrong.get(chat_id, ()) if self.clock() - at < LOCKED_SECONDS]
        return len(fresh) >= MOST_TRIES

    def wrong(self, chat_id: int) -> None:
        """One more wrong code."""
        if len(self._wrong) > 10_000:
            self._wrong.pop(next(iter(self._wrong)))
        self._wrong.setdefault(chat_id, []).append(self.clock())
        del self._wrong[chat_id][:-MOST_TRIES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Every method runs inside a change; None when this is nobody's invitation."""

    speech: Speech
    invites: Invites
    membership: Membership
    queue: Queue
    tries: Tries

    def hear(self, tx: Tx, incoming: Heard) -> Outcome | None:
        """The code behind /start, or the key of somebody who came with one."""
        code = _code(incoming)
        if code is not None:
            if self.tries.locked(incoming.chat_id):
                return None
            found = self.invites.accept(tx, code, incoming.chat_id)
            if found is not None:
                return self._say(found, texts.JOIN_SEND, incoming, example=EXAMPLE)
            tx.after(lambda: self.tries.wrong(incoming.chat_id))
        found = self.invites.of(tx, incoming.chat_id)
        return None if found is None or found.recipient else self._key(tx, found, incoming)

    def _key(self, tx: Tx, invite: Invite, incoming: Heard) -> Outcome | None:
        recipient = None
        if isinstance(incoming, Said):
            if incoming.text.startswith("/"):
                return self._say(invite, texts.JOIN_SEND, incoming, example=EXAMPLE)
            recipient = _recipient(incoming.text)
            if recipient is not None and not self._is_free(tx, recipient):
                self.invites.key_came(tx, invite, None)
                return self._say(invite, texts.JOIN_OTHERS, incoming, command=NEW_KEY, example=EXAMPLE)
        if not self.invites.key_came(tx, invite, recipient):
            return None
        if recipient is None and isinstance(incoming, Said) and SECRET in incoming.text.upper():
            return self._say(invite, texts.JOIN_SECRET, incoming, command=NEW_KEY, example=EXAMPLE)
        if recipient is None:
            return self._say(invite, texts.JOIN_BAD, incoming, example=EXAMPLE)
        key = fingerprint(recipient)
        for member in self.queue.members.coordinators(tx):
            at = tx.at_once.isoformat()
            self.queue.line(tx, LineKind.key, member.id, mark=f":key:{key}", key=key, at=at)
        return replace(self._say(invite, texts.JOIN_DONE, incoming, key=key), wake=True)

    def _is_free(self, tx: Reading, recipient: str) -> bool:
        """A key of another member, or of recovery, is a wrong file."""
        try:
            self.membership.require_free(tx, recipient)
        except Refused:
            return False
        return True

    def _say(self, invite: Invite, text: str, incoming: Heard, **values: object) -> Outcome:
        """An answer that waits, as every stranger's does, until others have theirs."""
        reader = self.speech.to(
            incoming.chat_id, invite.languages[0] if invite.languages else self.speech.place.last_resort
        )
        return replace(reader.answer(text, **values), wipe=(incoming.message_id,), lane=Lane.bulk)


def _code(incoming: Heard) -> str | None:
    """What stands behind /start when it has the form of a code."""
    if not isinstance(incoming, Said) or not incoming.text.startswith("/start "):
        return None
    code = incoming.text.removeprefix("/start ").strip()
    return code if len(code) == CODE_LENGTH and code.isascii() else None


def _recipient(text: str) -> str | None:
    try:
        return check_recipient("".join(text.split()))
    except SealingError:
        return None
