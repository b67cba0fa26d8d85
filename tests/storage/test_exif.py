"""What a photo says of itself: read where it is there, and any bytes at all do no harm."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.exif import Itself, itself
from storage.media import media_of
from tests.storage.bundles import heic, jpeg, png, tiff, webp

SAID = Itself(taken="2026-11-20 14:03:22+05:00", camera="Apple iPhone 12", place=(43.238, 76.95))
WAYS = {"jpeg": jpeg, "png": png, "webp": webp, "heic": heic}


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("way", WAYS)
def test_when_where_and_with_what_a_photo_was_taken_is_read_from_every_kind(way: str, order: str) -> None:
    """In either order of bytes; the kind is known by the bytes."""
    photo = WAYS[way](tiff(order=order))
    assert media_of(photo) == f"image/{way}"
    assert itself(photo, media_of(photo)) == SAID


def test_south_is_below_and_a_day_that_is_none_is_left_out() -> None:
    """What fits is shown, the rest is not."""
    said = itself(jpeg(tiff(taken=b"2026:11:20 noon____", south=True)), "image/jpeg")
    assert said == Itself(camera="Apple iPhone 12", place=(-43.238, 76.95))


@pytest.mark.parametrize("content", [jpeg(), b"\xff\xd8\xff", b"", jpeg(b"II*\0" + bytes(40)), jpeg(b"XX")])
def test_a_photo_that_says_nothing_says_nothing(content: bytes) -> None:
    """Telegram takes away what a photo says, but for one that is sent as a file."""
    assert itself(content, "image/jpeg") is None


def test_a_text_has_nothing_that_moves_a_terminal() -> None:
    """Escape sequences and what is no letter are left out."""
    said = itself(jpeg(tiff().replace(b"iPhone 12", b"i\x1b[2J\x9b12\x07")), "image/jpeg")
    assert said is not None
    assert said.camera is not None and said.camera.isprintable()


@given(
    st.sampled_from(list(WAYS)), st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=12), st.data()
)
@settings(max_examples=400, deadline=None)
def test_whatever_is_damaged_costs_nothing_and_raises_nothing(
    way: str, changes: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Bytes changed anywhere, and everything cut off anywhere."""
    photo = bytearray(WAYS[way](tiff()))
    for at, value in changes:
        photo[at % len(photo)] = value
    cut = bytes(photo[: data.draw(st.integers(0, len(photo)))])
    began = time.perf_counter()
    for content in (bytes(photo), cut):
        said = itself(content, f"image/{way}")
        assert said is None or said != Itself()
    assert time.perf_counter() - began < 0.5


@given(
    st.sampled_from(["image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"]), st.binary(max_size=300)
)
def test_any_bytes_do_no_harm(media: str, content: bytes) -> None:
    """Nothing is raised."""
    itself(content, media)
