"""`python -m locales.reader update|check`: what the reader's page takes from the program, in reader/src/generated.json.

Its texts stand in the catalogs like all others; the words by which a caller is known come from storage/call_words.py,
what looks like a letter of a fingerprint from storage/sealing/identity_file.py, and the names of months from CLDR.
"""

import json
import sys
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

from locales.messages import FOLDER, LANGUAGES, ROOT, extract, path_of
from storage.call_words import WORDS
from storage.sealing.identity_file import LOOK_ALIKES

GENERATED = ROOT / "reader" / "src" / "generated.json"
_SAID = {f"storage/{one}.py" for one in ("reading", "manifests", "opened", "taken_out")}  # its problems are the page's


def generated(folder: Path = FOLDER) -> str:
    """The JSON, the same from the same catalogs."""
    of_page = [one for one in extract() if one.id and any(_is_of_page(file) for file, _ in one.locations)]
    texts: dict[str, dict[str, str | list[str]]] = {}
    for language in LANGUAGES:
        with path_of(folder, language).open("rb") as file:
            catalog = read_po(file, locale=language)
        for one in of_page:
            name = one.id if isinstance(one.id, str) else one.id[0]
            found = catalog.get(name)
            string = found.string if found is not None else ""
            texts.setdefault(name, {})[language] = string if isinstance(string, str) else list(string)
    months = {language: _months(language) for language in (*LANGUAGES, "en")}
    page = {"callWords": WORDS, "lookAlikes": _alike(), "months": months, "texts": texts}
    return json.dumps(page, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _is_of_page(file: str) -> bool:
    return file.startswith("reader/") or file in _SAID


def _alike() -> dict[str, str]:
    return {chr(one): chr(meant) for one, meant in LOOK_ALIKES.items()}


def _months(language: str) -> list[str]:
    """As they stand in a date."""
    names = Locale.parse(language).months["format"]["wide"]
    return [str(names[number]) for number in range(1, 13)]


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        GENERATED.write_text(generated())
    elif sys.argv[1:] != ["check"]:
        sys.exit("usage: python -m locales.reader update|check")
    elif GENERATED.read_text() != generated():
        sys.exit("reader/src/generated.json is stale: run `make reader`")
