"""`python -m locales.messages update|check`: extracts every text, updates the catalogs, and proves them complete.

Texts of the bot are marked N_ and NP_ in Python, those of the reader's page t and tn in TypeScript; texts of a
questionnaire come through `flows.extract`. Catalogs are
plain .po files, read at start. A missing, fuzzy, stale or unfit text fails the build with file and remedy.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from locales.language_rules import faults

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "locales"
LANGUAGES = {"ru": 3, "kk": 2}
_METHODS = [
    ("bot/**.py", "python"),
    ("storage/**.py", "python"),
    ("flows/**.yaml", "pana_flow"),
    ("reader/src/**.ts", "javascript"),
]
# The last four are of the reader's page (reader/src).
_KEYWORDS = {
    "N_": None, "NP_": (1, 2), "pgettext": ((1, "c"), 2), "t": None, "tn": (1, 2), "sentence": None, "wrong": None,
}  # fmt: skip


def extract() -> Catalog:
    """Every text of the program, in the order of its files."""
    catalog = Catalog(project="pana", copyright_holder="Pana", charset="utf-8")
    found = extract_from_dir(
        ROOT,
        _METHODS,
        keywords=_KEYWORDS,
        comment_tags=("i18n:",),
        directory_filter=lambda folder: Path(folder).name not in {".venv", "tests", "docs", "node_modules"},
    )
    for file, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        notes = [comment.removeprefix("i18n:").strip() for comment in comments]
        catalog.add(message, None, [(file, 0)], auto_comments=notes, context=context)
    return catalog


def path_of(folder: Path, language: str) -> Path:
    """The catalog of a language."""
    return folder / language / "LC_MESSAGES" / "pana.po"


def _rendered(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return buffer.getvalue()


def _read(folder: Path, language: str) -> Catalog:
    path = path_of(folder, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(folder: Path = FOLDER) -> None:
    """Writes the template and brings each catalog up to date; new texts are left empty, nothing is guessed.

    What a translator marked as fuzzy stays so until a translator confirms it.
    """
    template = extract()
    (folder / "messages.pot").write_bytes(_rendered(template))
    for language in LANGUAGES:
        old, fresh = _read(folder, language), Catalog(locale=language, charset="utf-8")
        for message in template:
            if message.id:
                known = old.get(_id(message), message.context)
                fresh.add(
                    message.id,
                    known.string if known else None,
                    message.locations,
                    flags={"fuzzy"} if known and known.fuzzy else (),
                    auto_comments=message.auto_comments,
                    context=message.context,
                )
        path_of(folder, language).parent.mkdir(parents=True, exist_ok=True)
        path_of(folder, language).write_bytes(_header(language) + _rendered(fresh))


def _header(language: str) -> bytes:
    plural = str(Catalog(locale=language).plural_forms)
    fields = ["Content-Type: text/plain; charset=utf-8", f"Language: {language}", f"Plural-Forms: {plural}"]
    return ('msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields) + "\n").encode()


def check(folder: Path = FOLDER) -> list[str]:
    """Everything that is wrong with the catalogs, each with file, text and remedy."""
    template = extract()
    problems = []
    pot = folder / "messages.pot"
    if not pot.exists() or pot.read_bytes() != _rendered(template):
        problems.append(f"{_shown(folder, pot)} is stale: run `make messages`")
    wanted = {(_id(message), message.context): message for message in template if message.id}
    for language, forms in LANGUAGES.items():
        catalog, file = _read(folder, language), _shown(folder, path_of(folder, language))
        for (text, context), message in wanted.items():
            found = catalog.get(text, context)
            problems += [f"{file}: {_name(message)}: {one}" for one in _faults(found, message, language, forms)]
        for message in catalog:
            if message.id and (_id(message), message.context) not in wanted:
                problems.append(f"{file}: {_name(message)}: is used nowhere: run `make messages`")
    return problems


def _shown(folder: Path, path: Path) -> str:
    return str(Path("locales") / path.relative_to(folder))


def _strings(found: Message | None) -> list[str]:
    """Its translations: one, or one for each plural form."""
    string = () if found is None else found.string
    return [string] if isinstance(string, str) else list(string)


def _is_label(context: str) -> bool:
    """True for what stands on a button."""
    sentence = context.startswith(("rule.", "clock.", "card.", "advice.")) or context.endswith((".text", ".hint"))
    return context.count(".") == 1 and not sentence


def _faults(found: Message | None, wanted: Message, language: str, forms: int) -> list[str]:
    strings = _strings(found)
    if found is None or not any(strings):
        return ["has no translation: add one"]
    if found.fuzzy:
        return ["is fuzzy: confirm it"]
    if not isinstance(wanted.id, str) and (len(strings) != forms or not all(strings)):
        return [f"needs {forms} plural forms"]
    source = wanted.id if isinstance(wanted.id, str) else wanted.id[-1]
    label = _is_label(wanted.context or "")
    return [fault for string in strings for fault in faults(str(string), source, language, label=label)]


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _name(message: Message) -> str:
    text = _id(message).replace("\n", " ")
    return f"{message.context}: {text[:50]}" if message.context else text[:50]


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["check"]:
        found = check()
        print("\n".join(found) or "ok", file=sys.stderr if found else sys.stdout)
        sys.exit(bool(found))
    else:
        sys.exit("usage: python -m locales.messages update|check")
