"""Writes case bundles: a zip without compression, one folder a case (docs/sealed-record.md).

Files that people have sent go through part by part: however large they are, one part is in memory.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import BinaryIO

from storage.stored_zip import StoredZip

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One sealed entry, with its sealed file where it has one."""

    seq: int
    kind: str
    sealed: bytes = field(repr=False)
    blob: "SealedFile | None" = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """An age file beside an entry: its size and SHA-256, and its parts in their order."""

    size: int
    sha256: str
    parts: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCase:
    """One case as it goes into a bundle. `wraps`: (kid, sealed case identity); `flows`: revision -> JSON.

    `apart`: the numbers of entries whose files are not in this zip, but in another one of the same case.
    """

    code: str
    case_id: str
    recipient: str
    entries: Sequence[BundleEntry]
    wraps: Sequence[tuple[str, bytes]] = field(repr=False)
    flows: Mapping[str, bytes] = field(repr=False)
    apart: Collection[int] = ()


def in_zips(case: BundleCase, most: int) -> list[BundleCase]:
    """The case for several zips, none with files of more than `most` bytes together unless it has only one.

    Each has all that is written, so that each can be read by itself.
    """
    files = {entry.seq: entry.blob.size for entry in case.entries if entry.blob is not None}
    return [with_files(case, group) for group in in_groups(files, most)]


def in_groups(files: Mapping[int, int], most: int) -> list[frozenset[int]]:
    """Which files go into which zip, by their sizes; one zip at least. More files change none but the last."""
    groups, size = [set[int]()], 0
    for seq in sorted(files):
        if groups[-1] and size + files[seq] > most:
            groups.append(set())
            size = 0
        groups[-1].add(seq)
        size += files[seq]
    return [frozenset(one) for one in groups]


def with_files(case: BundleCase, here: Collection[int]) -> BundleCase:
    """The case for one zip, with the files of these entries and no other."""
    files = {entry.seq for entry in case.entries if entry.blob is not None}
    return replace(case, apart=files - set(here))


def write_bundle(out: BinaryIO, cases: Iterable[BundleCase], sign: Sign | None, verify_key: str, created: date) -> int:
    """Writes a bundle and returns how many cases it holds; one case at a time is in memory.

    Without `sign` (and with an empty `verify_key`) nothing is signed: there is no manifest.sig.
    """
    count = 0
    with StoredZip(out) as archive:
        for case in cases:
            _write_case(archive, case, sign, verify_key, created)
            count += 1
    return count


def _write_case(archive: StoredZip, case: BundleCase, sign: Sign | None, verify_key: str, created: date) -> None:
    manifest = manifest_of(case, verify_key, created)

    def put(name: str, data: bytes) -> None:
        archive.put(f"{case.code}/{name}", data)

    put("manifest.json", manifest)
    if sign is not None:
        put("manifest.sig", sign(manifest) + b"\n")
    for kid, sealed in case.wraps:
        put(f"keys/{kid}.age", sealed)
    for entry in case.entries:
        put(f"{entry.seq:04}.age", entry.sealed)
        if entry.blob is not None and entry.seq not in case.apart:
            archive.put_parts(f"{case.code}/{_blob_name(entry.seq)}", entry.blob.parts())
    for revision, compiled in case.flows.items():
        archive.put_again(f"{case.code}/flow/{revision}.json", compiled)


def manifest_of(case: BundleCase, verify_key: str, created: date) -> bytes:
    """The bytes of manifest.json: keys sorted, no spaces."""
    entries = [_listed(entry) for entry in case.entries]
    apart = {"apart": [_blob_name(seq) for seq in sorted(case.apart)]} if case.apart else {}
    return json.dumps(
        {
            "format": "pana-case/1",
            "case": case.code,
            "case_id": case.case_id,
            "recipient": case.recipient,
            "entries": entries,
            "head": entries[-1]["sha256"] if entries else "",
            "created": created.isoformat(),
            "signer": verify_key,
            **apart,
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def _listed(entry: BundleEntry) -> dict[str, object]:
    sha256 = hashlib.sha256(entry.sealed).hexdigest()
    listed: dict[str, object] = {
        "seq": entry.seq,
        "file": f"{entry.seq:04}.age",
        "sha256": sha256,
        "kind": entry.kind,
    }
    if entry.blob is not None:
        listed |= {"blob": _blob_name(entry.seq), "blob_sha256": entry.blob.sha256}
    return listed


def _blob_name(seq: int) -> str:
    return f"{seq:04}.bin.age"
