"""A bundle is, byte by byte, what docs/sealed-record.md says: read here without Pana's own reader."""

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import update

from flows.facts import Facts
from flows.model import Level
from storage import erasing, revisions
from storage.alerted import AlertedMembers
from storage.bundle import write_bundle
from storage.case import Case, Open
from storage.cases import Cases
from storage.chain import Chain
from storage.claims import KeptClaims
from storage.database import Database
from storage.handoffs import Handoffs
from storage.members import Members
from storage.membership import Membership
from storage.reading import read_bundle
from storage.record import Entry, EntryKind, size_class
from storage.schema import member as member_table
from storage.sealing import age, bech32
from storage.sealing.identity_file import fingerprint
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from storage.wraps import Wraps
from tests.storage.age_reader import read_age
from tests.storage.tables import make_tables

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LAWYER, OTHER, RECOVERY = (age.generate_identity() for _ in range(3))
FLOW = b'{"flow":"kazakhstan","questions":[],"rules":[]}'
REVISION = hashlib.sha256(FLOW).hexdigest()


def cases_of(ring: KeyRing, members: Members, *recovery: str) -> Cases:
    """Cases with all their parts."""
    handoffs, wraps = Handoffs(ring), Wraps()
    chain = Chain(
        ring=ring,
        members=members,
        recovery=recovery,
        wraps=wraps,
        in_order=lambda _tx, lawyers, *_: lawyers,
        here=lambda now: now,
    )
    claims = KeptClaims(ring=ring, handoffs=handoffs, wraps=wraps, chain=chain)
    return Cases(ring, handoffs, AlertedMembers(), wraps, chain, claims)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of this version, of either kind."""
    found = Database(database_url)
    found.change(make_tables)
    found.change(lambda tx: revisions.keep_flow(tx, REVISION, FLOW))
    yield found
    found.close()


@pytest.fixture
def cases(tmp_path: Path, database: Database) -> Cases:
    """Cases of an instance with two lawyers, one of them disabled later by nobody."""
    ring = KeyRing.create(tmp_path / "server.key")
    members = Members(ring)

    def join(tx: Tx) -> None:
        for name, number, identity in (("Aigul", 1, LAWYER), ("Boris", 2, OTHER)):
            Membership(members=members).add(
                tx,
                name=name,
                telegram_id=number,
                role="lawyer",
                languages=("kk",),
                regions=(),
                recipient=age.recipient_of(identity),
                on_call=True,
            )

    database.change(join)
    return cases_of(ring, members, age.recipient_of(RECOVERY))


def fill(tx: Tx, cases: Cases, texts: list[str]) -> Open:
    """A case with one answer per text."""
    case = cases.chain.open(tx, chat_id=5, look_up=b"5" * 32, language="kk", revision=REVISION)
    for number, text in enumerate(texts):
        entry = Entry(
            kind=EntryKind.answer, at="2026-11-24", value=text, flow=REVISION, question=f"q{number:02}", lang="kk"
        )
        cases.chain.append(tx, case, entry)
    return case


def exported(database: Database, cases: Cases, texts: list[str], to: Path) -> Case:
    """A bundle of one case, as export writes it."""
    case = database.change(lambda tx: fill(tx, cases, texts), at=NOW)
    bundle = database.change(lambda tx: cases.chain.bundle(tx, case))
    with to.open("wb") as file:
        write_bundle(file, [bundle], cases.ring.sign, cases.ring.verify_key, NOW.date())
    return case


def test_an_exported_case_is_what_the_document_says(database: Database, cases: Cases, tmp_path: Path) -> None:
    """Names, manifest, signature, wraps, chain, padding and labels, read with the standard library and age alone."""
    texts = ["құпия", "x" * 3000, "я" * 40_000, ""]
    case = exported(database, cases, texts, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    assert re.fullmatch(r"[2-9CDFGHJKMNPQRTVWX]{4}-[2-9CDFGHJKMNPQRTVWX]{4}", case.code)
    raw = files[f"{case.code}/manifest.json"]
    manifest = json.loads(raw)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(manifest["signer"]))
    key.verify(base64.b64decode(files[f"{case.code}/manifest.sig"]), b"pana-manifest-v1\n" + raw)
    recipient = manifest["recipient"]
    digest = hashlib.sha256(b"pana-case-v1\n" + recipient.encode()).digest()
    assert manifest["case_id"] == base64.b32encode(digest).decode().lower()[:32]
    assert (manifest["format"], manifest["case"], manifest["created"]) == ("pana-case/1", case.code, "2026-11-24")

    wraps = [data for name, data in files.items() if re.fullmatch(rf"{case.code}/keys/[0-9a-f]{{16}}\.age", name)]
    assert len(wraps) == 3
    opened = [found for data in wraps for one in (LAWYER, OTHER, RECOVERY) if (found := tried(data, one))]
    assert len(opened) == 3
    identity = opened[0].decode().splitlines()[-1]
    assert {one.decode().splitlines()[-1] for one in opened} == {identity}

    prev, entries = "0" * 64, []
    for row in manifest["entries"]:
        sealed = files[f"{case.code}/{row['file']}"]
        assert hashlib.sha256(sealed).hexdigest() == row["sha256"]
        plain = read_age(sealed, identity)
        assert len(plain) in {512, 2048, 8192, 32768, 65536, 98304} and len(plain) == size_class(len(plain))
        entry = json.loads(plain)
        assert (entry["v"], entry["case"], entry["seq"], entry["prev"]) == (1, manifest["case_id"], row["seq"], prev)
        assert entry["pad"].strip(" ") == ""
        assert len(plain) - len(entry["pad"]) > max([0, *(one for one in (512, 2048, 8192) if one < len(plain))])
        prev = row["sha256"]
        entries.append(entry)
    assert manifest["head"] == prev
    assert [entry["kind"] for entry in entries] == ["readers"] + ["answer"] * 4
    assert {one["fingerprint"] for one in entries[0]["value"]} == {
        fingerprint(age.recipient_of(one)) for one in (LAWYER, OTHER, RECOVERY)
    }
    assert [entry["value"] for entry in entries[1:]] == texts
    assert hashlib.sha256(files[f"{case.code}/flow/{REVISION}.json"]).hexdigest() == REVISION


def tried(data: bytes, identity: str) -> bytes | None:
    """The opened file, or None when it is sealed to somebody else."""
    try:
        return read_age(data, identity)
    except AssertionError:
        return None


def rewritten(source: Path, to: Path, change: str) -> str:
    """A copy of a bundle with one thing done to it; returns the case code."""
    with zipfile.ZipFile(source) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    code = next(iter(files)).partition("/")[0]
    second, third = f"{code}/0002.age", f"{code}/0003.age"
    match change:
        case "swapped":
            files[second], files[third] = files[third], files[second]
        case "dropped":
            del files[second]
        case "cut":
            files[third] = files[third][:-20]
        case "added":
            files[f"{code}/0009.age"] = files[third]
        case "manifest edited":
            files[f"{code}/manifest.json"] = files[f"{code}/manifest.json"].replace(b"2026-11-24", b"2026-11-25")
        case "signature dropped":
            del files[f"{code}/manifest.sig"]
        case _:
            pass
    with zipfile.ZipFile(to, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return code


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("nothing", None),
        ("swapped", "0002.age is not the file that was signed"),
        ("dropped", "0002.age is missing"),
        ("cut", "0003.age is not the file that was signed"),
        ("added", "0009.age is not in the manifest"),
        ("manifest edited", "the signature of the manifest does not hold"),
        ("signature dropped", "the signature of the manifest does not hold"),
    ],
)
def test_tampering_is_named(database: Database, cases: Cases, tmp_path: Path, change: str, problem: str | None) -> None:
    """Each way of changing an exported case is reported in words."""
    exported(database, cases, ["a", "b", "c"], tmp_path / "a.zip")
    rewritten(tmp_path / "a.zip", tmp_path / "b.zip", change)
    (case,) = read_bundle(tmp_path / "b.zip", [LAWYER], cases.ring.signing_fingerprint)
    assert case.problems[:1] == ([problem] if problem else [])


def test_a_bundle_of_another_signer_and_for_other_eyes_says_so(
    database: Database, cases: Cases, tmp_path: Path
) -> None:
    """The signer is compared when it is known; a wrong identity opens nothing."""
    exported(database, cases, ["a"], tmp_path / "a.zip")
    (case,) = read_bundle(tmp_path / "a.zip", [LAWYER], "AAAAA-AAAAA-AAAAA-AAAAA")
    assert "which is not AAAAA" in case.problems[0]
    (case,) = read_bundle(tmp_path / "a.zip", [age.generate_identity()], None)
    assert case.problems == ["no wrap opens with this identity"]


def test_erasing_leaves_nothing_in_the_file(database: Database, cases: Cases, tmp_path: Path) -> None:
    """After erase and its checkpoint neither an entry nor a wrap nor the chat is in any byte of the database."""
    case = database.change(lambda tx: fill(tx, cases, ["a", "b"]), at=NOW)
    bundle = database.change(lambda tx: cases.chain.bundle(tx, case))
    facts = Facts(level=Level.high, language="kk")
    database.change(lambda tx: cases.hand_over(tx, case, facts), at=NOW)
    database.change(lambda tx: erasing.erase(tx, case))
    held = b"".join(path.read_bytes() for path in tmp_path.glob("pana.db*"))
    sealed = [entry.sealed for entry in bundle.entries] + [data for _, data in bundle.wraps]
    assert [one for one in sealed if one[200:300] in held] == []


def test_a_member_whose_key_takes_nothing_stops_no_case(database: Database, cases: Cases) -> None:
    """It may stand in the database since before such keys were refused; everybody else gets the case."""
    unfit = bech32.encode("age1pq", bytes(1216))
    aigul, boris = database.read(cases.chain.members.all)
    his = member_table.c.id == boris.id
    database.change(lambda tx: tx.execute(update(member_table).where(his).values(recipient=unfit)))
    case = database.change(lambda tx: fill(tx, cases, ["a"]), at=NOW)
    able = database.read(lambda tx: cases.wraps.can_open(tx, case.row))
    assert able == {aigul.id}
