"""What of a message that is no text can be kept as text: a caption, where a place lies, the number of a contact."""

from telegram import Message

from bot.speech.incoming import What


def read_other(message: Message) -> tuple[What, str]:
    """What was sent, and its text; empty where there is none."""
    if message.location is not None:
        return What.place, _place(message)
    if message.contact is not None:
        return What.number, _number(message)
    return _kind(message), message.caption or ""


def _kind(message: Message) -> What:
    if message.voice or message.audio or message.video_note:
        return What.sound
    if message.photo or message.document or message.video or message.animation:
        return What.file
    return What.other


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
