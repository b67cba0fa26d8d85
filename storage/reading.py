"""The offline reader of case bundles: opens what the identity fits, checks everything, reports what is wrong.

Bad content never raises: it becomes a sentence in `problems`. Needs no server, no database, no catalogs.
"""

import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.packed import LARGE, Packed, cases_in
from storage.record import GENESIS, case_id_of
from storage.said import N_, Said
from storage.sealing import age, signing
from storage.sealing.errors import SealingError
from storage.sealing.identity_file import read_identity_file
from storage.taken_out import SentFile, TakenOut, Taking, take_out

Files = Mapping[str, bytes]


@dataclass(slots=True)
class ReadCase:
    """One case of a bundle: its manifest, its opened entries in order, and what is wrong with it.

    `files`: what was found of the files that people have sent, by the numbers of their entries.
    """

    code: str
    manifest: dict[str, Any] = field(default_factory=dict, repr=False)
    entries: list[dict[str, Any]] = field(default_factory=list, repr=False)
    flows: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    files: dict[int, TakenOut] = field(default_factory=dict, repr=False)
    problems: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)


def read_bundle(
    path: Path, identities: Sequence[str], signed_by: str | None, taking: Taking | None = None
) -> list[ReadCase]:
    """Every case in a zip or folder. `signed_by`: the fingerprint that the signer must have, if known.

    `taking`: what becomes of the files that people have sent.
    """
    taking = taking or Taking()
    with cases_in(path) as cases:
        taking.begins(len(cases), sum(_large(one) for one in cases.values()))
        return [_read_case(code, packed, identities, signed_by, taking) for code, packed in cases.items()]


def _large(packed: Packed) -> int:
    return sum(packed.size(name) for name in packed.where if name.endswith(LARGE))


def _read_case(code: str, packed: Packed, identities: Sequence[str], signed_by: str | None, taking: Taking) -> ReadCase:
    case = ReadCase(code)
    files, damaged = packed.small()
    case.problems += [Said(N_("%(name)s cannot be read"), name=name) for name in damaged]
    try:
        case.manifest = json.loads(files["manifest.json"])
        listed = list(case.manifest["entries"])
        recipient, case_id = str(case.manifest["recipient"]), str(case.manifest["case_id"])
    except (ValueError, KeyError, TypeError):
        case.problems.append(Said(N_("the manifest cannot be read")))
        return case
    _check_origin(case, files, signed_by)
    if case_id != case_id_of(recipient):
        case.problems.append(Said(N_("the case id does not belong to the case's recipient")))
    _check_files(case, {**files, **dict.fromkeys(damaged, b"")}, listed)
    identity = unwrap(files, identities)
    if identity is None:
        case.problems.append(Said(N_("no wrap opens with this identity")))
    else:
        if age.recipient_of(identity) != recipient:
            case.problems.append(Said(N_("the wrapped identity belongs to another case")))
        _open_entries(case, files, listed, identity)
        _read_flows(case, files)
    _take_out(case, packed, listed, identity, taking)
    return case


def _take_out(
    case: ReadCase, packed: Packed, listed: Sequence[Mapping[str, Any]], identity: str | None, taking: Taking
) -> None:
    """The files that people have sent."""
    values = {str(one.get("seq")): one.get("value") for one in case.entries if one.get("kind") == "file"}
    for seq, row in enumerate(listed, start=1):
        if "blob" in row and taking.wants(seq):
            name, value = str(row["blob"]), values.get(str(seq))
            file = SentFile(
                seq=seq,
                name=name,
                sealed_sha256=str(row.get("blob_sha256")),
                value=value if isinstance(value, dict) else None,
            )
            here = name in packed.where
            found = take_out(packed, file, identity, case.code, taking) if here else _not_here(case, name)
            case.files[seq] = found
            case.problems += [found.problem] if found.problem else []
    names = {str(row.get("blob")) for row in listed}
    case.problems += _strangers(packed.where, names, ".bin")


def _not_here(case: ReadCase, name: str) -> TakenOut:
    apart = name in (case.manifest.get("apart") or [])
    return TakenOut(apart=True) if apart else TakenOut(problem=Said(N_("%(name)s is missing"), name=name))


def _strangers(names: Iterable[str], listed: Container[str], kind: str = "") -> list[Said]:
    """Numbered files that the manifest does not list."""
    numbered = re.compile(rf"\d+{re.escape(kind)}\.age")
    found = sorted(name for name in names if numbered.fullmatch(name) and name not in listed)
    return [Said(N_("%(name)s is not in the manifest"), name=name) for name in found]


def _check_origin(case: ReadCase, files: Files, signed_by: str | None) -> None:
    signer = str(case.manifest.get("signer", ""))
    if not signer and "manifest.sig" not in files:
        if signed_by is None:
            case.notes.append(Said(N_("not signed: exported without the server's key")))
        else:
            unsigned = N_("not signed: exported without the server's key, and so not by %(key)s")
            case.problems.append(Said(unsigned, key=signed_by))
        return
    if not signing.verify(files["manifest.json"], files.get("manifest.sig", b""), signer):
        case.problems.append(Said(N_("the signature of the manifest does not hold")))
        return
    found = signing.fingerprint_of(signer)
    if signed_by is None:
        case.notes.append(Said(N_("signed by %(key)s, not compared"), key=found))
    elif signed_by != found:
        case.problems.append(Said(N_("signed by %(key)s, which is not %(expected)s"), key=found, expected=signed_by))


def _check_file(case: ReadCase, files: Files, name: object, sha256: object) -> None:
    if name is None:
        return
    if str(name) not in files:
        case.problems.append(Said(N_("%(name)s is missing"), name=name))
    elif hashlib.sha256(files[str(name)]).hexdigest() != sha256:
        case.problems.append(Said(N_("%(name)s is not the file that was signed"), name=name))


def _check_files(case: ReadCase, files: Files, listed: Sequence[Mapping[str, Any]]) -> None:
    for entry in listed:
        _check_file(case, files, entry.get("file"), entry.get("sha256"))
    names = {str(entry.get("file")) for entry in listed}
    case.problems += _strangers(files, names)
    if (listed[-1].get("sha256") if listed else "") != case.manifest.get("head"):
        case.problems.append(Said(N_("the head is not the last entry")))


def unwrap(files: Files, identities: Sequence[str]) -> str | None:
    """The case identity, from the first wrap that opens with one of these; None when none does."""
    for name in sorted(files):
        if not name.startswith("keys/"):
            continue
        try:
            wrapped = age.unseal(files[name], identities)
            return read_identity_file(wrapped, passphrase=str).identities[0]
        except SealingError:
            continue
    return None


def _open_entries(case: ReadCase, files: Files, listed: Sequence[Mapping[str, Any]], identity: str) -> None:
    prev = GENESIS
    for place, row in enumerate(listed, start=1):
        name = str(row.get("file"))
        sealed = files.get(name, b"")
        try:
            entry = json.loads(age.unseal(sealed, [identity]))
        except (SealingError, ValueError):
            if sealed:
                case.problems.append(Said(N_("%(name)s does not open"), name=name))
            prev = hashlib.sha256(sealed).hexdigest()
            continue
        _check_place(case, name, entry, place, prev)
        prev = hashlib.sha256(sealed).hexdigest()
        case.entries.append(entry)
    if not case.entries or case.entries[0].get("kind") != "readers":
        case.problems.append(Said(N_("the first entry does not name the readers")))


def _check_place(case: ReadCase, name: str, entry: Mapping[str, Any], place: int, prev: str) -> None:
    if entry.get("case") != case.manifest["case_id"]:
        case.problems.append(Said(N_("%(name)s belongs to another case"), name=name))
    if entry.get("seq") != place:
        case.problems.append(
            Said(
                N_("%(name)s has number %(number)s in place %(place)s"), name=name, number=entry.get("seq"), place=place
            )
        )
    if entry.get("prev") != prev:
        case.problems.append(Said(N_("%(name)s does not follow the entry before it"), name=name))


def _read_flows(case: ReadCase, files: Files) -> None:
    for name, data in files.items():
        if name.startswith("flow/") and name.endswith(".json"):
            revision = name[5:-5]
            if hashlib.sha256(data).hexdigest() != revision:
                case.problems.append(Said(N_("%(name)s is not the questionnaire of that revision"), name=name))
                continue
            case.flows[revision] = json.loads(data)


def readers_of(case: ReadCase) -> list[dict[str, Any]]:
    """Everybody the case was sealed to, as its first entry names them."""
    first = case.entries[0] if case.entries else {}
    return list(first["value"]) if first.get("kind") == "readers" and isinstance(first.get("value"), list) else []
