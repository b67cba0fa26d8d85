"""Somebody who comes with an invitation: the code, then the public key, as text or as a file.

To anybody else this does not exist.

A wrong code answers like /start, and an account that has tried several is not listened to for an hour.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.handoff.queue import Queue
from bot.speech.incoming import Heard, Said, SentOther
from bot.speech.outgoing import Card, Outcome
from bot.speech.reader import Reader, Speech
from bot.speech.reader_file import READER_FILE
from bot.speech.texts import joining as texts
from bot.speech.texts import practice
from storage.errors import Refused
from storage.invites import Invite, Invites
from storage.membership import Membership
from storage.outbox import Lane, LineKind, RowKind
from storage.sealing.age import check_recipient
from storage.sealing.errors import SealingError
from storage.sealing.identity_file import fingerprint
from storage.tx import Reading, Tx

CODE_LENGTH = 22
EXAMPLE, SECRET, NEW_KEY = "age1pq1…", "AGE-SECRET-KEY-", "pana keygen -o me.txt --passphrase"
MOST_TRIES, LOCKED_SECONDS = 5, 3600.0
LARGEST_KEY_FILE = 8 * 1024  # bytes; a public key has two thousand
# How files begin that are a secret key under a passphrase (`pana keygen --passphrase`), in bytes and in letters.
_UNDER_PASSPHRASE = ("AGE-ENCRYPTION.ORG/V1", "-----BEGIN AGE ENCRYPTED FILE-----")


class Says(StrEnum):
    """What is said to who has sent something in place of a key, or a key."""

    done = "done"
    bad = "bad"
    hidden = "hidden"  # a secret key
    others = "others"
    unfetched = "unfetched"


_TEXTS = {
    Says.done: texts.JOIN_DONE,
    Says.bad: texts.JOIN_BAD,
    Says.hidden: texts.JOIN_SECRET,
    Says.others: texts.JOIN_OTHERS,
    Says.unfetched: texts.JOIN_UNFETCHED,
}


@dataclass(slots=True)
class Tries:
    """Wrong codes of each account, in memory alone: of strangers nothing is stored."""

    clock: Callable[[], float] = time.monotonic
    most: int = MOST_TRIES
    _wrong: dict[int, list[float]] = field(default_factory=dict)

    def locked(self, chat_id: int) -> bool:
        """True when this account has tried too often in the last hour."""
        fresh = [at for at in self._wrong.get(chat_id, ()) if self.clock() - at < LOCKED_SECONDS]
        return len(fresh) >= self.most

    def wrong(self, chat_id: int) -> None:
        """One more wrong code."""
        if len(self._wrong) > 10_000:
            self._wrong.pop(next(iter(self._wrong)))
        self._wrong.setdefault(chat_id, []).append(self.clock())
        del self._wrong[chat_id][: -self.most]


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
                return self._steps(found, incoming)
            tx.after(lambda: self.tries.wrong(incoming.chat_id))
        found = self.invites.of(tx, incoming.chat_id)
        return None if found is None or found.recipient else self._key(tx, found, incoming)

    def _key(self, tx: Tx, invite: Invite, incoming: Heard) -> Outcome | None:
        file = incoming.file if isinstance(incoming, SentOther) else None
        if file is not None and file.size <= LARGEST_KEY_FILE:  # it is looked at, and leaves the chat, when it is here
            self._fetch(tx, incoming.chat_id, incoming.message_id, file.file_id)
            return Outcome(lane=Lane.bulk)
        text = incoming.text if isinstance(incoming, Said) else ""
        if file is None and (not text or text.startswith("/")):  # no try: it says nothing of a key
            return self._steps(invite, incoming)
        found = self._judged(tx, invite, text)
        if found is None:
            return None
        says, key = found
        return self._answer(self.card(invite, says, key, incoming.chat_id), incoming)

    def _judged(self, tx: Tx, invite: Invite, text: str) -> tuple[Says, str] | None:
        """What is to be said of what came in place of a key, with the fingerprint; None after the last try.

        Nothing of it is kept but a public key.
        """
        recipient = None if _is_secret(text) else _recipient(text)
        others = recipient is not None and not self._is_free(tx, recipient)
        kept = None if others else recipient
        in_time = self.invites.key_came(tx, invite, kept)
        if others:
            return Says.others, ""
        if not in_time:
            return None
        if recipient is None:
            return Says.hidden if _is_secret(text) else Says.bad, ""
        key, at = fingerprint(recipient), tx.at_once.isoformat()
        for member in self.queue.members.coordinators(tx):
            self.queue.line(tx, LineKind.key, member.id, mark=f":key:{key}", key=key, at=at, invite=invite.id)
        return Says.done, key

    def file_came(self, tx: Tx, chat_id: int, message_id: int, content: bytes | None) -> None:
        """A file that was sent in place of a key is here, None: Telegram does not give it. It leaves the chat."""
        self.queue.wipes.messages(tx, chat_id, [message_id])
        invite = self.waits_for_key(tx, chat_id)
        if invite is None:
            return
        found = (Says.unfetched, "") if content is None else self._judged(tx, invite, _letters(content))
        if found is not None:
            (says, key), place = found, self.queue.wipes.place(chat_id)
            row, args = f"{RowKind.keysaid}:{place}:{message_id}", {"says": says.value, "key": key}
            self.queue.outbox.put(tx, RowKind.keysaid, chat_id=chat_id, args=args, key=row)

    def _fetch(self, tx: Tx, chat_id: int, message_id: int, file_id: str) -> None:
        """After the commit; where the file lies rests sealed until then."""
        key, secret = f"{RowKind.keyfile}:{self.queue.wipes.place(chat_id)}:{message_id}", f"{chat_id}:{file_id}"
        self.queue.outbox.put(tx, RowKind.keyfile, secret=secret, args={"message": message_id}, key=key)

    def waits_for_key(self, tx: Reading, chat_id: int) -> Invite | None:
        """The invitation of this chat, while no key has come."""
        found = self.invites.of(tx, chat_id)
        return None if found is None or found.recipient else found

    def said(self, tx: Reading, chat_id: int, says: str, key: str) -> Card | None:
        """What is said of a file; None when the invitation is over."""
        invite = self.invites.of(tx, chat_id)
        return None if invite is None else self.card(invite, Says(says), key, chat_id)

    def _is_free(self, tx: Reading, recipient: str) -> bool:
        """A key of another member, or of recovery, is a wrong file."""
        try:
            self.membership.require_free(tx, recipient)
        except Refused:
            return False
        return True

    def _steps(self, invite: Invite, incoming: Heard) -> Outcome:
        """What will come, before anything is asked."""
        reader = self._reader(invite, incoming.chat_id)
        steps = [reader.text(texts.JOIN_STEPS, file=READER_FILE, command=NEW_KEY, example=EXAMPLE)]
        steps += [reader.text(practice.JOIN_PRACTICE)] if invite.role == "lawyer" else []
        return self._answer(Card("\n".join(steps)), incoming)

    def card(self, invite: Invite, says: Says, key: str, chat_id: int) -> Card:
        """What is said of what came."""
        return self._reader(invite, chat_id).card(_TEXTS[says], key=key, command=NEW_KEY, example=EXAMPLE)

    def _reader(self, invite: Invite, chat_id: int) -> Reader:
        return self.speech.to(chat_id, invite.languages[0] if invite.languages else self.speech.place.last_resort)

    def _answer(self, card: Card, incoming: Heard) -> Outcome:
        """It waits, as every stranger's does, until others have theirs; what was answered leaves the chat."""
        return Outcome(card=card, fresh=True, wipe=(incoming.message_id,), lane=Lane.bulk)


def _code(incoming: Heard) -> str | None:
    """What stands behind /start when it has the form of a code."""
    if not isinstance(incoming, Said) or not incoming.text.startswith("/start "):
        return None
    code = incoming.text.removeprefix("/start ").strip()
    return code if len(code) == CODE_LENGTH and code.isascii() else None


def _recipient(text: str) -> str | None:
    """The public key of a text; remarks of a file stand on lines of their own."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    try:
        return check_recipient("".join("".join(lines).split()))
    except SealingError:
        return None


def _is_secret(text: str) -> bool:
    """True when a secret key stands in it, also one under a passphrase."""
    letters = text.upper()
    return SECRET in letters or any(letters.lstrip().startswith(one) for one in _UNDER_PASSPHRASE)


def _letters(content: bytes) -> str:
    """A file as text; of one in UTF-16, as Windows writes them, the same letters remain."""
    return content.replace(b"\0", b"").decode("utf-8", "ignore").lstrip("\ufeff")
