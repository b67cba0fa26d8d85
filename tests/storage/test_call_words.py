"""The two words that a lawyer says first when calling."""

import contextlib
import json
import zipfile
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import select, update

from flows.facts import Facts
from flows.model import Level
from storage.bundle import write_bundle
from storage.call_words import WORDS, call_words
from storage.case import Claimed, Waiting
from storage.cases import Cases
from storage.database import Database
from storage.opened import OpenedCase
from storage.reading import ReadCase, read_bundle
from storage.record import Entry, EntryKind
from storage.schema import case_file
from storage.tx import Tx
from tests.storage.age_reader import read_age
from tests.storage.test_record import LAWYER, NOW, cases, database, fill

__all__ = ["cases", "database"]


@pytest.mark.parametrize("language", list(WORDS))
def test_a_case_gives_two_different_words_in_each_language(language: str) -> None:
    """Always the same two for a secret, none twice in one, and every word of the list is drawn somewhere."""
    drawn = [call_words(f"case-{number}", language).split(", ") for number in range(5000)]
    assert drawn[7] == call_words("case-7", language).split(", ")
    assert all(len(two) == len(set(two)) == 2 for two in drawn)
    assert {word for two in drawn for word in two} == set(WORDS[language])


@pytest.mark.parametrize("language", list(WORDS))
def test_no_two_words_are_alike_but_for_a_letter(language: str) -> None:
    """On a bad line one letter is not heard."""
    words = WORDS[language]
    assert len(set(words)) == len(words) >= 50
    alike = [(one, other) for one, other in combinations(words, 2) if _with_one_gone(one) & _with_one_gone(other)]
    assert alike == []


def check(word: str, **more: str) -> dict[str, object]:
    """The entry of a claim."""
    return {"kind": "check", "at": "2026-11-24", "lang": "ru", "value": {"word": word, "for": "Aigul", **more}}


def test_the_reader_says_the_words_of_the_latest_claim() -> None:
    """From the sealed secret; of a claim of before there was one from the case id; without a claim there are none."""
    before, first, second = check("222222"), check("333333", call="a" * 32), check("444444", call="b" * 32)
    for entries, secret in (([before], "id"), ([before, first], "a" * 32), ([first, second], "b" * 32)):
        opened = OpenedCase(ReadCase("K7Q4-F2MX", {"case_id": "id"}, entries))
        assert opened.as_json()["call_words"] == call_words(secret, "ru")
    opened = OpenedCase(ReadCase("K7Q4-F2MX", {"case_id": "id"}, [{"kind": "answer", "question": "q", "value": "x"}]))
    assert opened.as_json()["call_words"] is None


@pytest.mark.parametrize("then", list(WORDS))
def test_the_reader_says_them_in_the_language_of_the_claim_whatever_is_written_later(then: str) -> None:
    """A claim of before names none: there it is the language in which the person wrote last."""
    said = {"kind": "answer", "question": "q", "value": "x", "at": "2026-11-24", "lang": then}
    named, unnamed = check("222222", call="a" * 32), {**check("222222", call="a" * 32), "lang": None}
    for entry, language in ((named, "ru"), (unnamed, then)):
        opened = OpenedCase(ReadCase("K7Q4-F2MX", {"case_id": "id"}, [entry, said]), "en")
        assert (opened.language, opened.as_json()["call_words"]) == (then, call_words("a" * 32, language))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disk_or_a_bundle_that_is_not_opened_gives_no_call_words(
    database: Database, cases: Cases, tmp_path: Path
) -> None:
    """Everything that is public about the case is tried; the lawyer's own key gives the words of the person's card."""
    case = database.change(lambda tx: fill(tx, cases, ["a"]), at=NOW)

    def claim(tx: Tx) -> Claimed:
        waits = cases.hand_over(tx, case, Facts(level=Level.high, language="kk"))
        claimed = cases.claims.claim(tx, waits, cases.chain.members.all(tx)[0])
        assert claimed is not None
        return cases.claims.set_check_word(tx, claimed, sealed_check)

    held = database.change(claim, at=NOW)
    assert held == database.read(lambda tx: replace(cases.get(tx, case.row), seq=held.seq))
    secret = held.claim.call_secret
    with (tmp_path / "a.zip").open("wb") as file:
        write_bundle(file, [database.read(lambda tx: cases.chain.bundle(tx, held))], None, "", NOW.date())
    assert secret is not None
    bytes_of = b"".join(one.read_bytes() for one in (tmp_path / "a.zip", *tmp_path.glob("pana.db*")))
    assert secret.encode() not in bytes_of
    assert secret not in {held.case_id, held.code, held.recipient}
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        keys = [archive.read(name) for name in archive.namelist() if "/keys/" in name]
        sealed = archive.read(f"{held.code}/0003.age")
    said = json.loads(read_age(sealed, identity_in(keys)))
    assert (said["value"]["call"], said["lang"]) == (secret, held.language)
    (read,) = read_bundle(tmp_path / "a.zip", [LAWYER], None)
    read.flows.clear()  # this test's is no whole questionnaire
    assert OpenedCase(read).as_json()["call_words"] == held.claim.words
    waits = database.change(lambda tx: cases.claims.waits_again(tx, held))
    row = database.read(lambda tx: tx.execute(select(case_file.c.call_sealed, case_file.c.check_mac)).one())
    assert (tuple(row), type(waits)) == ((None, None), Waiting)


def test_a_claim_that_an_earlier_version_has_sealed_has_words_in_the_language_of_its_person(
    database: Database, cases: Cases
) -> None:
    """It has kept the secret alone; before that, nothing."""

    def claim(tx: Tx) -> Claimed:
        waits = cases.hand_over(tx, fill(tx, cases, ["a"]), Facts(level=Level.high, language="kk"))
        claimed = cases.claims.claim(tx, waits, cases.chain.members.all(tx)[0])
        assert claimed is not None
        return cases.claims.set_check_word(tx, claimed, sealed_check)

    held = database.change(claim, at=NOW)
    secret = cases.ring.seal_row("call", "case", "call", held.case_id, b"a" * 32)
    for sealed, gives in ((secret, "a" * 32), (None, held.case_id)):
        database.change(lambda tx, sealed=sealed: tx.execute(update(case_file).values(call_sealed=sealed)), at=NOW)
        (read,) = database.read(lambda tx: cases.held_by(tx, held.claim.by))
        assert read.claim.words == call_words(gives, "kk")


def test_words_whose_secret_cannot_be_read_are_not_replaced_by_public_ones(database: Database, cases: Cases) -> None:
    """None are shown then, neither on the card nor to the lawyer."""

    def claim(tx: Tx) -> None:
        waits = cases.hand_over(tx, fill(tx, cases, ["a"]), Facts(level=Level.high, language="kk"))
        assert cases.claims.claim(tx, waits, cases.chain.members.all(tx)[0])
        tx.execute(update(case_file).values(call_sealed=b"x"))

    database.change(claim, at=NOW)
    (held,) = database.read(lambda tx: cases.held_by(tx, cases.chain.members.all(tx)[0].id))
    assert held.claim.words is None


def sealed_check(word: str, call: str) -> Entry:
    """The entry of a claim, as the bot makes it."""
    return Entry(kind=EntryKind.check, at="2026-11-24", value={"word": word, "call": call})


def identity_in(wraps: list[bytes]) -> str:
    """The case's identity, from whichever wrap the lawyer's key opens; read with age alone."""
    for sealed in wraps:
        with contextlib.suppress(AssertionError):
            return read_age(sealed, LAWYER).decode().split()[-1]
    raise AssertionError("no wrap opens")


def _with_one_gone(word: str) -> set[str]:
    """The word, and each way to lose one letter of it."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
