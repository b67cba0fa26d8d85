"""The manifest of a case: what is signed, and what is compared with it."""

import hashlib
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from storage import shapes
from storage.said import N_, Said
from storage.sealing import signing

Files = Mapping[str, bytes]
_SEALED = re.compile(r"[0-9]+(\.bin)?\.age")


def read_manifest(files: Files) -> dict[str, Any] | None:
    """What the manifest says; None when it cannot be read."""
    try:
        manifest = shapes.parsed(files["manifest.json"])
    except (ValueError, KeyError):
        return None
    return dict(manifest) if shapes.MANIFEST(manifest) else None


def is_of(files: Files, case_id: str, verify_key: str) -> bool:
    """Whether this server has signed it, of this very case: what lies beside it was made of that case."""
    signed = signing.verify(files.get("manifest.json", b""), files.get("manifest.sig", b""), verify_key)
    manifest = read_manifest(files) if signed else None
    return manifest is not None and manifest["case_id"] == case_id


def origin(manifest: Mapping[str, Any], files: Files, signed_by: str | None) -> tuple[list[Said], list[Said]]:
    """What is wrong with the signature, and what is to be noted. `signed_by`: whose it must be, if that is known."""
    signer = manifest.get("signer") or ""
    if not signer and "manifest.sig" not in files:
        if signed_by is None:
            return [], [Said(N_("not signed: exported without the server's key"))]
        unsigned = N_("not signed: exported without the server's key, and so not by %(key)s")
        return [Said(unsigned, key=signed_by)], []
    if not signing.verify(files["manifest.json"], files.get("manifest.sig", b""), signer):
        return [Said(N_("the signature of the manifest does not hold"))], []
    found = signing.fingerprint_of(signer)
    if signed_by is None:
        return [], [Said(N_("signed by %(key)s, not compared"), key=found)]
    if signed_by != found:
        return [Said(N_("signed by %(key)s, which is not %(expected)s"), key=found, expected=signed_by)], []
    return [], []


def has_only_keys(manifest: Mapping[str, Any], names: Collection[str]) -> bool:
    """A case as it is handed over by way of the bot: nothing that is sealed, and the keys to it."""
    keys = any(name.startswith("keys/") for name in names)
    return bool(manifest["entries"]) and keys and not any(_SEALED.fullmatch(name) for name in names)


def compared(manifest: Mapping[str, Any], files: Files) -> Iterator[Said]:
    """What is wrong with the entries: missing, changed, or not listed."""
    listed: Sequence[Mapping[str, str]] = manifest["entries"]
    for row in listed:
        yield from _compared(files, row["file"], row["sha256"])
    yield from strangers(files, {row["file"] for row in listed})
    if (listed[-1]["sha256"] if listed else "") != manifest.get("head"):
        yield Said(N_("the head is not the last entry"))


def _compared(files: Files, name: str, sha256: str) -> Iterator[Said]:
    if name not in files:
        yield Said(N_("%(name)s is missing"), name=name)
    elif hashlib.sha256(files[name]).hexdigest() != sha256:
        yield Said(N_("%(name)s is not the file that was signed"), name=name)


def strangers(names: Iterable[str], listed: Container[str], kind: str = "") -> list[Said]:
    """Numbered files that the manifest does not list."""
    numbered = re.compile(rf"[0-9]+{re.escape(kind)}\.age")
    found = sorted(name for name in names if numbered.fullmatch(name) and name not in listed)
    return [Said(N_("%(name)s is not in the manifest"), name=name) for name in found]
