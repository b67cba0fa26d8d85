"""What of a message that is no text is kept as text."""

from typing import Any

import pytest
from telegram import Bot

from bot.speech.incoming import Corrected, SentOther, What
from bot.telegram.receive import parse

BOT = Bot("4242:local-token-for-tests-and-the-story-0")
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
FILE = {"file_id": "f", "file_unique_id": "u"}
SOUND = {**FILE, "duration": 3}
PLACE = {"latitude": 51.2333, "longitude": 51.3667}
VENUE = {"location": PLACE, "title": "РОВД", "address": "Уральск"}
PERSON = {"id": 7, "is_bot": False, "first_name": "P"}


def message(**content: Any) -> dict[str, Any]:
    """A raw message of a person."""
    return {"message_id": 5, "date": 1_790_000_000, "chat": {"id": 7, "type": "private"}, "from": PERSON, **content}


@pytest.mark.parametrize(
    ("content", "what", "text"),
    [
        ({"photo": PHOTO}, What.file, ""),
        ({"photo": PHOTO, "caption": "вот постановление"}, What.file, "вот постановление"),
        ({"document": FILE, "caption": "решение"}, What.file, "решение"),
        ({"video": {**SOUND, "width": 9, "height": 9}, "caption": "нас везут"}, What.file, "нас везут"),
        ({"voice": SOUND}, What.sound, ""),
        ({"voice": SOUND, "caption": "это я"}, What.sound, "это я"),
        ({"audio": SOUND}, What.sound, ""),
        ({"video_note": {**SOUND, "length": 9}}, What.sound, ""),
        ({"dice": {"emoji": "🎲", "value": 3}}, What.other, ""),
        ({"location": PLACE}, What.place, "GPS 51.233300, 51.366700"),
        ({"location": {**PLACE, "horizontal_accuracy": 14.6}}, What.place, "GPS 51.233300, 51.366700 (± 15 m)"),
        ({"location": PLACE, "venue": VENUE}, What.place, "РОВД, Уральск, GPS 51.233300, 51.366700"),
        ({"contact": {"phone_number": "+77001234567", "first_name": "Анна"}}, What.number, "+77001234567, Анна"),
        (
            {"contact": {"phone_number": "77001234567", "first_name": "Анна", "last_name": "К"}},
            What.number,
            "77001234567, Анна К",
        ),
        ({"contact": {"phone_number": "+7", "first_name": ""}}, What.number, "+7"),
    ],
)
def test_captions_places_and_numbers_are_text(content: dict[str, Any], what: What, text: str) -> None:
    """The rest of such a message is not taken."""
    found = parse({"update_id": 3, "message": message(**content)}, BOT)
    assert isinstance(found, SentOther)
    assert (found.what, found.text, found.at is not None) == (what, text, True)


def test_an_album_is_one_and_an_edited_caption_corrects_it() -> None:
    """Parts of an album name it; a caption that is edited is a correction like any other."""
    content = {"photo": PHOTO, "caption": "раз", "media_group_id": "44"}
    found = parse({"update_id": 3, "message": message(**content)}, BOT)
    assert isinstance(found, SentOther) and found.album == "44"
    edited = parse({"update_id": 4, "edited_message": message(**content, edit_date=1_790_000_009)}, BOT)
    assert isinstance(edited, Corrected) and edited.text == "раз"
