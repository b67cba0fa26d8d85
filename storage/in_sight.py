"""What of a case its person has before them: the chat, the card, whether news of it ring.

Every function runs inside a change.
"""

import msgspec
from sqlalchemy import bindparam, select

from storage.case import Case, Status
from storage.case_rows import set_columns
from storage.schema import case_file, intake
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading

IN_SIGHT, HIDDEN, BEHIND = 0, 1, 2  # the column's values
_CARD = select(intake.c.card_message).where(intake.c.case_row == bindparam("row"))


class Chat(msgspec.Struct, frozen=True):
    """What is sealed in `chat_sealed`."""

    chat: int
    language: str


def sealed_chat(ring: KeyRing, case_id: str, chat_id: int, language: str) -> bytes:
    """The chat of a case, and the language in which its person is spoken to, as they rest."""
    return ring.seal_row("chat", "case", "chat", case_id, msgspec.json.encode(Chat(chat_id, language)))


def open_chat(ring: KeyRing, case_id: str, sealed: bytes) -> Chat:
    """The same, opened; raises Unreadable."""
    with reading("case_file"):
        return msgspec.json.decode(ring.open_row("chat", "case", "chat", case_id, sealed), type=Chat)


def set_language(tx: Tx, ring: KeyRing, case: Case, language: str) -> None:
    """The language in which this case's person is spoken to from now on."""
    if case.chat_id is not None:
        set_columns(tx, case.row, chat_sealed=sealed_chat(ring, case.case_id, case.chat_id, language))


def set_chat(tx: Tx, ring: KeyRing, case: Case, chat_id: int) -> None:
    """The person has written from the account of this case: its chat can be read again."""
    set_columns(tx, case.row, chat_sealed=sealed_chat(ring, case.case_id, chat_id, case.language))


def hide(tx: Tx, case_row: int, *, hidden: bool) -> None:
    """Takes a case out of its person's sight, or back into it; its card is gone either way."""
    set_columns(tx, case_row, hidden=HIDDEN if hidden else IN_SIGHT, card_message=None)


def put_behind(tx: Tx, case_row: int) -> None:
    """The chat of this case shows another request, which stays in front; nobody has hidden anything."""
    set_columns(tx, case_row, hidden=BEHIND, card_message=None)


def set_card(tx: Tx, case_row: int, message_id: int) -> None:
    """Remembers which message is the person's card."""
    set_columns(tx, case_row, card_message=message_id)


def card_shown(tx: Reading, case: Case) -> int | None:
    """The message that is the person's card: that of an open intake while there is one."""
    return tx.execute(_CARD, {"row": case.row}).scalar() or case.card_message


def is_answering(tx: Reading, case_row: int) -> bool:
    """The person of this case has questions open: their card shows one of them."""
    return tx.execute(_CARD, {"row": case_row}).first() is not None


def is_last(tx: Reading, case: Case) -> bool:
    """True when this account has no other case or intake, so that nothing of it is known once this one is over."""
    cases = select(case_file.c.id).where(case_file.c.chat_look_up == case.chat_look_up, case_file.c.id != case.row)
    other = intake.c.case_row.is_(None) | (intake.c.case_row != case.row)
    intakes = select(intake.c.id).where(intake.c.chat_look_up == case.chat_look_up, other)
    return tx.execute(cases).first() is None and tx.execute(intakes).first() is None


def is_behind(tx: Reading, case: Case) -> bool:
    """True while the chat of this case shows another request."""
    if not case.behind:
        return False
    cases = select(case_file.c.id).where(
        case_file.c.chat_look_up == case.chat_look_up,
        case_file.c.hidden == IN_SIGHT,
        case_file.c.status.in_([Status.waiting, Status.claimed]),
    )
    # A hidden intake has no card.
    intakes = select(intake.c.id).where(
        intake.c.chat_look_up == case.chat_look_up,
        intake.c.card_message.is_not(None),
        intake.c.case_row.is_(None) | (intake.c.case_row != case.row),
    )
    return any(tx.execute(one).first() is not None for one in (cases, intakes))


def set_wants_ping(tx: Tx, case_row: int, *, wants: bool) -> None:
    """Whether news of this case ring on the person's phone; until it is said, bot/gate.py decides."""
    set_columns(tx, case_row, wants_ping=1 if wants else 2)
