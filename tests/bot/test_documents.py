"""What the documents show is what the program takes: settings, TOML, commands and targets of make."""

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.settings import NOT_SETTINGS, Settings, load_settings
from bot.settings_page import tables
from storage.schema import metadata
from storage.sealing import age
from storage.sealing.identity_file import fingerprint
from tests.bot.in_process import Ended, pana

ROOT = Path(__file__).parent.parent.parent
# Decisions tell what was; they name what has gone since.
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")])
RECIPIENT = age.recipient_of(age.generate_identity())
NAMES = {one.name for table in tables() for one in table.settings} | {table.name for table in tables()}
VARIABLES = {name for table in tables() for one in (table, *table.settings) for name in one.variables} | {*NOT_SETTINGS}
COLUMNS = {f"{column.table.name}.{column.name}" for one in metadata.tables.values() for column in one.columns}
NO_SETTING = {"server.key"} | COLUMNS  # a file, and what docs/threat-model.md says of the database


@dataclass(frozen=True, slots=True)
class Shown:
    """What a document shows as code; `label` is the word behind the fence, None inside a line."""

    document: Path
    label: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.document.name}: {self.text[:60]!r}"


def shown_in(document: Path) -> Iterator[Shown]:
    """All code of a document, in its order: the fenced blocks, and what stands in a line or goes on in the next."""
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$|`([^`]+)`", document.read_text(), re.DOTALL | re.MULTILINE):
        label, block, inline = found.groups()
        yield Shown(document, label if inline is None else None, block if inline is None else " ".join(inline.split()))


ALL = [one for document in DOCUMENTS for one in shown_in(document)]
INLINE = [one for one in ALL if one.label is None]


def commands_in(shown: Shown) -> Iterator[str]:
    """The lines of a block that run `pana`, `make` or `cd`, or what stands in a line and does."""
    lines = shown.text.splitlines() if shown.label in {"", "sh", "ini"} else [shown.text] if shown.label is None else []
    for line in lines:
        found = re.match(r"(?:ExecStart=\S*/)?((?:PANA_\w+=\S+ )*(?:pana|make|cd) .+)$", line)
        if found:
            yield found[1]


def arguments_of(command: str) -> tuple[Mapping[str, str], Sequence[str]]:
    """The variables before a command, and its words, without what the shell takes for itself."""
    words = shlex.split(command.partition(" > ")[0], comments=True)
    variables = dict(word.split("=", 1) for word in words if word.startswith("PANA_"))
    return variables, [word for word in words if not word.startswith("PANA_")]


# --- settings ---


@pytest.mark.parametrize("shown", [one for one in ALL if one.label == "toml"], ids=str)
def test_what_is_shown_of_pana_toml_is_accepted(tmp_path: Path, shown: Shown) -> None:
    """Every block of TOML is a configuration, or a part of one."""
    accepts(tmp_path, shown.text)


@pytest.mark.parametrize("shown", [one for one in INLINE if re.match(r"[a-z_.]+ = ", one.text)], ids=str)
def test_a_setting_in_a_line_is_accepted(tmp_path: Path, shown: Shown) -> None:
    """With the value that is shown."""
    accepts(tmp_path, shown.text)


def accepts(tmp_path: Path, toml: str) -> None:
    """Raises when `load_settings` does not take it, completed with what every configuration needs."""
    needed = "" if "recovery" in tomllib.loads(toml) else f'\n[recovery]\nrecipients = ["{RECIPIENT}"]\n'
    (tmp_path / "pana.toml").write_text(toml + needed)
    elsewhere = {"PANA_DATABASE_URL": "postgresql+psycopg://pana@/pana"} if "draft_keys" in toml else {}
    load_settings(tmp_path / "pana.toml", elsewhere)  # keys rest in the database only on PostgreSQL


def test_every_setting_that_is_named_is_one() -> None:
    """`oncall.claims_a_day` in a line is a key of the declarations."""
    name = re.compile(rf"(?:{'|'.join(Settings.model_fields)})\.[a-z_.]+")
    named = {one.text for one in INLINE if name.fullmatch(one.text)} - NO_SETTING
    assert "retention.unclaimed_after" in named
    assert named - NAMES == set()


def test_every_variable_that_is_named_is_read() -> None:
    """Also those in blocks."""
    named = {name for document in DOCUMENTS for name in re.findall(r"PANA_[A-Z_]+[A-Z]", document.read_text())}
    assert named - VARIABLES == set()


# --- commands ---

WRITTEN = sorted({command for one in ALL for command in commands_in(one)})


def test_every_command_is_there_with_its_options(tmp_path: Path) -> None:
    """Also one that is only named."""
    for command in [one for one in WRITTEN if "pana" in one.split()]:
        _, (_, *arguments) = arguments_of(command)
        asked = pana(tmp_path, *arguments, "--help")
        assert (asked.code, asked.err) == (0, ""), command


def test_every_option_that_is_named_alone_is_one_of_some_command(tmp_path: Path) -> None:
    """`--no-push` beside the command that has it."""
    named = {word for one in INLINE if one.text.startswith("--") for word in re.findall(r"--[a-z-]+", one.text)}
    helps = "".join(pana(tmp_path, *one, "--help").out for one in every_command(tmp_path))
    known = set(re.findall(r"--[a-z-]+", helps))
    assert "--no-push" in named
    assert named - known == set()


def every_command(folder: Path, *above: str) -> Iterator[tuple[str, ...]]:
    """The words of each command, from what --help lists."""
    listed = pana(folder, *above, "--help").out.partition("Commands:\n")[2]
    names = re.findall(r"^  ([a-z]+)", listed, re.MULTILINE)
    if not names:
        yield above
    for name in names:
        yield from every_command(folder, *above, name)


def test_every_target_of_make_that_is_named_is_there() -> None:
    """`make soak` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for one in WRITTEN if one.startswith("make") for word in arguments_of(one)[1][1:] if "=" not in word}
    assert "test" in named
    assert named - targets == set()


# What cannot be run here, and why.
NOT_RUN = {
    "run": "needs Telegram, and serves until it is ended",
    "doctor --send": "sends what must arrive somewhere",
    "member approve": "a key comes by Telegram first",
}
SPOKEN_OF = {"init", "keygen"}  # by the bare name, which would do something else
# What does not end with 0 on a fresh instance, and what it says.
ENDS = {
    "doctor": (1, "set PANA_TELEGRAM_TOKEN_FILE"),
    "oncall check": (1, "never pressed Start"),
    "open": (1, "there is no case"),
}
# Somebody of whom the text speaks, and who is there already.
ALSO = {"member add Aigul": "member add Boris --role lawyer --telegram-id 1 --recipient boris.pub --on-call"}


@dataclass(slots=True)
class Reader:
    """Somebody who does what a document says, in its order, on a machine of their own whose root is a folder.

    Without passphrases: each would take half a second (scrypt).
    """

    root: Path
    here: Path = field(init=False)
    signing_fingerprint: str = ""
    identities: dict[str, Path] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.here = self.root / "home"
        self.here.mkdir()
        (self.root / "srv").mkdir()

    def reads(self, document: Path) -> None:
        """Runs each command of a document once."""
        for command in dict.fromkeys(command for one in shown_in(document) for command in commands_in(one)):
            variables, (program, *words) = arguments_of(command.replace("/srv/", f"{self.root}/srv/"))
            if program == "cd":
                self.here = Path(words[0])
            elif program == "pana" and "PANA_DATABASE_URL_FILE" not in variables:  # SQLite is all that is here
                self._runs(" ".join(words), words)

    def _runs(self, command: str, words: Sequence[str]) -> None:
        if command in SPOKEN_OF or any(command.startswith(one) for one in NOT_RUN):
            return
        ended = self.pana(*map(self._meant, self._with_files(words)))
        if ended.code == 2 and "Missing" in ended.err:  # it is spoken of, not shown
            return
        self.done.append(command)
        code, said = next((ENDS[one] for one in ENDS if command.startswith(one)), (0, ""))
        assert (command, ended.code) == (command, code), ended.err
        assert said in ended.out + ended.err
        found = re.search(r"signing fingerprint to every member: (\S+)", ended.out)
        self.signing_fingerprint = found[1] if found else self.signing_fingerprint
        if command.startswith("keygen -o"):
            self.identities[words[2]] = self.here / words[2]
        for also in (ALSO[one] for one in ALSO if command.startswith(one)):
            self._runs(also, also.split())

    def pana(self, *words: str) -> Ended:
        """Runs a command where the reader is."""
        return pana(self.here, *(one for one in words if one != "--passphrase"))

    def _with_files(self, words: Sequence[str]) -> Iterator[str]:
        """The words; public keys are there, as their owners send them, and F is the fingerprint of the one named."""
        key = ""
        for word in words:
            if word.endswith(".pub"):
                file = self.here / word
                if not file.exists():
                    file.write_text(age.recipient_of(age.generate_identity()) + "\n")
                key = file.read_text().strip()
            yield fingerprint(key) if word == "F" else word

    def _meant(self, word: str) -> str:
        """What stands for something else: an identity file is on the device on which it was made."""
        stands_for = {"FINGERPRINT": self.signing_fingerprint, "ADDRESS": "https://ntfy.example.org/topic"}
        return str(self.identities.get(word, stands_for.get(word, word)))


@pytest.mark.parametrize("name", ["README.md", "docs/running.md"])
def test_what_a_document_says_can_be_done_in_its_order(tmp_path: Path, name: str) -> None:
    """On a fresh machine with SQLite, without Telegram."""
    reader = Reader(tmp_path)
    reader.reads(ROOT / name)
    assert reader.done
    assert reader.pana("case", "list").code == 0  # the last folder is the instance's own
