"""`python -m tests.storage.make_vectors [--json]`: bundles with what opening them gives, for both readers.

Writes what is not there yet into tests/storage/vectors; `--json` gives every bundle its JSON anew.
"""

import hashlib
import io
import json
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from storage.bundle import BundleCase, BundleEntry, SealedFile, in_zips, write_bundle
from storage.errors import Refused
from storage.opened import OpenedCase
from storage.reading import ReadCase, read_bundle
from storage.record import GENESIS, CaseKey, Entry, EntryKind, FileSealing, case_id_of, seal_entry, wrap
from storage.sealing import age, bech32, signing
from tests.storage import vector_flow
from tests.storage.bundles import heic, jpeg, png, tiff, webp
from tests.storage.vector_entries import (
    AT_ONCE,
    CALLED,
    CALLED_BEFORE,
    CLOCKS,
    HOSTILE,
    MANY,
    NOTED,
    PLAIN,
    READERS,
    SUPERSEDED,
    UNKNOWN,
    WITHDRAWN,
    malformed,
    odd_entries,
    on,
    snapshot,
    written,
)

FOLDER = Path(__file__).parent / "vectors"
Files = dict[str, bytes]
CODE, OTHER_CODE = "K7Q4-F2MX", "PPQQ-3344"


def key_of_word(word: str) -> str:
    """A key made of a public word: it protects nothing."""
    return bech32.encode("age-secret-key-pq-", hashlib.sha256(f"TEST KEY {word}".encode()).digest()).upper()


LAWYER, STRANGER = key_of_word("lawyer"), key_of_word("stranger")
SIGNING, OTHER_SIGNING = (hashlib.sha256(f"TEST KEY {one}".encode()).digest() for one in ("signing", "other signing"))
SIGNED_BY = signing.fingerprint_of(signing.verify_key_of(SIGNING))
KEY_FILE = f"# TEST KEY: it is public, and protects nothing\n# public key: {age.recipient_of(LAWYER)}\n{LAWYER}\n"


@dataclass(frozen=True, kw_only=True)
class Vector:
    """A bundle, and what is certain beforehand of opening it. `problems`: of each case; None: it is refused."""

    name: str
    what: str
    content: Callable[[], bytes]
    problems: Sequence[Sequence[str]] | None
    signed_by: str | None = SIGNED_BY


@dataclass(frozen=True)
class Sent:
    """A file that was sent; `more` stands in its entry too, in place of what would."""

    content: bytes
    kind: str
    more: Mapping[str, Any] = field(default_factory=dict)
    question: str | None = None


# --- making cases ----------------------------------------------------------------------------------------------------


def key_of(code: str) -> CaseKey:
    identity = key_of_word(f"case {code}")
    recipient = age.recipient_of(identity)
    return CaseKey(identity, recipient, case_id_of(recipient))


def sealed(key: CaseKey, seq: int, prev: str, said: Mapping[str, Any]) -> bytes:
    """An entry as the bot seals it; one that the bot would not write is padded as it is."""
    if set(said) <= {"kind", "at", "value", "flow", "question", "lang", "part", "form"} and said.get("kind") in list(
        EntryKind
    ):
        about = {name: value for name, value in said.items() if name != "kind"}
        return seal_entry(key.recipient, key.case_id, seq, prev, Entry(kind=EntryKind(said["kind"]), **about))
    return age.seal(
        json.dumps({"v": 1, "case": key.case_id, "seq": seq, "prev": prev, **said}).encode(), [key.recipient]
    )


def a_case(
    said: Sequence[Mapping[str, Any]],
    files: Sequence[Sent] = (),
    code: str = CODE,
    revision: str = vector_flow.REVISION,
) -> BundleCase:
    """A case with these entries, and after them these files."""
    key = key_of(code)
    rows: list[tuple[Mapping[str, Any], SealedFile | None]] = [(one, None) for one in (READERS, *said)]
    rows += [_sent(key, one, revision) for one in files]
    told, prev = list[BundleEntry](), GENESIS
    for seq, (about, blob) in enumerate(rows, start=1):
        content = sealed(key, seq, prev, about)
        prev = hashlib.sha256(content).hexdigest()
        told.append(BundleEntry(seq, str(about.get("kind")), content, blob))
    return BundleCase(
        code=code,
        case_id=key.case_id,
        recipient=key.recipient,
        entries=told,
        wraps=[("0123456789abcdef", wrap(key.identity, age.recipient_of(LAWYER)))],
        flows={vector_flow.REVISION: vector_flow.COMPILED},
    )


def _sent(key: CaseKey, sent: Sent, revision: str) -> tuple[Mapping[str, Any], SealedFile]:
    sealing = FileSealing(key.recipient)
    content = sealing.add(sent.content) + sealing.end()
    value = {"name": "", "kind": sent.kind, "bytes": sealing.bytes, "sha256": sealing.clear_sha256, **sent.more}
    about = {"question": sent.question} if sent.question else {}
    entry = {**written("file", value, at="2026-11-24T09:30:00+00:00", **about), "flow": revision}
    return entry, SealedFile(size=len(content), sha256=sealing.sha256, parts=lambda: iter([content]))


def signed(*cases: BundleCase, seed: bytes | None = SIGNING) -> bytes:
    """A bundle as the server writes it; without a seed, as one that has lost its key."""
    out = io.BytesIO()
    sign = None if seed is None else lambda manifest: signing.sign(seed, manifest)
    write_bundle(out, cases, sign, "" if seed is None else signing.verify_key_of(seed), date(2026, 11, 24))
    return out.getvalue()


def unzipped(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(files: Sequence[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand twice
        with zipfile.ZipFile(out, "w", compression) as archive:
            for name, data in files:
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compression)
    return out.getvalue()


def changed(change: Callable[[Files], None], *cases: BundleCase, seed: bytes | None = SIGNING) -> Callable[[], bytes]:
    """A bundle of which files are changed after it was signed."""

    def make() -> bytes:
        files = unzipped(signed(*(cases or (a_case(PLAIN),)), seed=seed))
        change(files)
        return zipped(list(files.items()))

    return make


def flipped(data: bytes, at: int = -1) -> bytes:
    """One bit of it is another one."""
    new = bytearray(data)
    new[at] ^= 1
    return bytes(new)


def anew(files: Files, change: Callable[[dict[str, Any]], object]) -> None:
    """A manifest that somebody has changed and signed with the server's key."""
    name = f"{CODE}/manifest.json"
    manifest = json.loads(files[name])
    change(manifest)
    files[name] = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    files[f"{CODE}/manifest.sig"] = signing.sign(SIGNING, files[name])


# --- the vectors -----------------------------------------------------------------------------------------------------


def put(name: str, data: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({f"{CODE}/{name}": data})


def flip(name: str, at: int = -1) -> Callable[[Files], None]:
    return lambda files: files.update({f"{CODE}/{name}": flipped(files[f"{CODE}/{name}"], at)})


def drop(name: str) -> Callable[[Files], None]:
    return lambda files: files.pop(f"{CODE}/{name}") and None


def drop_sealed(files: Files) -> None:
    """Entries, files and questionnaire."""
    for name in [one for one in files if not one.startswith((f"{CODE}/manifest", f"{CODE}/keys/"))]:
        del files[name]


def for_a_stranger(files: Files) -> None:
    """The only wrap is one for somebody else."""
    files[f"{CODE}/keys/0123456789abcdef.age"] = wrap(key_of(CODE).identity, age.recipient_of(STRANGER))


def swap(one: str, other: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        one_, other_ = f"{CODE}/{one}", f"{CODE}/{other}"
        files[one_], files[other_] = files[other_], files[one_]

    return change


def listed_anew(*names: str) -> Callable[[Files], None]:
    """The manifest says what is there now, and is signed again: only the chain inside can tell."""

    def change(files: Files) -> None:
        def rewrite(manifest: dict[str, Any]) -> None:
            manifest["entries"] = [
                {"seq": seq, "file": name, "sha256": hashlib.sha256(files[f"{CODE}/{name}"]).hexdigest(), "kind": "x"}
                for seq, name in enumerate(names, start=1)
            ]
            manifest["head"] = manifest["entries"][-1]["sha256"]

        anew(files, rewrite)
        for name in [one for one in files if one.endswith(".age") and "/keys/" not in one]:
            if name.removeprefix(f"{CODE}/") not in names:
                del files[name]

    return change


def renamed(folders: Mapping[str, str]) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        found = {folders.get(name.partition("/")[0], name.partition("/")[0]) + "/" + name.partition("/")[2]: data
                 for name, data in files.items()}  # fmt: skip
        files.clear()
        files.update(found)

    return change


def both(*changes: Callable[[Files], None]) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        for one in changes:
            one(files)

    return change


def strangers_wrap(files: Files) -> None:
    """Somebody who knows the lawyer's public key has put a key of another case in front."""
    files[f"{CODE}/keys/00.age"] = wrap(key_of("another").identity, age.recipient_of(LAWYER))
    files[f"{CODE}/keys/01.age"] = age.seal(age.seal_with_passphrase(b"x", "x", 10), [age.recipient_of(LAWYER)])
    files[f"{CODE}/keys/02.age"] = age.seal(b"\xff\xfe no identity", [age.recipient_of(LAWYER)])


def another_wrap(files: Files) -> None:
    for name in [one for one in files if "/keys/" in one]:
        del files[name]
    files[f"{CODE}/keys/00.age"] = wrap(key_of("another").identity, age.recipient_of(LAWYER))


def locked() -> bytes:
    """A zip whose second entry is said to be encrypted by a passphrase of its own."""
    content = bytearray(signed(a_case(PLAIN)))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        local = archive.getinfo(f"{CODE}/0002.age").header_offset
    content[local + 6] |= 1
    name = f"{CODE}/0002.age".encode()
    content[content.rindex(name) - 46 + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    files = unzipped(signed(a_case(PLAIN)))
    name = f"{CODE}/0003.age"
    return zipped([*files.items(), (name, files[f"{CODE}/0004.age"])])


def packed_again() -> bytes:
    """Unpacked by Windows, and packed again with the folder around it: deflated, with backslashes."""
    files = unzipped(signed(a_case(PLAIN)))
    return zipped(
        [(f"Downloads/{name}".replace("/", "\\"), data) for name, data in files.items()], zipfile.ZIP_DEFLATED
    )


def without_a_folder() -> bytes:
    files = unzipped(signed(a_case(PLAIN)))
    return zipped([(name.partition("/")[2], data) for name, data in files.items()])


def bomb() -> bytes:
    """Three megabytes of nothing in place of an entry, packed to three thousand bytes."""
    files = unzipped(signed(a_case(PLAIN)))
    files[f"{CODE}/0003.age"] = bytes(3 * 1024**2)
    return zipped(list(files.items()), zipfile.ZIP_DEFLATED)


PDF, VOICE = b"%PDF-1.7\n" + bytes(range(256)) * 8, b"OggS" + bytes(3000)
PHOTO = jpeg(tiff(), size=4096)
SENT = [
    Sent(PHOTO, "photo", question="q10"),
    Sent(PDF, "paper", {"name": "../../etc/passwd\x1b[2J", "said": "image/png", "media": "application/pdf"}),
    Sent(VOICE, "voice", {"seconds": 42, "name": "x.exe\u202egpj.jpg" + "a" * 200}),
    Sent(png(tiff(order="<", south=True)), "paper"),
    Sent(webp(tiff(order="<")), "paper"),
    Sent(heic(tiff()), "paper"),
    Sent(jpeg(), "photo"),
    Sent(b"just some bytes", "hologram", {"seconds": True, "said": ["x"], "media": "text/html"}),
    Sent(b"", "paper"),
    Sent(b"\0\0\0\x18ftypmp42" + bytes(100), "round", {"seconds": 7}),
    Sent(b"\0\0\0\x18ftypM4A " + bytes(100), "voice"),
    Sent(b"ID3" + bytes(100), "voice"),
]
WRONG_FILES = [
    Sent(PDF, "paper", {"bytes": len(PDF) - 1}),
    Sent(PDF, "paper", {"sha256": "0" * 64}),
    Sent(PDF, "paper", {"bytes": 10**9}),
    Sent(PDF, "paper", {"bytes": "many"}),
    Sent(PDF, "paper"),
    Sent(VOICE, "voice"),
    Sent(PHOTO, "photo"),
]


def vectors() -> Iterator[Vector]:
    yield Vector(
        name="plain", what="Everything holds, and the signer is the one that is known.",
        content=lambda: signed(a_case(PLAIN)), problems=[[]],
    )  # fmt: skip
    yield Vector(
        name="kazakhstan", what="The questionnaire of Kazakhstan, as it was.", content=kazakhstan, problems=[[]]
    )
    yield from (
        Vector(name=name, what=what, content=lambda said=said: signed(a_case(said)), problems=[[]])
        for name, what, said in (
            ("superseded", "Later answers count; of texts the earlier ones are kept.", SUPERSEDED),
            ("withdrawn", "Answers that count no more, and one that counts again.", WITHDRAWN),
            ("clocks", "Deadlines ahead and passed, in hours, of about a day, counted back.", CLOCKS),
            ("clocks-without-a-day", "A deadline whose day is not known.", AT_ONCE),
            ("unknown-kinds", "Kinds and values that only a newer version knows.", UNKNOWN),
            ("hostile-texts", "Texts that would move a cursor, turn a direction, be markup.", HOSTILE),
            ("notes", "What lawyers have noted for the next one.", NOTED),
            ("call-words", "The words of the last claim, in the language that was read then.", CALLED),
            (
                "call-words-of-before",
                "A claim that names no language: that of the last entry that does.",
                CALLED_BEFORE,
            ),
            ("long", "Twelve answers to one question.", MANY),
        )
    )
    yield Vector(
        name="malformed-entries", what="Each entry that is not written as it should be is named, the others count.",
        content=lambda: signed(a_case([*PLAIN, *malformed()])),
        problems=[[
            f"entry {seq} ({one['kind']}) is not written as this version reads it"
            for seq, one in enumerate(malformed(), start=len(PLAIN) + 2)
        ]],
    )  # fmt: skip
    yield from of_files()
    yield from of_origin()
    yield from of_tampering()
    yield from of_zips()


def kazakhstan() -> bytes:
    return zipped(list(unzipped(signed(a_case_of_kazakhstan())).items()), zipfile.ZIP_DEFLATED)


def a_case_of_kazakhstan(more: Sequence[Mapping[str, Any]] = (), files: Sequence[Sent] = ()) -> BundleCase:
    """At the questionnaire as it is now; what a person writes is in Kazakh there."""
    from bot.settings import Settings
    from bot.speech.words import Words
    from bot.wiring.pana import compiled_flow
    from flows.release import carried_of

    compiled = carried_of(compiled_flow(Settings(), Words.load()))
    revision = hashlib.sha256(compiled).hexdigest()
    answers = {
        "q01": "self", "q02": "held", "q02_by": "border", "q03": None,
        "q10": ["exp_decision", "extradition", "exp_ruling"],
        "q11_exp_decision": on("2026-03-12"), "q11_extradition": on("2026-02-22"), "q11_exp_ruling": on("2026-03-12"),
        "q12": None, "more_held": "go_on",
    }  # fmt: skip
    said = [snapshot(answers, reasons=[{"rule": "C3", "because": [["q02", "held"]]}]), *PLAIN[1:], *more]
    case = a_case([{**one, "flow": revision, "lang": "kk"} for one in said], files, revision=revision)
    return replace(case, flows={revision: compiled})


def of_files() -> Iterator[Vector]:
    yield Vector(
        name="files", what="A photo that says where it was taken, a PDF, a voice, and others.",
        content=lambda: signed(a_case(PLAIN, SENT)), problems=[[]],
    )  # fmt: skip
    yield Vector(
        name="files-apart", what="The first zip of two: some files are in the other.",
        content=lambda: signed(in_zips(a_case(PLAIN, SENT[:3]), 10_000)[0]), problems=[[]],
    )  # fmt: skip
    first = len(PLAIN) + 2
    names = [f"{number:04}.bin.age" for number in range(first, first + len(WRONG_FILES))]
    yield Vector(
        name="files-wrong", what="Files that are not what their entries name, missing, cut, changed, or not listed.",
        content=changed(
            both(drop(names[4]), flip(names[5], 5000), put("0099.bin.age", b"x")), a_case(PLAIN, WRONG_FILES)
        ),
        problems=[[
            f"{names[0]} is not the file that its entry names",
            f"{names[1]} is not the file that its entry names",
            f"{names[2]} is not the file that its entry names",
            f"{names[3]} cannot be compared: its entry does not say what it is",
            f"{names[4]} is missing",
            f"{names[5]} is not the file that was signed",
            "0099.bin.age is not in the manifest",
        ]],
    )  # fmt: skip
    yield Vector(
        name="files-without-their-entry", what="The entry of a file does not open: nothing can be compared.",
        content=changed(flip(f"{first:04}.age"), a_case(PLAIN, SENT[:1])),
        problems=[[
            f"{first:04}.age is not the file that was signed",
            f"{first:04}.age does not open",
            f"{first:04}.bin.age cannot be compared: its entry does not open",
        ]],
    )  # fmt: skip


def of_origin() -> Iterator[Vector]:
    yield Vector(
        name="not-compared", what="Signed, and the reader knows no fingerprint.",
        content=lambda: signed(a_case(PLAIN)), problems=[[]], signed_by=None,
    )  # fmt: skip
    yield Vector(
        name="unsigned", what="Exported after the server's key was lost.",
        content=lambda: signed(a_case(PLAIN), seed=None), problems=[[]], signed_by=None,
    )  # fmt: skip
    yield Vector(
        name="unsigned-where-a-signer-is-known", what="The same, where a fingerprint is expected.",
        content=lambda: signed(a_case(PLAIN), seed=None),
        problems=[[f"not signed: exported without the server's key, and so not by {SIGNED_BY}"]],
    )  # fmt: skip
    other = signing.fingerprint_of(signing.verify_key_of(OTHER_SIGNING))
    yield Vector(
        name="signed-by-another", what="Signed by another server than the one that is known.",
        content=lambda: signed(a_case(PLAIN), seed=OTHER_SIGNING),
        problems=[[f"signed by {other}, which is not {SIGNED_BY}"]],
    )  # fmt: skip
    yield Vector(
        name="strangers-wrap", what="Keys of strangers lie before the right one, and stand in nobody's way.",
        content=changed(strangers_wrap), problems=[[]],
    )  # fmt: skip
    yield Vector(
        name="another-cases-key", what="The only wrap that opens holds the key of another case.",
        content=changed(another_wrap), problems=[["the wrapped identity belongs to another case"]],
    )  # fmt: skip
    yield Vector(
        name="no-key", what="Sealed to other people: nothing is known of it.",
        content=changed(drop("keys/0123456789abcdef.age")), problems=[["no wrap opens with this identity"]],
    )  # fmt: skip
    only_keys = "only the keys of the case are here: this file is for the bot, which has the rest"
    yield Vector(
        name="only-keys", what="Made to be handed over by way of the bot: the keys alone.",
        content=changed(drop_sealed, a_case(PLAIN, SENT[:2])), problems=[[only_keys]],
    )  # fmt: skip
    yield Vector(
        name="only-keys-of-others", what="The same, of which no key fits.",
        content=changed(both(drop_sealed, for_a_stranger), a_case(PLAIN)),
        problems=[[only_keys, "no wrap opens with this identity"]],
    )  # fmt: skip


def of_tampering() -> Iterator[Vector]:
    does_not_hold = "the signature of the manifest does not hold"
    all_names = [f"{number:04}.age" for number in range(1, len(PLAIN) + 2)]

    def tampered(name: str, what: str, change: Callable[[Files], None], *problems: str) -> Vector:
        return Vector(name=f"tampered-{name}", what=what, content=changed(change), problems=[problems])

    yield tampered(
        "entry-changed", "One bit of an entry is another one.", flip("0003.age"),
        "0003.age is not the file that was signed", "0003.age does not open",
        "0004.age does not follow the entry before it",
    )  # fmt: skip
    yield tampered(
        "entry-removed", "An entry was taken out.", drop("0004.age"),
        "0004.age is missing", "0005.age does not follow the entry before it",
    )  # fmt: skip
    yield tampered(
        "entries-swapped", "Two entries have changed their places.", swap("0003.age", "0004.age"),
        "0003.age is not the file that was signed", "0004.age is not the file that was signed",
        "0003.age has number 4 in place 3", "0003.age does not follow the entry before it",
        "0004.age has number 3 in place 4", "0004.age does not follow the entry before it",
        "0005.age does not follow the entry before it",
    )  # fmt: skip
    yield tampered(
        "entry-added", "An entry that the manifest does not list.",
        lambda files: files.update({f"{CODE}/0099.age": files[f"{CODE}/0003.age"]}), "0099.age is not in the manifest",
    )  # fmt: skip
    yield tampered(
        "last-entry-cut-off", "The newest entry is gone, from a manifest that was signed again.",
        listed_anew(*all_names[:-1]),
    )  # fmt: skip
    yield tampered(
        "entry-left-out", "An entry in the middle is gone, from a manifest that was signed again.",
        listed_anew(*all_names[:3], *all_names[4:]),
        "0005.age has number 5 in place 4", "0005.age does not follow the entry before it",
        "0006.age has number 6 in place 5", "0007.age has number 7 in place 6", "0008.age has number 8 in place 7",
    )  # fmt: skip
    yield tampered(
        "readers-left-out", "The entry that names the readers is gone.",
        listed_anew(*all_names[1:3]),
        "0002.age has number 2 in place 1", "0002.age does not follow the entry before it",
        "0003.age has number 3 in place 2", "the first entry does not name the readers",
    )  # fmt: skip
    yield tampered(
        "entry-of-another-case", "An entry that was sealed to this case and written for another.",
        both(of_another_case, listed_anew(*all_names)), "0003.age belongs to another case",
        "0004.age does not follow the entry before it",
    )  # fmt: skip
    yield tampered(
        "manifest-changed", "A day in the manifest is another one.",
        on_another_day,
        does_not_hold,
    )  # fmt: skip
    yield tampered(
        "signature-wrong", "A signature of other bytes.", put("manifest.sig", b"A" * 86 + b"==\n"), does_not_hold
    )
    yield tampered("signature-garbage", "What is no signature.", put("manifest.sig", b"\xff\x00 no"), does_not_hold)
    yield tampered("signature-removed", "The signature was taken out.", drop("manifest.sig"), does_not_hold)
    yield tampered(
        "head", "The manifest names another head, and is signed again.",
        lambda files: anew(files, lambda manifest: manifest.update(head="0" * 64)), "the head is not the last entry",
    )  # fmt: skip
    yield tampered(
        "case-id", "The case id is another case's, signed again.",
        lambda files: anew(files, lambda manifest: manifest.update(case_id="a" * 32)),
        "the case id does not belong to the case's recipient",
        *(f"{name} belongs to another case" for name in all_names),
    )  # fmt: skip
    yield tampered(
        "flow-changed", "The questionnaire is another one under the same name.",
        put(f"flow/{vector_flow.REVISION}.json", vector_flow.COMPILED.replace(b"held", b"free")),
        f"flow/{vector_flow.REVISION}.json is not the questionnaire of that revision",
        "the questionnaire cannot be read: answers stand without their questions",
    )  # fmt: skip
    yield tampered(
        "flow-removed", "The questionnaire was taken out.", drop(f"flow/{vector_flow.REVISION}.json"),
        "the questionnaire cannot be read: answers stand without their questions",
    )  # fmt: skip
    yield tampered(
        "manifest-of-numbers", "A manifest whose entries are numbers.",
        lambda files: anew(files, lambda manifest: manifest.update(entries=[1, 2, 3])), "the manifest cannot be read",
    )  # fmt: skip
    yield tampered(
        "manifest-too-deep", "A manifest nested a hundred thousand times.",
        put("manifest.json", b"[" * 100_000 + b"]" * 100_000), "the manifest cannot be read",
    )  # fmt: skip
    yield tampered(
        "manifest-no-json", "A manifest that is a page.", put("manifest.json", b"<html>"), "the manifest cannot be read"
    )
    yield tampered(
        "folder-renamed", "The folder is called otherwise than the manifest says.", renamed({CODE: OTHER_CODE}),
        f"the folder has the name {OTHER_CODE}, and its manifest says {CODE}",
    )  # fmt: skip


def on_another_day(files: Files) -> None:
    name = f"{CODE}/manifest.json"
    files[name] = files[name].replace(b"2026-11-24", b"2026-11-23")


def of_another_case(files: Files) -> None:
    """Whoever knows the case's recipient can seal anything to it."""
    key = key_of(CODE)
    prev = hashlib.sha256(files[f"{CODE}/0002.age"]).hexdigest()
    entry = Entry(kind=EntryKind.answer, at="2026-11-24", value="x", question="q08")
    files[f"{CODE}/0003.age"] = seal_entry(key.recipient, "b" * 32, 3, prev, entry)


def of_zips() -> Iterator[Vector]:
    here, there = f"the folder has the name {CODE}, and its manifest says", f"the folder has the name {OTHER_CODE}, and"
    yield Vector(
        name="two-cases", what="Two cases in one zip.",
        content=lambda: signed(a_case(PLAIN), a_case(SUPERSEDED, code=OTHER_CODE)), problems=[[], []],
    )  # fmt: skip
    yield Vector(
        name="two-cases-swapped", what="The folders of two cases have each other's names.",
        content=changed(
            renamed({CODE: OTHER_CODE, OTHER_CODE: CODE}), a_case(PLAIN), a_case(SUPERSEDED, code=OTHER_CODE)
        ),
        problems=[[f"{here} {OTHER_CODE}"], [f"{there} its manifest says {CODE}"]],
    )  # fmt: skip
    yield Vector(
        name="two-cases-one-damaged", what="What is wrong with one case stops no other.",
        content=changed(put("manifest.json", b"{"), a_case(PLAIN), a_case(SUPERSEDED, code=OTHER_CODE)),
        problems=[["the manifest cannot be read"], []],
    )  # fmt: skip
    yield Vector(name="packed-again", what="Packed again on Windows.", content=packed_again, problems=[[]])
    yield Vector(
        name="without-a-folder", what="Packed again from inside the folder.", content=without_a_folder, problems=[[]]
    )
    yield Vector(
        name="zip-names-twice", what="Two files of one name: nobody knows which is meant.", content=twice,
        problems=[[
            "0003.age is in the zip more than once", "0003.age is not the file that was signed",
            "0004.age does not follow the entry before it",
        ]],
    )  # fmt: skip
    yield Vector(
        name="zip-locked", what="An entry is locked by a passphrase of the zip's own.", content=locked,
        problems=[[
            "0002.age cannot be read", "0002.age is not the file that was signed",
            "0003.age does not follow the entry before it",
        ]],
    )  # fmt: skip
    yield Vector(
        name="zip-bomb", what="An entry that unpacks to a thousand times its size.", content=bomb,
        problems=[[
            "0003.age cannot be read", "0003.age is not the file that was signed",
            "0004.age does not follow the entry before it",
        ]],
    )  # fmt: skip
    yield Vector(name="zip-none", what="No zip at all.", content=lambda: b"PK no zip at all", problems=None)
    yield Vector(
        name="zip-without-a-case", what="A zip of something else.",
        content=lambda: zipped([("readme.txt", b"hello")]), problems=None,
    )  # fmt: skip


# --- writing ---------------------------------------------------------------------------------------------------------


def opened(path: Path, signed_by: str | None) -> dict[str, Any]:
    """What opening gives, as JSON has it."""
    try:
        cases = read_bundle(path, [LAWYER], signed_by)
    except Refused as error:
        return {"refused": str(error).replace(str(path), path.name)}
    return dict(json.loads(json.dumps({"cases": [OpenedCase(one).for_page() for one in cases]})))


def of_entries() -> list[dict[str, Any]]:
    """Entries alone, after one that is well written, and what of the case they change."""
    before = with_entry(None)
    found = []
    for odd in odd_entries():
        after = with_entry(odd)
        found.append({"entry": odd, "gives": {name: after[name] for name in CHANGES if after[name] != before[name]}})
    return found


def with_entry(odd: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a case says of which this is the last entry."""
    entries = [{**READERS, "seq": 1}, {**PLAIN[0], "seq": 2}]
    entries += [] if odd is None else [{**json.loads(json.dumps(odd)), "seq": 3}]
    flows = {vector_flow.REVISION: vector_flow.FLOW}
    return OpenedCase(ReadCase(CODE, {"case_id": "c" * 32}, entries, flows)).for_page()


CHANGES = (
    "level", "language", "complete", "problems", "notes", "check_word", "call_words", "reasons", "clocks", "answers",
    "earlier", "messages", "for_colleagues", "files",
)  # fmt: skip


def as_text(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True) + "\n"


def write(*, every_json: bool) -> None:
    (FOLDER / "key.txt").write_text(KEY_FILE)
    for one in vectors():
        path, told = FOLDER / f"{one.name}.zip", FOLDER / f"{one.name}.json"
        made = not path.exists()
        if made:
            path.write_bytes(one.content())
        if made or every_json or not told.exists():
            gives = opened(path, one.signed_by)
            found = None if "refused" in gives else [list(case["problems"]) for case in gives["cases"]]
            expected = None if one.problems is None else [list(each) for each in one.problems]
            assert found == expected, (one.name, found, expected)
            told.write_text(as_text({"what": one.what, "signed_by": one.signed_by, **gives}))
    if every_json or not (FOLDER / "entries.json").exists():
        about = {"flow": vector_flow.FLOW, "revision": vector_flow.REVISION, "readers": READERS, "first": PLAIN[0]}
        lines = ",\n".join(json.dumps(one, sort_keys=True) for one in of_entries())
        (FOLDER / "entries.json").write_text(
            f'{{"about": {json.dumps(about, sort_keys=True)},\n"entries": [\n{lines}\n]}}\n'
        )


if __name__ == "__main__":
    write(every_json="--json" in sys.argv[1:])
