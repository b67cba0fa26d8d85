"""What docs/sealed-record.md says of proving a file is done, line by line, with stock tools and none of our code."""

import hashlib
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from storage.sealing.keyring import KeyRing
from tests.interop.test_age_encryption import HERE, NODE, interop
from tests.storage.bundles import AT, CODE, LAWYER, Sent, a_case, jpeg, tiff, write

__all__ = ["interop"]  # a fixture
DOCUMENT = HERE.parent.parent / "docs" / "sealed-record.md"
PHOTO = jpeg(tiff(), size=300_000)
TOOLS = ("openssl", "sha256sum", "base32", "base64", "sed")
needs_tools = pytest.mark.skipif(any(shutil.which(one) is None for one in TOOLS), reason="a stock tool is not here")


def lines_of_the_document() -> str:
    """The shell lines under the heading."""
    section = DOCUMENT.read_text().partition("## Proving that a file is as it came")[2]
    [block] = re.findall(r"```sh\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    return str(block)


@pytest.fixture
def with_age(tmp_path: Path, interop: Path) -> str:
    """A PATH with age: the real one where it is installed, else typage under its name."""
    if shutil.which("age") is None:
        folder = tmp_path / "bin"
        folder.mkdir()
        script = f'#!/bin/sh\nexec "{NODE}/bin/node" "{interop}/age.mjs" "$@"\n'
        (folder / "age").write_text(script)
        (folder / "age").chmod(0o755)
        return f"{folder}:{os.environ['PATH']}"
    return os.environ["PATH"]


@pytest.fixture
def case(tmp_path: Path) -> tuple[Path, KeyRing]:
    """The unpacked folder of a signed case whose seventh entry is a photo, with the lawyer's identity in it."""
    ring = KeyRing.create(tmp_path / "server.key")
    papers = [Sent(b"%PDF-1.7 " + bytes([number]), more={"name": '"bytes":1,"sha256":"00"'}) for number in range(5)]
    path = tmp_path / "a.zip"
    write(
        path, a_case([*papers, Sent(PHOTO, "paper", {"name": '","bytes":1,"'})]), sign=ring.sign, signer=ring.verify_key
    )
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "all")
    (tmp_path / "all" / CODE / "me.txt").write_text(f"{LAWYER}\n")
    return tmp_path / "all" / CODE, ring


def done(folder: Path, path: str) -> tuple[int, list[str]]:
    """Runs the document's lines in a folder: exit code, and what is printed."""
    ran = subprocess.run(
        ["sh", "-c", lines_of_the_document()],
        cwd=folder,
        env={"PATH": path, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout.splitlines()


@needs_tools
def test_a_photo_is_traced_to_a_signature_with_stock_tools(case: tuple[Path, KeyRing], with_age: str) -> None:
    """Its hash is that of the entry, the entry's that of the manifest, and whom members know has signed it."""
    folder, ring = case
    _, printed = done(folder, with_age)
    assert len(printed) == 6, printed
    clear, in_entry, entry, blob, verified, signer = printed
    assert (folder / "0007").read_bytes() == PHOTO
    assert clear.split()[0] == hashlib.sha256(PHOTO).hexdigest()
    assert in_entry == f'"sha256":"{clear.split()[0]}"'
    sealed = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("0007.age", "0007.bin.age")]
    assert [entry, blob] == [f"{one} 1" for one in sealed]
    assert "Verified Successfully" in verified
    assert signer == ring.signing_fingerprint.replace("-", "")
    assert f'"at":"{AT}"' in (folder / "entry.json").read_text()


@needs_tools
@pytest.mark.parametrize("what", ["file", "entry", "manifest", "signature"])
def test_whatever_was_changed_shows(case: tuple[Path, KeyRing], with_age: str, what: str) -> None:
    """The sealed file, its entry, the manifest or the signature: at least one of the comparisons fails."""
    folder, _ = case
    match what:
        case "file" | "entry":
            name = folder / ("0007.bin.age" if what == "file" else "0007.age")
            content = name.read_bytes()
            name.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case "manifest":
            name = folder / "manifest.json"
            name.write_bytes(name.read_bytes().replace(b"2026-11-24", b"2026-11-23"))
        case _:
            (folder / "manifest.sig").write_bytes(b"A" * 86 + b"==")
    _, printed = done(folder, with_age)
    hashes_are_there = sum(line.endswith(" 1") for line in printed) == 2
    assert not (hashes_are_there and any("Verified Successfully" in line for line in printed))
