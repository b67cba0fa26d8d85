"""`pana share`: a copy of a bundle that one more reader can open. Piece by piece, however large its files are.

Nothing is passed on that does not hold: each case is read and checked whole before anything is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storage.errors import Refused
from storage.harmless import shown
from storage.packed import Packed, cases_in
from storage.reading import read_case, unwrap
from storage.record import new_kid, wrap
from storage.stored_zip import StoredZip
from storage.taken_out import Taking

_OF_KEYS = ("manifest.json", "manifest.sig")
_CODE = re.compile(r"[0-9A-Za-z-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """Whose cases are shared. `signed_by`: the server's fingerprint; None: any. `unsigned`: also of no server."""

    identities: Sequence[str]
    signed_by: str | None = None
    unsigned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """How many cases there are in the copy, and what is to be noted of them, such as by whom they are signed."""

    cases: int
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Sound:
    """A case that holds, with its own identity."""

    packed: Packed
    code: str
    identity: str
    notes: Sequence[str]


class _Looking(Taking):
    """Every file is compared with what was signed, unless only keys are passed on."""

    def __init__(self, went: Callable[[int], None], *, only_keys: bool) -> None:
        self._went, self._only_keys = went, only_keys

    def wants(self, seq: int) -> bool:
        del seq
        return not self._only_keys

    def went(self, size: int) -> None:
        self._went(size)


def share(
    path: Path,
    trusted: Trusted,
    to: str,
    out: BinaryIO,
    *,
    only_keys: bool = False,
    begins: Callable[[int], None] = lambda _size: None,
    went: Callable[[int], None] = lambda _size: None,
) -> Shared:
    """Writes the copy with one more wrap per case; manifests stay as they are.

    `only_keys`: without what is sealed, for handing a case over by way of the bot, which has that itself. `begins` and
    `went`: how many bytes there are, and were moved. Raises Refused for a case that does not open, or does not hold.
    """
    looking = _Looking(went, only_keys=only_keys)
    with cases_in(path) as cases, StoredZip(out) as archive:
        begins(2 * sum(packed.size(name) for packed in cases for name in _names(packed, only_keys)))
        sound = [_sound(packed, trusted, looking) for packed in cases]
        _require_different([one.code for one in sound])
        for case in sound:
            for name in _names(case.packed, only_keys):
                archive.put_parts(f"{case.code}/{name}", _watched(case.packed.pieces(name), went))
            archive.put(f"{case.code}/keys/{new_kid()}.age", wrap(case.identity, to))
        return Shared(cases=len(sound), notes=sorted({note for one in sound for note in one.notes}))


def _require_different(codes: Sequence[str]) -> None:
    twice = [code for code in codes if codes.count(code) > 1]
    if twice:
        raise Refused(f"case {twice[0]} stands there twice: share one of them")


def _sound(packed: Packed, trusted: Trusted, looking: Taking) -> _Sound:
    """A case of which all holds; raises Refused."""
    read = read_case(packed, trusted.identities, trusted.signed_by, looking)
    code = shown(read.code or packed.folder)
    identity, _ = unwrap(packed.small()[0], trusted.identities, str(read.manifest.get("recipient")))
    if identity is None:
        raise Refused(f"case {code} does not open with this identity")
    if read.problems:
        raise Refused(f"case {code} is not shared: {read.problems[0]}")
    if not read.manifest.get("signer") and not trusted.unsigned:
        raise Refused(f"case {code} is signed by nobody, so it may be anybody's: --unsigned shares it all the same")
    if not _CODE.fullmatch(read.code):
        raise Refused(f"{code} is no code of a case")
    return _Sound(packed, read.code, identity, [str(one) for one in read.notes])


def _names(packed: Packed, only_keys: bool) -> list[str]:
    return [name for name in packed.where if not only_keys or name in _OF_KEYS or name.startswith("keys/")]


def _watched(pieces: Iterable[bytes], went: Callable[[int], None]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        went(len(piece))
