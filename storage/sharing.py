"""`pana share`: a copy of a bundle that one more reader can open. Piece by piece, however large its files are."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from storage.errors import Refused
from storage.packed import Packed, cases_in
from storage.reading import unwrap
from storage.record import new_kid, wrap

_OF_KEYS = ("manifest.json", "manifest.sig")


def share(
    path: Path,
    identities: Sequence[str],
    to: str,
    out: BinaryIO,
    *,
    only_keys: bool = False,
    begins: Callable[[int], None] = lambda _size: None,
    went: Callable[[int], None] = lambda _size: None,
) -> int:
    """Writes the copy with one more wrap per case; manifests stay as they are. Returns the cases.

    `only_keys`: without what is sealed, for handing a case over by way of the bot, which has that itself. `begins` and
    `went`: how many bytes there are, and were written. Raises Refused for a case that does not open, and what is
    damaged.
    """
    with cases_in(path) as cases, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        wanted = {code: [name for name in packed.where if _goes(name, only_keys)] for code, packed in cases.items()}
        begins(sum(packed.size(name) for code, packed in cases.items() for name in wanted[code]))
        for code, packed in cases.items():
            identity = unwrap(packed.small()[0], identities)
            if identity is None:
                raise Refused(f"case {code} does not open with this identity")
            for name in wanted[code]:
                _copy(archive, packed, code, name, went)
            archive.writestr(_named(f"{code}/keys/{new_kid()}.age"), wrap(identity, to))
        return len(cases)


def _goes(name: str, only_keys: bool) -> bool:
    return not only_keys or name in _OF_KEYS or name.startswith("keys/")


def _copy(archive: zipfile.ZipFile, packed: Packed, code: str, name: str, went: Callable[[int], None]) -> None:
    info = _named(f"{code}/{name}")
    info.file_size = packed.size(name)
    with archive.open(info, "w") as file:
        for piece in packed.pieces(name):
            file.write(piece)
            went(len(piece))


def _named(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
