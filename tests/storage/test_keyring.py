"""The key file: what it refuses, what it can open, and what it forgets for good."""

import stat
from datetime import date
from pathlib import Path

import pytest

from storage.sealing.errors import BadKeyFile, Tampered
from storage.sealing.keyring import KeyRing

DAY, NEXT = date(2026, 11, 24), date(2026, 11, 25)


def test_the_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    """Mode 0600; a second init refuses; a file that others can read is refused with the remedy."""
    path = tmp_path / "server.key"
    KeyRing.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(BadKeyFile, match="not overwritten"):
        KeyRing.create(path)
    path.chmod(0o640)
    with pytest.raises(BadKeyFile, match="chmod 600"):
        KeyRing.load(path)


def test_a_row_opens_only_where_it_was_sealed(tmp_path: Path) -> None:
    """A row moved to another table, column, row or purpose does not open; after rotation the old ones still do."""
    ring = KeyRing.create(tmp_path / "server.key")
    sealed = ring.seal_row("chat", "intake", "chat", "1", b"42")
    ring.rotate()
    assert KeyRing.load(tmp_path / "server.key").open_row("chat", "intake", "chat", "1", sealed) == b"42"
    for place in [("case", "chat", "1"), ("intake", "x", "1"), ("intake", "chat", "2")]:
        with pytest.raises(Tampered):
            ring.open_row("chat", *place, sealed)
    with pytest.raises(Tampered):
        ring.open_row("member", "intake", "chat", "1", sealed)


def test_a_draft_is_gone_with_the_key_of_its_day(tmp_path: Path) -> None:
    """Today's key is on disk before it seals; another process reads it; a destroyed one opens nothing, anywhere."""
    path = tmp_path / "server.key"
    ring = KeyRing.create(path)
    sealed = ring.seal_draft(DAY, "intake", "state", "1", b"options")
    other = KeyRing.load(path)
    assert other.open_draft("intake", "state", "1", sealed) == b"options"
    newer = other.seal_draft(NEXT, "intake", "state", "1", b"more")
    assert ring.open_draft("intake", "state", "1", newer) == b"more"
    assert ring.destroy_drafts(NEXT) == 1
    assert ring.open_draft("intake", "state", "1", newer) == b"more"
    for one in (ring, KeyRing.load(path)):
        with pytest.raises(Tampered):
            one.open_draft("intake", "state", "1", sealed)


def test_a_button_belongs_to_its_chat(tmp_path: Path) -> None:
    """The same data has another MAC in another chat, and people are looked up by kind."""
    ring = KeyRing.create(tmp_path / "server.key")
    assert ring.mac(1, b"o.1") != ring.mac(2, b"o.1")
    assert ring.look_up("telegram", 1) != ring.look_up("name", 1)


def test_a_line_with_one_wrong_letter_is_refused_and_one_of_an_older_version_is_read(tmp_path: Path) -> None:
    """A damaged look-up secret would find nobody and say nothing."""
    path = tmp_path / "server.key"
    KeyRing.create(path)
    sound = path.read_text()
    for number, line in enumerate(sound.splitlines()[1:], start=1):
        lines = sound.splitlines()
        lines[number] = line[:20] + ("A" if line[20] != "A" else "B") + line[21:]
        path.write_text("\n".join(lines) + "\n")
        with pytest.raises(BadKeyFile, match="damaged: restore it from your own copy"):
            KeyRing.load(path)
    older = "".join(f"{line.rpartition(' ')[0] if line[0] != '#' else line}\n" for line in sound.splitlines())
    path.write_text(older)
    KeyRing.load(path)
