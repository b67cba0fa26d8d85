"""The offline reader of case bundles: opens what the identity fits, checks everything, reports what is wrong.

Bad content never raises: it becomes a sentence in `problems`. Needs no server, no database, no catalogs.
reader/src/reading.ts does the same, in the same words (tests/storage/vectors).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage import manifests, shapes
from storage.manifests import Files
from storage.packed import FLOWS, LARGE, Damaged, Packed, cases_in
from storage.record import GENESIS, EntryKind, case_id_of
from storage.said import N_, Said
from storage.sealing import age
from storage.sealing.errors import NoMatchingKey, SealingError
from storage.sealing.identity_file import read_identity_file
from storage.taken_out import SentFile, TakenOut, Taking, take_out


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
        taking.begins(len(cases), sum(_large(one) for one in cases))
        return [read_case(packed, identities, signed_by, taking) for packed in cases]


def _large(packed: Packed) -> int:
    return sum(packed.size(name) for name in packed.where if name.endswith(LARGE))


def read_case(packed: Packed, identities: Sequence[str], signed_by: str | None, taking: Taking) -> ReadCase:
    """One case of a bundle, checked whole."""
    case = ReadCase(packed.folder)
    files, damaged = packed.small()
    case.problems += [Said(N_("%(name)s is in the zip more than once"), name=name) for name in sorted(packed.twice)]
    case.problems += [Said(N_("%(name)s cannot be read"), name=name) for name in sorted({*damaged} - packed.twice)]
    manifest = manifests.read_manifest(files)
    if manifest is None:
        case.problems.append(Said(N_("the manifest cannot be read")))
        return case
    _name(case, manifest, packed.folder)
    wrong, notes = manifests.origin(manifest, files, signed_by)
    case.problems += wrong
    case.notes += notes
    if manifest["case_id"] != case_id_of(manifest["recipient"]):
        case.problems.append(Said(N_("the case id does not belong to the case's recipient")))
    if manifests.has_only_keys(manifest, packed.where):
        told = N_("only the keys of the case are here: this file is for the bot, which has the rest")
        case.problems.append(Said(told))
        _identity(case, files, identities)
        return case
    case.problems += manifests.compared(manifest, {**files, **dict.fromkeys(damaged, b"")})
    identity = _identity(case, files, identities)
    if identity is not None:
        _open_entries(case, files, identity)
        _read_flow(case, packed)
    _take_out(case, packed, identity, taking)
    return case


def _identity(case: ReadCase, files: Files, identities: Sequence[str]) -> str | None:
    """The case's own identity; what is wrong where there is none."""
    identity, strange = unwrap(files, identities, case.manifest["recipient"])
    if identity is None and strange:
        case.problems.append(Said(N_("the wrapped identity belongs to another case")))
    elif identity is None:
        case.problems.append(Said(N_("no wrap opens with this identity")))
    return identity


def _name(case: ReadCase, manifest: dict[str, Any], folder: str) -> None:
    """What is signed counts, and not how somebody has called a folder."""
    case.manifest, case.code = manifest, manifest["case"]
    if folder not in {"", case.code}:
        told = N_("the folder has the name %(folder)s, and its manifest says %(case)s")
        case.problems.append(Said(told, folder=folder, case=case.code))


def _take_out(case: ReadCase, packed: Packed, identity: str | None, taking: Taking) -> None:
    """The files that people have sent."""
    listed: Sequence[Mapping[str, Any]] = case.manifest["entries"]
    values = {str(one.get("seq")): one.get("value") for one in case.entries if one.get("kind") == "file"}
    for seq, row in enumerate(listed, start=1):
        if row.get("blob") is not None and taking.wants(seq):
            name, value = row["blob"], values.get(str(seq))
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
    case.problems += manifests.strangers(packed.where, names, ".bin")


def _not_here(case: ReadCase, name: str) -> TakenOut:
    apart = name in (case.manifest.get("apart") or [])
    return TakenOut(apart=True) if apart else TakenOut(problem=Said(N_("%(name)s is missing"), name=name))


def unwrap(files: Files, identities: Sequence[str], recipient: str) -> tuple[str | None, bool]:
    """The case identity that fits the case's recipient, and whether a wrap gave another one.

    A stranger can add a wrap: one that opens and is not of this case stands in nobody's way.
    """
    strange = False
    for name in sorted(files):
        found = _identity_in(files[name], identities) if name.startswith("keys/") else None
        if found is not None and found[1] == recipient:
            return found[0], strange
        strange = strange or found is not None
    return None, strange


def _identity_in(wrapped: bytes, identities: Sequence[str]) -> tuple[str, str] | None:
    """The identity in a wrap, with its recipient."""
    try:
        identity = read_identity_file(age.unseal(wrapped, identities), passphrase=_no_passphrase).identities[0]
        return identity, age.recipient_of(identity)
    except SealingError:
        return None


def _no_passphrase() -> str:
    """In a wrap lies an identity: trying a passphrase there would cost whatever a stranger wants it to."""
    raise NoMatchingKey("a wrap is protected by no passphrase")


def _open_entries(case: ReadCase, files: Files, identity: str) -> None:
    prev = GENESIS
    for place, row in enumerate(case.manifest["entries"], start=1):
        name = row["file"]
        sealed = files.get(name, b"")
        entry = _opened(sealed, identity)
        if isinstance(entry, dict):
            _check_place(case, name, entry, place, prev)
            case.entries.append(entry)
        elif sealed:
            case.problems.append(Said(N_("%(name)s does not open"), name=name))
        prev = hashlib.sha256(sealed).hexdigest()
    if not case.entries or case.entries[0].get("kind") != "readers":
        case.problems.append(Said(N_("the first entry does not name the readers")))


def _opened(sealed: bytes, identity: str) -> Any:
    """What an entry holds; None when it does not open."""
    try:
        return shapes.parsed(age.unseal(sealed, [identity]))
    except (SealingError, ValueError):
        return None


def _check_place(case: ReadCase, name: str, entry: Mapping[str, Any], place: int, prev: str) -> None:
    if entry.get("case") != case.manifest["case_id"]:
        case.problems.append(Said(N_("%(name)s belongs to another case"), name=name))
    if not shapes.whole(entry.get("seq")) or entry["seq"] != place:
        case.problems.append(
            Said(
                N_("%(name)s has number %(number)s in place %(place)s"), name=name, number=entry.get("seq"), place=place
            )
        )
    if entry.get("prev") != prev:
        case.problems.append(Said(N_("%(name)s does not follow the entry before it"), name=name))


def revision_in(entries: Sequence[Mapping[str, Any]]) -> str:
    """The questionnaire that the latest entry names; empty when none does."""
    return next((found for one in reversed(entries) if isinstance(found := one.get("flow"), str) and found), "")


def _read_flow(case: ReadCase, packed: Packed) -> None:
    """The questionnaire of the answers; any other is left alone."""
    revision = revision_in(case.entries)
    name = f"{FLOWS}{revision}.json"
    try:
        data = packed.whole(name)
    except Damaged:
        data = b""
    if data is not None and hashlib.sha256(data).hexdigest() != revision:
        case.problems.append(Said(N_("%(name)s is not the questionnaire of that revision"), name=name))
        data = None
    flow = None if data is None else _flow_in(data)
    if flow is not None:
        case.flows[revision] = flow
    elif revision:
        case.problems.append(Said(N_("the questionnaire cannot be read: answers stand without their questions")))


def _flow_in(data: bytes) -> dict[str, Any] | None:
    try:
        flow = shapes.parsed(data)
    except ValueError:
        return None
    if not shapes.FLOW(flow):
        return None
    return {name: said for name, said in flow.items() if said is not None or name == "region"}


def readers_of(case: ReadCase) -> list[dict[str, Any]]:
    """Everybody the case was sealed to, as its first entry names them."""
    first = case.entries[0] if case.entries else {}
    named = first.get("kind") == EntryKind.readers and shapes.entry_of(EntryKind.readers, first)
    return list(first["value"]) if named else []
