"""`pana flow sign`, `pana flow page`: what was read is signed, nothing else, and a change shows everywhere."""

import asyncio
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import cast

import msgspec
import pytest

from bot.cli.doctor import look
from bot.cli.signing import Signing, sign
from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from bot.errors import PanaError
from bot.questionnaires import Questionnaires
from bot.signable import everything, grave_unsigned
from bot.signing_page import code, in_order
from bot.speech.texts import signing
from bot.speech.words import Words
from flows.marks import Mark, Marks, Role
from flows.marks_file import load_marks
from flows.model import Advice, Always, Not
from flows.readable import Kind
from flows.source import load_source
from storage.tx import Reading
from tests.bot.test_flow_commands import FLOW, KAZAKHSTAN
from tests.warm import Warm

LANGUAGES = ("ru", "kk", "en")
Run = Callable[..., "subprocess.CompletedProcess[str]"]
ADVOCATE = ("sign", "--as", "advocate", "--language", "ru", "--by", "advocate A. K.")
WAS = Advice(id="a", when=Always(), text={"ru": "Скажите", "kk": "Айтыңыз"}, verified_by="A.", signed_in=("kk", "ru"))
K07, EVENT = "clock.K07", "Отказ вручён: месяц на обращение в суд"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the questionnaire, to be signed."""
    shutil.copytree(FLOW.parent, tmp_path / "flow")
    return tmp_path / "flow" / "intake.yaml"


@pytest.fixture
def run(warm: Warm, tree: Path) -> Run:
    """`pana flow ...` on the copy."""
    return lambda *arguments: warm.run(
        ["flow", *arguments, *(["--flow"] if arguments[0] in {"sign", "page"} else []), str(tree)],
        dict(os.environ),
        tree.parent.parent,
    )


def code_of(run: Run, text: str, *, role: str = "advocate", language: str = "ru") -> str:
    """The code of a text, as the list has it."""
    rows = json.loads(run("sign", "--list", "--as", role, "--language", language, "--json").stdout)
    return next(row["code"] for row in rows if row["text"] == text)


def test_nothing_in_the_repository_is_signed_by_anybody() -> None:
    """Whoever signs does it in the tree that they run."""
    source = load_source(FLOW)
    assert [source.marks.of(role) for role in Role] == [{}, {}]
    lawful = (*source.flow.clocks, *source.flow.rules, *source.flow.cards, *source.flow.advice)
    assert {one.verified_by for one in lawful} == {None}


def test_what_is_signed_is_shown_recorded_and_told_by_flow_clocks(run: Run, tree: Path) -> None:
    """With the code of what was read nothing is asked; the file has who, when, and the hash of the very text."""
    read = code_of(run, K07)
    told = run(*ADVOCATE, "--on", "2026-11-20", f"{K07}={read}")
    assert (told.returncode, told.stderr) == (0, "")
    assert EVENT in told.stdout
    for part in (
        "APPC 136(1)",
        "в течение одного месяца со дня вручения",
        "q16_received",
        "1 signed by advocate A. K.",
    ):
        assert part in told.stdout
    (mark,) = load_marks(tree).of(Role.advocate).values()
    assert (mark.text, mark.language, mark.by, mark.on) == (K07, "ru", "advocate A. K.", "2026-11-20")
    assert mark.sha256.startswith(read) and len(mark.sha256) == 64
    clocks = run("clocks").stdout
    assert clocks.count("signed by advocate A. K. on 2026-11-20") == 1
    rows = {row["id"]: row for row in json.loads(run("clocks", "--json").stdout)}
    assert (rows["K07"]["verified_by"], rows["K07"]["verified_at"]) == ("advocate A. K.", "2026-11-20")
    assert [row["id"] for row in rows.values() if row["verified_by"]] == ["K07"]
    checked = run("sign", "--check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert re.search(r"^advocate ru: signed .*\b1 of \d+ clock", checked.stdout, re.MULTILINE)


def test_signatures_that_are_given_at_once_are_all_kept(tree: Path) -> None:
    """By people at terminals of their own, who have all read the file before the others wrote it."""
    people = [Signing.of(tree, None) for _ in range(12)]
    mark = Mark(text="", language="ru", by="A. K.", on="2026-11-20", sha256="0" * 64)
    marks = [msgspec.structs.replace(mark, text=f"clock.K{number:02}") for number in range(len(people))]

    def signs(signing: Signing, mark: Mark) -> None:
        def change(before: Marks) -> Marks:
            time.sleep(0.01)  # between what was read and what is written
            return before.with_(Role.advocate, [mark])

        signing.keep(Role.advocate, change)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(signs, people, marks))
    assert list(load_marks(tree).of(Role.advocate).values()) == marks
    assert {one.name for one in (tree.parent / "signed").iterdir()} == {"advocates.yaml"}


def test_a_change_drops_the_mark_and_is_told_until_it_is_signed_anew(run: Run, tree: Path) -> None:
    """By `flow clocks` and `flow sign --check`; the old code signs nothing any more."""
    old = f"{K07}={code_of(run, K07)}"
    assert run(*ADVOCATE, "--on", "2026-11-20", old).returncode == 0
    clocks = tree.with_name("clocks.yaml")
    written = clocks.read_text()
    changed = written.replace(
        'edition: "2025-12-17"\n  certainty: A\n# Which body', 'edition: "2026-12-17"\n  certainty: A\n# Which body'
    )
    assert changed != written
    clocks.write_text(changed)
    listed = run("clocks").stdout
    assert "NOT SIGNED: lawyers only; changed since it was signed on 2026-11-20" in listed
    row = next(one for one in json.loads(run("clocks", "--json").stdout) if one["id"] == "K07")
    assert (row["verified_by"], row["verified_at"], row["changed_since"]) == (None, None, "2026-11-20")
    checked = run("sign", "--check")
    now = f"{K07}={code_of(run, K07)}"
    assert checked.returncode == 1
    assert checked.stderr == f"advocate ru {now}: changed since, signed by advocate A. K. on 2026-11-20\n"
    refused = run(*ADVOCATE, old)
    assert (refused.returncode, "is another text than the one with the code" in refused.stderr) == (1, True)
    assert run(*ADVOCATE, now).returncode == 0
    assert run("sign", "--check").returncode == 0
    clocks.write_text(clocks.read_text().replace("id: K07", "id: K77"))
    assert "clock.K07: there is no such text any more, signed by" in run("sign", "--check").stderr


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "an unknown text": ((*ADVOCATE, "--yes", "clock.K99"), 1, "there is no text `clock.K99`"),
    "a wildcard": (
        (*ADVOCATE, "--yes", "clock.*"),
        1,
        "there is no text `clock.*`: `pana flow sign --list` has them all",
    ),
    "a kind": ((*ADVOCATE, "--yes", "clock"), 1, "each is named by itself"),
    "one unknown among others": ((*ADVOCATE, "--yes", K07, "rule.X"), 1, "there is no text `rule.X`"),
    "another code": ((*ADVOCATE, f"{K07}=00000000"), 1, "is another text than the one with the code 00000000"),
    "half a code": ((*ADVOCATE, f"{K07}="), 1, "is another text than the one with the code that is missing"),
    "nothing read": ((*ADVOCATE, K07), 1, "nothing is signed: add the code of what was read (clock.K07="),
    "nothing named": (ADVOCATE, 2, "name what was read"),
    "nobody": ((*ADVOCATE[:-2], "--yes", K07), 2, "--by: a role and initials"),
    "a name of two lines": ((*ADVOCATE[:-1], "A.\nB.", "--yes", K07), 2, "--by: a role and initials"),
    "no role": (("sign", "--language", "ru", "--by", "A.", K07), 2, "say who has read"),
    "no language": (("sign", "--as", "reader", "--by", "A.", K07), 2, "say who has read"),
    "another language": ((*ADVOCATE[:4], "fr", *ADVOCATE[5:], "--yes", K07), 2, "'fr' is not one of 'ru', 'kk', 'en'"),
    "a day to come": ((*ADVOCATE, "--on", "2999-01-01", "--yes", K07), 2, "has not come yet"),
    "no day": ((*ADVOCATE, "--on", "yesterday", "--yes", K07), 2, "yesterday is not a day"),
    "nothing to take back": ((*ADVOCATE, "--withdraw", K07), 1, "nobody has signed clock.K07 in ru as advocate"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_signed_is_refused_with_a_reason_and_nothing_is_recorded(
    run: Run, tree: Path, case: str
) -> None:
    """Not even the texts beside it that could be."""
    arguments, exit_code, said = REFUSED[case]
    told = run(*arguments)
    assert told.returncode == exit_code
    assert said in " ".join(told.stderr.replace("│", " ").split())
    assert "Traceback" not in told.stderr
    assert not tree.with_name("signed").exists()


def test_a_text_named_without_its_code_is_shown_whole_before_yes_signs_it(run: Run, tree: Path) -> None:
    """A native reader's in each form, beside the English."""
    told = run(
        "sign",
        "--as",
        "reader",
        "--language",
        "kk",
        "--by",
        "reader Б.",
        "--yes",
        "question.q02",
        "message.seeker.CONSENT",
    )
    assert told.returncode == 0
    words = Words.load()
    for one in everything(load_source(tree), words, "kk"):
        if one.id in {"question.q02", "message.seeker.CONSENT"}:
            for said in one.texts:
                assert said.text.split("\n")[0] in told.stdout and said.english.split("\n")[0] in told.stdout
    assert set(load_marks(tree).of(Role.reader)) == {
        ("question.q02", "kk"),
        ("message.seeker.CONSENT", "kk"),
    }
    assert load_marks(tree).of(Role.advocate) == {}


@pytest.mark.parametrize(
    ("typed", "recorded"), [("y", True), ("Yes ", True), ("", False), ("n", False), ("nein", False)]
)
def test_at_a_terminal_whoever_types_no_code_is_asked(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, recorded: bool
) -> None:
    """After the text was shown; only a yes signs it."""
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda said: (asked.append(capsys.readouterr().out + said), typed)[1])
    with contextlib.nullcontext() if recorded else pytest.raises(PanaError, match="nothing is signed"):
        sign([K07], role=Role.advocate, language="ru", by="A.", flow=tree)
    assert EVENT in asked[0] and "Sign 1 as shown?" in asked[0]
    assert bool(load_marks(tree).of(Role.advocate)) == recorded


OLDER: dict[str, tuple[Advice | None, tuple[tuple[str, ...], bool] | None]] = {
    "as it was": (WAS, (("kk", "ru"), False)),
    "signed in fewer languages": (replace(WAS, signed_in=("ru",)), (("ru",), False)),
    "signed in more": (replace(WAS, signed_in=("en", "kk", "ru")), (("kk", "ru"), False)),
    "withdrawn": (replace(WAS, signed_in=(), verified_by=None), ((), False)),
    "in other words": (replace(WAS, text={"ru": "Подождите", "kk": "Айтыңыз"}), None),
    "for others": (replace(WAS, when=Not(Always())), None),
    "no more": (None, None),
}


@pytest.mark.parametrize("today", OLDER)
def test_an_older_questionnaire_gives_only_the_advice_that_is_still_signed_today(
    monkeypatch: pytest.MonkeyPatch, today: str
) -> None:
    """In the same words, to the same people; whatever was signed then."""
    now, expected = OLDER[today]
    current = replace(KAZAKHSTAN, advice=() if now is None else (now,))
    older = replace(KAZAKHSTAN, revision="older", advice=(WAS,))
    monkeypatch.setattr("bot.questionnaires.read_release", {b"now": current, b"then": older}.__getitem__)
    monkeypatch.setattr("bot.questionnaires.revisions.flow_of", lambda _tx, _revision: b"then")
    found = Questionnaires(b"now").of(cast(Reading, None), "older")
    assert replace(found, advice=older.advice) == older
    said = [(tuple(sorted(one.signed_in)), one.read_on is not None) for one in found.advice]
    assert said == ([] if expected is None else [expected])


def test_a_signature_can_be_withdrawn(run: Run, tree: Path) -> None:
    """Then the text is as one that nobody has signed."""
    assert run(*ADVOCATE, "--yes", K07, "rule.C1").returncode == 0
    assert run(*ADVOCATE, "--withdraw", K07).returncode == 0
    assert set(load_marks(tree).of(Role.advocate)) == {("rule.C1", "ru")}
    assert "signed by" not in run("clocks").stdout


def test_every_text_of_the_catalogs_can_be_signed(tree: Path) -> None:
    """But those of the signers' own pages."""
    words = Words.load()
    said = {each.english for one in everything(load_source(tree), words, "ru") for each in one.texts}
    known = {msgid for (_context, msgid) in words.texts["ru"]} | set(words.plurals["ru"])
    own = {
        one if isinstance(one, str) else one[0]
        for name, one in vars(signing).items()
        if name.isupper() and name[-1] != "_"
    }
    assert known - said - own == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", list(Role))
def test_a_page_has_every_text_that_its_reader_signs_once_with_its_code(tree: Path, role: Role, language: str) -> None:
    """In sections, the gravest first for a native reader; nothing that concerns the law is left out for an advocate."""
    texts = everything(load_source(tree), Words.load(), language)
    sections = list(in_order(role, texts))
    printed = [one.id for _, inside in sections for one in inside]
    assert sorted(printed) == sorted(one.id for one in texts if one.wanted_of(role))
    assert len(set(printed)) == len(printed)
    assert {one.kind for _, inside in sections for one in inside} == set(Kind)


class Read(HTMLParser):
    """What a page says, and what it would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.fetches: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag in {"script", "link", "img", "iframe", "object"} or names & {"src", "href", "onclick", "onload"}:
            self.fetches.append(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.mark.parametrize(("role", "language"), [("advocate", "ru"), ("reader", "kk")])
def test_the_page_is_one_file_that_fetches_and_runs_nothing(run: Run, tree: Path, role: str, language: str) -> None:
    """For A4, with each text, its code, what stands beside it, and how to sign."""
    told = run("page", "--for", role, "--lang", language, "--beside", "ru")
    assert (told.returncode, told.stdout, told.stderr) == (0, f"{role}-{language}.html\n", "")
    file = tree.parent.parent / f"{role}-{language}.html"
    content = file.read_text()
    assert "size: A4" in content and "url(" not in content and "@import" not in content
    page = Read()
    page.feed(content)
    assert page.fetches == []
    said = "".join(page.said)
    beside = {one.id: one for one in everything(load_source(tree), Words.load(), "ru")}
    for one in everything(load_source(tree), Words.load(), language):
        if one.wanted_of(Role(role)):
            assert code(one, Role(role)) in said
            assert one.texts[0].text in said
            assert role != "reader" or all(each.text in said for each in (*one.texts, beside[one.id].texts[0]))
    assert f"pana flow sign --as {role} --language {language}" in said
    again = run("page", "--for", role, "--lang", language)
    assert (again.returncode, "is not overwritten" in again.stderr) == (1, True)


def test_an_advocates_page_has_the_law_its_term_source_certainty_and_when_it_counts(run: Run, tree: Path) -> None:
    """In words, with the answers as people read them; what is signed says so, and can be left out."""
    run(*ADVOCATE, "--on", "2026-11-20", "--yes", "clock.K05")
    run("page", "--for", "advocate", "--lang", "ru", "-o", "all.html")
    run("page", "--for", "advocate", "--lang", "ru", "--unsigned", "-o", "open.html")
    every, some = ((tree.parent.parent / name).read_text() for name in ("all.html", "open.html"))
    item = every[every.index("clock.K07=") : every.index("clock.K08=")]
    for part in ("не подписано", EVENT, "APPC 136(1)", "со дня вручения административного акта", "2025-12-17", ">A<"):
        assert part in item
    assert "за 7 дней до конца" in item and "27, 20, 10, 7, 3" in item
    rule = every[every.index("rule.C11=") : every.index("rule.C12=")]
    assert "всё из этого:" in rule and "хотя бы одно из этого:" in rule and "KNB" not in rule
    assert "подписано: advocate A. K., 20 ноября 2026" in every
    assert "clock.K05=" not in some and "clock.K06=" in some


def _signed_everything_grave(instance: Instance, flow: Path) -> None:
    words, source = Words.load(), load_source(flow)
    for language in LANGUAGES:
        ids = [one.id for one in everything(source, words, language) if one.grave]
        for role in ("reader", "advocate")[: 1 + (language == "ru")]:
            who = ("--as", role, "--language", language, "--by", f"{role} A.")
            instance.pana("flow", "sign", *who, "--flow", str(flow), "--yes", *ids)


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_the_start_warns_while_the_consent_or_a_question_about_danger_is_unsigned(
    telegram: BotApiServer, instance: Instance
) -> None:
    """One line, without a name; it is gone once they are signed: read in each language, verified in one."""
    shutil.copytree(FLOW.parent, instance.folder / "flow")
    flow = instance.folder / "flow" / "intake.yaml"
    configuration = instance.folder / "pana.toml"
    configuration.write_text(f'{configuration.read_text()}\n[intake]\nflow = "{flow}"\n')
    await instance.start()
    assert await instance.stop() == 0
    lines = [line for line in instance.log.read_text().splitlines() if "not signed" in line]
    assert len(lines) == 1
    expected = grave_unsigned(load_source(flow), Words.load(), LANGUAGES)
    assert json.loads(lines[0])["count"] == expected > 0
    assert json.loads(lines[0])["level"] == "warning"
    _signed_everything_grave(instance, flow)
    await instance.start()
    assert await instance.stop() == 0
    assert instance.log.read_text().count("not signed") == 1
    looked = await asyncio.to_thread(lambda: list(look(configuration)))
    found = [one for one in looked if one.what == "signed texts"]
    assert [one.state for one in found] == ["warning"] * 6
    assert found[0].said.startswith("reader, ru: unsigned ") and "changed since 0" in found[0].said
    of_messages = re.search(r"(\d+) of (\d+) message", found[0].said)
    assert of_messages and int(of_messages[2]) - int(of_messages[1]) == 4
    assert "advocate, ru: unsigned 0 of 4 message, 0 of " in found[3].said
