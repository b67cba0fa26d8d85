"""Writes case bundles: a zip without compression, one folder a case (docs/sealed-record.md)."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One sealed entry, with its sealed file where it has one."""

    seq: int
    kind: str
    sealed: bytes = field(repr=False)
    blob: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCase:
    """One case as it goes into a bundle. `wraps`: (kid, sealed case identity); `flows`: revision -> JSON."""

    code: str
    case_id: str
    recipient: str
    entries: Sequence[BundleEntry]
    wraps: Sequence[tuple[str, bytes]] = field(repr=False)
    flows: Mapping[str, bytes] = field(repr=False)


def write_bundle(out: BinaryIO, cases: Iterable[BundleCase], sign: Sign | None, verify_key: str, created: date) -> int:
    """Writes a bundle and returns how many cases it holds; one case at a time is in memory.

    Without `sign` (and with an empty `verify_key`) nothing is signed: there is no manifest.sig.
    """
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for case in cases:
            _write_case(archive, case, sign, verify_key, created)
            count += 1
    return count


def _write_case(archive: zipfile.ZipFile, case: BundleCase, sign: Sign | None, verify_key: str, created: date) -> None:
    manifest = manifest_of(case, verify_key, created)

    def put(name: str, data: bytes) -> None:
        # A fixed time: a zip must not say when somebody exported it.
        archive.writestr(zipfile.ZipInfo(f"{case.code}/{name}", (1980, 1, 1, 0, 0, 0)), data)

    put("manifest.json", manifest)
    if sign is not None:
        put("manifest.sig", sign(manifest) + b"\n")
    for kid, sealed in case.wraps:
        put(f"keys/{kid}.age", sealed)
    for entry in case.entries:
        put(f"{entry.seq:04}.age", entry.sealed)
        if entry.blob is not None:
            put(f"{entry.seq:04}.bin.age", entry.blob)
    for revision, compiled in case.flows.items():
        put(f"flow/{revision}.json", compiled)


def manifest_of(case: BundleCase, verify_key: str, created: date) -> bytes:
    """The bytes of manifest.json: keys sorted, no spaces."""
    entries = [_listed(entry) for entry in case.entries]
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
        listed |= {"blob": f"{entry.seq:04}.bin.age", "blob_sha256": hashlib.sha256(entry.blob).hexdigest()}
    return listed
