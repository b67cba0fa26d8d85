"""What of a message that is no text is kept as text."""

from typing import Any

import pytest
from telegram import Bot

from bot.speech.incoming import Corrected, FileKind, SentOther, What
from bot.telegram.parse import Unreadable, parse

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
        ({"photo": PHOTO}, What.paper, ""),
        ({"photo": PHOTO, "caption": "вот постановление"}, What.paper, "вот постановление"),
        ({"document": FILE, "caption": "решение"}, What.file, "решение"),
        ({"video": {**SOUND, "width": 9, "height": 9}, "caption": "нас везут"}, What.video, "нас везут"),
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


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {"message_id": 4, "date": 0, "chat": {"id": 7, "type": "private"}}},
        {"pinned_message": {"message_id": 4, "date": 1_790_000_000, "chat": {"id": 7, "type": "private"}, "text": "1"}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
        {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🎄"}}},
        {"write_access_allowed": {}},
        {"connected_website": "example.org"},
    ],
)
def test_what_telegram_says_of_a_chat_was_sent_by_nobody(content: dict[str, Any]) -> None:
    """A message was pinned, messages go by themselves from now on: nobody has said anything by it."""
    found = parse({"update_id": 3, "message": message(**content)}, BOT)
    assert isinstance(found, SentOther)
    assert (found.what, found.text, found.file) == (What.notice, "", None)


def test_an_album_is_one_and_an_edited_caption_corrects_it() -> None:
    """Parts of an album name it; a caption that is edited is a correction like any other."""
    content = {"photo": PHOTO, "caption": "раз", "media_group_id": "44"}
    found = parse({"update_id": 3, "message": message(**content)}, BOT)
    assert isinstance(found, SentOther) and found.album == "44"
    edited = parse({"update_id": 4, "edited_message": message(**content, edit_date=1_790_000_009)}, BOT)
    assert isinstance(edited, Corrected) and edited.text == "раз"


def document(name: str = "", media: str = "") -> dict[str, Any]:
    """A file as somebody's phone names it."""
    return {"document": {**FILE, **({"file_name": name} if name else {}), **({"mime_type": media} if media else {})}}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": PHOTO}, FileKind.photo),
        (document("IMG_1.HEIC", "image/heic"), FileKind.photo),
        (document("IMG_1.HEIC"), FileKind.photo),
        (document("x.png", "application/octet-stream"), FileKind.photo),
        (document("решение.pdf", "application/pdf"), FileKind.paper),
        (document("решение.PDF"), FileKind.paper),
        (document("a.m4a", "audio/mp4"), FileKind.voice),
        (document("a.ogg"), FileKind.voice),
        (document("a.zip", "application/zip"), FileKind.document),
        (document("a.jpg", "application/zip"), FileKind.document),
        (document(), FileKind.document),
        ({"voice": SOUND}, FileKind.voice),
        ({"audio": SOUND}, FileKind.voice),
        ({"video_note": {**SOUND, "length": 9}}, FileKind.round),
        (
            {"sticker": {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}},
            None,
        ),
        ({"video": {**SOUND, "width": 9, "height": 9}}, None),
        ({"animation": {**SOUND, "width": 9, "height": 9}, "document": FILE}, None),
    ],
)
def test_what_is_taken_goes_by_what_the_phone_says(content: dict[str, Any], kind: FileKind | None) -> None:
    """What it really is shows only when it is fetched."""
    found = parse({"update_id": 3, "message": message(**content)}, BOT)
    assert isinstance(found, SentOther)
    assert (found.file.kind if found.file else None) == kind


def test_of_a_photo_the_largest_size_is_taken() -> None:
    """In whatever order they come."""
    sizes = [{**PHOTO[0], "file_id": str(width), "width": width, "height": width} for width in (90, 1280, 320)]
    found = parse({"update_id": 3, "message": message(photo=sizes)}, BOT)
    assert isinstance(found, SentOther) and found.file is not None and found.file.file_id == "1280"


@pytest.mark.parametrize("odd", ["x", -1, 2**70, None, True, 1.5, []])
def test_an_odd_size_or_length_is_none(odd: Any) -> None:
    """The library checks no types; such an update is no worse than one that says nothing of it, or is set aside."""
    found = parse({"update_id": 3, "message": message(document={**FILE, "file_name": odd, "file_size": odd})}, BOT)
    assert isinstance(found, Unreadable) or (isinstance(found, SentOther) and found.file is not None)
    if isinstance(found, SentOther) and found.file is not None:
        assert (found.file.size, found.file.name) in {(0, ""), (0, "x"), (1, "")}
