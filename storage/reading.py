"""The offline reader of case bundles: opens what the identity fits, checks everything, reports what is wrong.

Bad content never raises: it becomes a sentence in `problems`. Needs no server, no database, no catalogs.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.errors import Refused
from storage.record import GENESIS, case_id_of, new_kid, wrap
from storage.said import N_, Said
from storage.sealing import age, signing
from storage.sealing.errors import SealingError
from storage.sealing.identity_file import read_identity_file

Files = Mapping[str, bytes]
_LARGEST = 2 * 1024**3


@dataclass(slots=True)
class ReadCase:
    """One case of a bundle: its manifest, its opened entries in order, and what is wrong with it."""

    code: str
    manifest: dict[str, Any] = field(default_factory=dict, repr=False)
    entries: list[dict[str, Any]] = field(default_factory=list, repr=False)
    flows: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    problems: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)


def read_bundle(path: Path, identities: Sequence[str], signed_by: str | None) -> list[ReadCase]:
    """Every case in a zip or folder. `signed_by`: the fingerprint that the signer must have, if known."""
    return [_read_case(code, files, identities, signed_by) for code, files in sorted(_cases(path).items())]


def share(path: Path, identities: Sequence[str], to: str, out: Path) -> int:
    """Writes a copy of a bundle with one more wrap per case; manifests stay as they are. Returns the cases."""
    if out.exists():
        raise Refused(f"{out} is there already and is not overwritten")
    cases = _cases(path)
    with zipfile.ZipFile(out, "x", zipfile.ZIP_STORED) as archive:
        for code, files in sorted(cases.items()):
            identity = _unwrap(files, identities)
            if identity is None:
                raise Refused(f"case {code} does not open with this identity")
            for name, data in [*files.items(), (f"keys/{new_kid()}.age", wrap(identity, to))]:
                archive.writestr(zipfile.ZipInfo(f"{code}/{name}", (1980, 1, 1, 0, 0, 0)), data)
    return len(cases)


def _cases(path: Path) -> dict[str, dict[str, bytes]]:
    cases: dict[str, dict[str, bytes]] = {}
    for name, data in _files(path):
        code, _, rest = name.partition("/")
        if rest and not rest.endswith("/"):
            cases.setdefault(code, {})[rest] = data
    return {code: files for code, files in cases.items() if "manifest.json" in files} or _no_cases(path)


def _no_cases(path: Path) -> dict[str, dict[str, bytes]]:
    raise Refused(f"there is no case in {path}")


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        root = path.parent if (path / "manifest.json").is_file() else path
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield file.relative_to(root).as_posix(), file.read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > _LARGEST:
                raise Refused(f"{path} is larger than 2 GB: open its cases one by one")
            for info in archive.infolist():
                yield info.filename, archive.read(info)
    except (OSError, zipfile.BadZipFile):
        raise Refused(f"{path} is not a case bundle (zip or folder)") from None


def _read_case(code: str, files: Files, identities: Sequence[str], signed_by: str | None) -> ReadCase:
    case = ReadCase(code)
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
    _check_files(case, files, listed)
    identity = _unwrap(files, identities)
    if identity is None:
        case.problems.append(Said(N_("no wrap opens with this identity")))
        return case
    if age.recipient_of(identity) != recipient:
        case.problems.append(Said(N_("the wrapped identity belongs to another case")))
    _open_entries(case, files, listed, identity)
    _read_flows(case, files)
    return case


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
        _check_file(case, files, entry.get("blob"), entry.get("blob_sha256"))
    names = {str(entry.get(key)) for entry in listed for key in ("file", "blob")}
    extra = sorted(name for name in files if re.fullmatch(r"\d+\.(bin\.)?age", name) and name not in names)
    case.problems += [Said(N_("%(name)s is not in the manifest"), name=name) for name in extra]
    if (listed[-1].get("sha256") if listed else "") != case.manifest.get("head"):
        case.problems.append(Said(N_("the head is not the last entry")))


def _unwrap(files: Files, identities: Sequence[str]) -> str | None:
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
