"""The key file: what it refuses, what it can open, and what it forgets for good."""

import base64
import contextlib
import fcntl
import os
import shutil
import stat
import struct
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage.sealing import key_slots
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
    assert (sealed[0], ring.seal_row("chat", "intake", "chat", "1", b"43")[0]) == (1, 2)
    for place in [("case", "chat", "1"), ("intake", "x", "1"), ("intake", "chat", "2")]:
        with pytest.raises(Tampered):
            ring.open_row("chat", *place, sealed)
    with pytest.raises(Tampered):
        ring.open_row("member", "intake", "chat", "1", sealed)


def test_a_draft_is_gone_with_the_key_of_its_day(tmp_path: Path) -> None:
    """Today's key is on disk before it seals; another process reads it; a destroyed one opens nothing, anywhere."""
    path = tmp_path / "server.key"
    ring = KeyRing.create(path)
    sealed = ring.drafts.seal(DAY, "intake", "state", "1", b"options")
    other = KeyRing.load(path)
    assert other.drafts.open("intake", "state", "1", sealed) == b"options"
    newer = other.drafts.seal(NEXT, "intake", "state", "1", b"more")
    assert ring.drafts.open("intake", "state", "1", newer) == b"more"
    assert ring.drafts.destroy(NEXT) == 1
    assert ring.drafts.open("intake", "state", "1", newer) == b"more"
    for one in (ring, KeyRing.load(path)):
        with pytest.raises(Tampered):
            one.drafts.open("intake", "state", "1", sealed)


def region(path: Path) -> bytes:
    """The places of a key file."""
    content = path.read_bytes()
    return content[key_slots.region_of(content) :]


def raw_key(ring: KeyRing, day: date) -> bytes:
    """A draft key as it stands in the file."""
    return base64.b64encode(ring._file.keys.of("draft")[day])


def test_a_draft_key_is_made_and_destroyed_in_place(tmp_path: Path) -> None:
    """The same file, the same blocks of the disk, the same bytes before the places; no copy of the key is left."""
    path = tmp_path / "server.key"
    ring = KeyRing.create(path)
    first, inode, blocks = path.read_bytes()[: key_slots.BLOCK], path.stat().st_ino, extents(path)
    for number in range(200):
        day = DAY + timedelta(days=number)
        ring.drafts.seal(day, "intake", "state", "1", b"options")
        assert raw_key(ring, day) in region(path)
        if number >= 3:
            gone = raw_key(ring, day - timedelta(days=3))
            assert ring.drafts.destroy(day - timedelta(days=2)) == 1
            assert not any(gone in one.read_bytes() for one in tmp_path.iterdir())
    assert (path.stat().st_ino, extents(path)) == (inode, blocks)
    assert path.read_bytes()[: key_slots.BLOCK] == first


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A small ext4 file system of its own: the image, and where it is mounted."""
    image, mounted = folder / "image", folder / "disk"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(32 << 20)
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    for command in (["mkfs.ext4", "-q", "-b", "4096", image], ["mount", "-o", "loop", image, mounted]):
        found = shutil.which(str(command[0]), path=path)
        if found is None or subprocess.run([found, *command[1:]], capture_output=True, check=False).returncode != 0:
            pytest.skip("an ext4 file system can be made and mounted only by root, where loop devices are allowed")
    try:
        yield image, mounted
    finally:
        subprocess.run(["umount", mounted], capture_output=True, check=False)


def test_of_a_key_that_was_destroyed_no_block_of_the_disk_has_a_piece(tmp_path: Path) -> None:
    """The raw image of plain ext4 with its journal: keys come and go, the server key is changed, the disk is taken."""
    with disk(tmp_path) as (image, mounted):
        path = mounted / "server.key"
        ring = KeyRing.create(path)
        gone, kept = list[bytes](), list[bytes]()
        for number in range(40):
            day = DAY + timedelta(days=number)
            ring.drafts.seal(day, "intake", "state", "1", b"options")
            ring.mutes.mac(day, b"account")
            gone.append(ring._file.keys.of("draft")[day])
            assert ring.drafts.destroy(day - timedelta(days=2)) == int(number >= 3)
        kept, gone = gone[-3:], gone[:-3]
        ring.rotate()
        kept.append(ring._file.keys.server[2])
        (mounted / "other").write_bytes(bytes(1 << 20))  # what is written later hides nothing of what stays
        os.sync()
        content = image.read_bytes()
        assert [key for key in kept if content.count(base64.b64encode(key)) != 1] == []
        assert content.count(base64.b64encode(ring._file.keys.server[1])) == 1
        assert [key for key in gone if base64.b64encode(key) in content or key in content] == []


def extents(path: Path) -> bytes:
    """Where on the disk a file's blocks are (ioctl_fiemap(2)); empty where the file system does not say."""
    asked = struct.pack("=QQLLLL", 0, 2**63 - 1, 1, 0, 8, 0).ljust(32 + 8 * 56, b"\0")
    with path.open("rb") as file:
        try:
            return bytes(fcntl.ioctl(file, 0xC020660B, asked))
        except OSError:
            return b""


def test_any_flipped_byte_before_the_places_is_noticed_and_one_in_them_harms_a_day_at_most(tmp_path: Path) -> None:
    """No silent change of the look-up secret; and a damaged draft stops nothing else."""
    path = tmp_path / "server.key"
    ring = KeyRing.create(path)
    for day in (DAY, NEXT):
        ring.drafts.seal(day, "intake", "state", "1", b"options")
    sound = path.read_bytes()
    at = key_slots.region_of(sound)
    assert at is not None
    keys = sound.index(b"server 1")
    for place in range(keys, sound.index(b"\n#", keys)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        with contextlib.suppress(BadKeyFile):
            found = KeyRing.load(path)
            assert (
                found._file.keys.server == ring._file.keys.server and found._file.keys.lookup == ring._file.keys.lookup
            )
    for place in range(at, at + 2 * key_slots.SIZE):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x81]) + sound[place + 1 :])
        found = KeyRing.load(path)
        assert found.look_up("telegram", 1) == ring.look_up("telegram", 1)
        assert len(found.drafts.days & {DAY, NEXT}) >= 1


def test_a_place_that_was_torn_by_a_power_failure_is_used_again(tmp_path: Path) -> None:
    """Cut anywhere, the file loads; the torn key opens nothing and leaves with the next change."""
    path = tmp_path / "server.key"
    ring = KeyRing.create(path)
    empty = path.read_bytes()
    ring.drafts.seal(DAY, "intake", "state", "1", b"options")
    full, at = path.read_bytes(), key_slots.region_of(empty)
    assert at is not None
    for cut in range(1, key_slots.SIZE, 7):
        path.write_bytes(full[: at + cut] + empty[at + cut :])
        torn = KeyRing.load(path)
        torn.drafts.seal(NEXT, "intake", "state", "1", b"options")
        assert NEXT in KeyRing.load(path).drafts.days
        assert NEXT in torn.drafts.days and region(path).count(b"slot draft") <= 2


def test_a_file_of_an_older_version_is_read_and_gets_its_places(tmp_path: Path) -> None:
    """Its draft keys open what they sealed; the file that was there is overwritten; a damaged line stops nothing."""
    path = tmp_path / "server.key"
    ring = KeyRing.create(path)
    sealed = ring.drafts.seal(DAY, "intake", "state", "1", b"options")
    lines = [one for one in path.read_text().splitlines() if one.split()[:1] in (["server"], ["look-up"], ["signing"])]
    old = "\n".join([*lines, f"draft {DAY} {raw_key(ring, DAY).decode()}", "draft 2026-11-20 AAAA", ""])
    path.write_text(old)
    (tmp_path / "link").hardlink_to(path)
    found = KeyRing.load(path)
    assert found.drafts.open("intake", "state", "1", sealed) == b"options"
    found.drafts.seal(NEXT, "intake", "state", "1", b"more")
    assert found.drafts.days == KeyRing.load(path).drafts.days == {DAY, NEXT}
    assert found.look_up("telegram", 1) == ring.look_up("telegram", 1)
    assert (tmp_path / "link").read_bytes().strip(b"\0") == b""


def test_draft_keys_in_a_folder_of_memory_go_with_it(tmp_path: Path) -> None:
    """None is in the key file; after a start of the machine what they sealed does not open, and new ones are made."""
    path, memory = tmp_path / "server.key", tmp_path / "run"
    KeyRing.create(path)
    ring = KeyRing.load(path, memory)
    sealed = ring.drafts.seal(DAY, "intake", "state", "1", b"options")
    assert raw_key(ring, DAY) in (memory / "draft.keys").read_bytes()
    assert raw_key(ring, DAY) not in path.read_bytes()
    assert stat.S_IMODE((memory / "draft.keys").stat().st_mode) == 0o600
    assert KeyRing.load(path, memory).drafts.open("intake", "state", "1", sealed) == b"options"
    shutil.rmtree(memory)
    after = KeyRing.load(path, memory)
    with pytest.raises(Tampered):
        after.drafts.open("intake", "state", "1", sealed)
    after.drafts.seal(DAY, "intake", "state", "1", b"options")
    assert after.drafts.destroy(NEXT) == 1


def test_a_muted_account_is_known_until_the_salt_of_its_month_is_destroyed(tmp_path: Path) -> None:
    """Then no copy of the database leads back to it, not even with the key file."""
    ring = KeyRing.create(tmp_path / "server.key")
    look_up = ring.look_up("telegram", 42)
    mac = ring.mutes.mac(DAY, look_up)
    assert mac in ring.mutes.macs(look_up) and mac != look_up
    assert mac not in ring.mutes.macs(ring.look_up("telegram", 43))
    ring.mutes.destroy(date(2026, 11, 30))
    assert mac in KeyRing.load(tmp_path / "server.key").mutes.macs(look_up)
    ring.mutes.destroy(date(2026, 12, 1))
    assert KeyRing.load(tmp_path / "server.key").mutes.macs(look_up) == []


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
    for number, line in enumerate(sound.splitlines()):
        if not line.startswith(("server", "look-up", "signing")):
            continue
        lines = sound.splitlines()
        lines[number] = line[:20] + ("A" if line[20] != "A" else "B") + line[21:]
        path.write_text("\n".join(lines) + "\n")
        with pytest.raises(BadKeyFile, match="damaged: restore it from your own copy"):
            KeyRing.load(path)
    kept = [line for line in sound.splitlines() if line.startswith(("server", "look-up", "signing"))]
    older = "".join(f"{line.rpartition(' ')[0]}\n" for line in kept)
    path.write_text(older)
    KeyRing.load(path)


def test_what_is_locked_day_after_day_leaves_no_file_open(tmp_path: Path) -> None:
    """A server runs for years: draft keys come and go, the file is read anew, and locks are given back whole."""
    ring, before = KeyRing.create(tmp_path / "server.key"), open_files()
    for day in range(30):
        today = date(2026, 11, 1) + timedelta(days=day)
        ring.drafts.seal(today, "intake", "state", "1", b"x")
        ring.drafts.destroy(today)
    assert open_files() == before


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_draft_key_that_was_seen_to_be_destroyed_seals_nothing_whoever_saw_it(tmp_path: Path) -> None:
    """The file is read again for another reason, and after that it is no change: the old key is gone all the same."""
    ring = KeyRing.create(tmp_path / "server.key")
    ring.drafts.seal(DAY, "intake", "state", "1", b"before")
    KeyRing.load(tmp_path / "server.key").drafts.destroy(NEXT)
    ring.mutes.mac(DAY, b"account")
    sealed = ring.drafts.seal(DAY, "intake", "state", "1", b"after")
    assert KeyRing.load(tmp_path / "server.key").drafts.open("intake", "state", "1", sealed) == b"after"


def test_a_draft_key_that_another_process_has_destroyed_unseen_seals_nothing(tmp_path: Path) -> None:
    """Nothing else was read meanwhile: what is sealed after it opens for everybody."""
    ring = KeyRing.create(tmp_path / "server.key")
    ring.drafts.seal(DAY, "intake", "state", "1", b"before")
    KeyRing.load(tmp_path / "server.key").drafts.destroy(NEXT)
    sealed = ring.drafts.seal(DAY, "intake", "state", "1", b"after")
    assert KeyRing.load(tmp_path / "server.key").drafts.open("intake", "state", "1", sealed) == b"after"


def test_a_draft_key_that_a_row_still_needs_stays_when_others_of_its_age_go(tmp_path: Path) -> None:
    """Open questions are read for as long as they are open."""
    ring, other = KeyRing.create(tmp_path / "server.key"), DAY - timedelta(days=1)
    needed = ring.drafts.seal(DAY, "intake", "state", "1", b"needed")
    gone = ring.drafts.seal(other, "intake", "state", "2", b"gone")
    assert ring.drafts.destroy(NEXT, needed=lambda: [DAY]) == 1
    assert KeyRing.load(tmp_path / "server.key").drafts.open("intake", "state", "1", needed) == b"needed"
    with pytest.raises(Tampered):
        ring.drafts.open("intake", "state", "2", gone)
