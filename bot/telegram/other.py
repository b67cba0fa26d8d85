"""What of a message that is no text can be kept: a caption, a place, a number as text; photos, papers, voices as files.

What a file is called and said to be comes from its sender's phone: that decides whether it is taken, and no more. What
it really is shows only when it is fetched (storage/media.py).
"""

from datetime import timedelta

from telegram import Message

from bot.speech.incoming import FileKind, SentFile, What

LONGEST_NAME, LARGEST_NUMBER = 120, 2**53
_PAPERS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".pdf")
_SOUNDS = (".ogg", ".oga", ".opus", ".mp3", ".m4a", ".wav", ".aac", ".amr")
_UNSAID = frozenset({"", "application/octet-stream"})
_WHAT = {
    FileKind.photo: What.paper,
    FileKind.paper: What.paper,
    FileKind.voice: What.sound,
    FileKind.round: What.sound,
    FileKind.document: What.file,
}


# Of a private chat, and of something that nobody has sent into it (Bot API, Message: "Service message").
_NOTICES = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "connected_website",
    "gift",
    "unique_gift",
    "gift_upgrade_sent",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "poll_option_added",
    "poll_option_deleted",
)


def read_other(message: Message) -> tuple[What, str, SentFile | None]:
    """What was sent, its text (empty where there is none), and the file in it."""
    if any(getattr(message, one, None) is not None for one in _NOTICES):
        return What.notice, "", None
    if message.location is not None:
        return What.place, _place(message), None
    if message.contact is not None:
        return What.number, _number(message), None
    text = message.caption or ""
    if message.video or message.animation:
        return What.video, text, None
    file = _file(message)
    return What.other if file is None else _WHAT[file.kind], text, file


def _file(message: Message) -> SentFile | None:
    """The largest size of a photo, a document, or something spoken."""
    photo = max(message.photo, key=lambda one: (one.width * one.height, one.file_size or 0)) if message.photo else None
    for kind, found in (
        (FileKind.photo, photo),
        (FileKind.document, message.document),
        (FileKind.voice, message.voice or message.audio),
        (FileKind.round, message.video_note),
    ):
        if found is not None and isinstance(found.file_id, str):
            name, media = _said(found, "file_name"), _said(found, "mime_type")
            return SentFile(
                kind=_kind(name, media) if kind is FileKind.document else kind,
                file_id=found.file_id,
                size=_number_of(found, "file_size"),
                seconds=_number_of(found, "duration"),
                name=name[-LONGEST_NAME:],  # its ending says what it is
                media=media[:LONGEST_NAME],
            )
    return None


def _kind(name: str, media: str) -> FileKind:
    """What a document is said to be; by its name where nothing else is said."""
    media, ending = media.lower(), name.lower()
    if media.startswith("image/") or (media in _UNSAID and ending.endswith(_PAPERS[:-1])):
        return FileKind.photo
    if media == "application/pdf" or (media in _UNSAID and ending.endswith(_PAPERS[-1])):
        return FileKind.paper
    spoken = media.startswith("audio/") or (media in _UNSAID and ending.endswith(_SOUNDS))
    return FileKind.voice if spoken else FileKind.document


def _said(found: object, name: str) -> str:
    """The library checks no types; lone surrogates are no text."""
    said = getattr(found, name, None)
    return said.encode("utf-8", "ignore").decode() if isinstance(said, str) else ""


def _number_of(found: object, name: str) -> int:
    said = getattr(found, name, None)
    said = int(said.total_seconds()) if isinstance(said, timedelta) else said
    return said if isinstance(said, int) and 0 <= said < LARGEST_NUMBER else 0


def _place(message: Message) -> str:
    """Degrees north and east, as every map takes them; a venue with its name and address."""
    location, venue = message.location, message.venue
    assert location is not None
    lies = f"GPS {location.latitude:.6f}, {location.longitude:.6f}"
    if location.horizontal_accuracy:
        lies += f" (± {location.horizontal_accuracy:.0f} m)"
    named = [venue.title, venue.address] if venue is not None else []
    return ", ".join([*(one for one in named if one), lies])


def _number(message: Message) -> str:
    """The number as it stands there, and whose it is."""
    contact = message.contact
    assert contact is not None
    name = " ".join(one for one in (contact.first_name, contact.last_name) if one)
    return ", ".join(one for one in (contact.phone_number, name) if one)
