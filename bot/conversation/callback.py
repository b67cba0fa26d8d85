"""What stands in a button: short fields and a MAC that binds them to the chat.

Telegram warns that the button data of a press can be forged by the client (Bot API, CallbackQuery); it is 1 to 64
bytes. The fields name a question's visit, so that a button of an older card is known as stale.
"""

import base64
import hmac

from storage.sealing.keyring import KeyRing


def sign(ring: KeyRing, chat_id: int, *fields: str) -> str:
    """Button data of at most 64 bytes."""
    payload = ".".join(fields)
    return f"{payload}.{base64.urlsafe_b64encode(ring.mac(chat_id, payload.encode())).decode()}"


def read(ring: KeyRing, chat_id: int, data: str) -> tuple[str, ...] | None:
    """The fields, or None when the data was not made for this chat."""
    payload, _, mac = data.rpartition(".")
    try:
        given = base64.urlsafe_b64decode(mac.encode("ascii"))
    except ValueError:
        return None
    if not hmac.compare_digest(given, ring.mac(chat_id, payload.encode("utf-8", "replace"))):
        return None
    return tuple(payload.split("."))
