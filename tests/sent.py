"""What lies in the files of an exported case, read with the stock reader of age alone."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.storage.age_reader import read_age


@dataclass(frozen=True, slots=True)
class InCase:
    """A file of a case: what its entry says, and what was sent."""

    entry: Mapping[str, Any]
    content: bytes = field(repr=False)

    @property
    def question(self) -> str | None:
        """The one that it answers."""
        found: str | None = self.entry.get("question")
        return found

    @property
    def value(self) -> Mapping[str, Any]:
        """What is said of it."""
        found: Mapping[str, Any] = self.entry["value"]
        return found


def in_cases(zipped: bytes, identity: str) -> dict[str, list[InCase]]:
    """Case -> its files, of a zip; each is the size and has the hashes that manifest and entry say."""
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        names = archive.namelist()
        cases = dict.fromkeys(name.partition("/")[0] for name in names)
        return {case: list(_of_case(archive, names, case, identity)) for case in cases}


def _of_case(archive: zipfile.ZipFile, names: list[str], case: str, identity: str) -> Iterator[InCase]:
    key = next(one for one in _keys(archive, names, case, identity) if one is not None)
    for listed in json.loads(archive.read(f"{case}/manifest.json"))["entries"]:
        if listed["kind"] != "file":
            assert "blob" not in listed
            continue
        sealed = archive.read(f"{case}/{listed['blob']}")
        assert hashlib.sha256(sealed).hexdigest() == listed["blob_sha256"]
        entry = json.loads(read_age(archive.read(f"{case}/{listed['file']}"), key))
        opened, size = read_age(sealed, key), entry["value"]["bytes"]
        assert not opened[size:].strip(b"\0")
        assert hashlib.sha256(opened[:size]).hexdigest() == entry["value"]["sha256"]
        yield InCase(entry, opened[:size])


def _keys(archive: zipfile.ZipFile, names: list[str], case: str, identity: str) -> Iterator[str | None]:
    for name in names:
        if name.startswith(f"{case}/keys/"):
            try:
                text = read_age(archive.read(name), identity).decode()
            except AssertionError:  # somebody else's
                continue
            yield next(line for line in text.splitlines() if line.startswith("AGE-SECRET-KEY"))
