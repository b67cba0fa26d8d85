"""What the claimer hears and gets of the files that a person sends: at once, once, sealed, and gone after a day."""

from datetime import timedelta

import pytest

from bot.delivery.kinds import bundles
from bot.handoff.messages import GATHERED
from bot.speech.presses import GetFile
from bot.speech.texts import member as member_texts
from storage.case import Claimed
from storage.opened import OpenedCase
from storage.reading import ReadCase, read_bundle
from storage.sealing.identity_file import read_identity_file
from tests.talks.papers import comes, is_sent, sends
from tests.talks.talks import ON_BOTH, Message, Talks, talks
from tests.talks.test_claims import AIGUL, BORIS, PERSON, does, taken, written

__all__ = ["talks"]  # a fixture
ADDED = "добавлены новые сведения"
CAME = "новые файлы"


def checked(talks: Talks) -> Claimed:
    """A case that Boris has taken and opened: he has typed its check word."""
    case = taken(talks)
    talks.press(BORIS, "Написать")
    case = talks.case()
    assert isinstance(case, Claimed)
    [word] = [one.check_word for one in [opened(talks, documents(talks)[0])[1]]]
    talks.say(BORIS, word)
    case = talks.case()
    assert isinstance(case, Claimed)
    assert case.claim.checked
    return case


def in_contact(talks: Talks) -> None:
    """Such a case, whose person has opened a message of Boris."""
    checked(talks)
    written(talks)
    talks.press(PERSON, "Показать")


def documents(talks: Talks, chat: int = BORIS) -> list[Message]:
    """The files that stand in a chat."""
    return [one for one in talks.chats[chat].values() if one.document is not None]


def opened(talks: Talks, message: Message, name: str = "Boris") -> tuple[ReadCase, OpenedCase]:
    """A zip as Boris opens it, or another lawyer."""
    folder = talks.core.settings.server.key_file.parent
    path = folder / str(message.document)
    path.write_bytes(message.content or b"")
    keys = read_identity_file((folder / f"{name}.txt").read_bytes(), passphrase=str).identities
    [case] = read_bundle(path, keys, None)
    path.unlink()
    assert case.problems == []
    return case, OpenedCase(case)


def here(case: ReadCase) -> list[int]:
    """The numbers of the files that lie in a zip."""
    return [seq for seq, one in case.files.items() if not one.apart]


def told(talks: Talks) -> list[Message]:
    """The messages that tell Boris of files."""
    return [one for one in talks.chats[BORIS].values() if CAME in one.text]


def test_before_the_check_word_only_that_something_was_added_is_said(talks: Talks) -> None:
    """The phone may be in other hands: no kind, no size, no number; and an album rings once here too."""
    taken(talks)
    before = talks.rung(BORIS)
    album = [is_sent(talks) for _ in range(4)]
    for wanted in album:
        comes(talks, wanted, b"\xff\xd8\xff")
    assert [one.text for one in talks.chats[BORIS].values() if ADDED in one.text] == [talks.text(BORIS)]
    assert talks.rung(BORIS) == before + 1
    assert told(talks) == []
    sends(talks)
    assert talks.rung(BORIS) == before + 2


def test_the_claimer_hears_at_once_what_has_come_and_gets_it_with_a_tap(talks: Talks) -> None:
    """Kind, size or length, number; the button brings that file alone, with all that is written."""
    case = checked(talks)
    sends(talks)
    [message] = told(talks)
    number = message.text.splitlines()[1].partition(" ")[0]
    assert message.text == f"Обращение № {case.code}, новые файлы:\n{number} · фото (1,1 МБ)"
    assert message.rang
    talks.press(BORIS, f"Файл {number}")
    assert talks.toast == f"Файл {number} отправляется, он зашифрован для вашего ключа."
    got = documents(talks)[-1]
    assert got.document == f"{case.code}-{int(number):04}.zip"
    assert f"pana open {got.document} -i KEY.txt -o {case.code}-{int(number):04}" in got.text
    read, _ = opened(talks, got)
    assert here(read) == [int(number)]


@pytest.mark.parametrize(
    ("kind", "seconds", "said"),
    [
        ("voice", 42, "голосовое (0:42)"),
        ("round", 65, "видеосообщение (1:05)"),
        ("video", 600, "видео (10:00, 3 КБ)"),
        ("paper", 0, "документ (3 КБ)"),
        ("hologram", 0, "файл (3 КБ)"),
    ],
)
def test_each_kind_is_named(talks: Talks, kind: str, seconds: int, said: str) -> None:
    """Also one that only a newer version knows."""
    checked(talks)
    sends(talks, kind, b"%PDF-" + bytes(3000), seconds=seconds)
    assert told(talks)[0].text.endswith(f"· {said}")


@ON_BOTH
def test_an_album_is_told_in_one_message_that_rings_once(talks: Talks) -> None:
    """When its last part has come; more than fit have no button, and /cases has all of them."""
    checked(talks)
    before = talks.rung(BORIS)
    album = [is_sent(talks) for _ in range(10)]
    for wanted in album:
        assert told(talks) == []
        comes(talks, wanted, b"\xff\xd8\xff")
    [message] = told(talks)
    assert talks.rung(BORIS) == before + 1
    assert message.text.count("фото") == 8
    assert message.text.endswith("… и ещё 2: /cases")
    assert len(message.labels) == 8


def test_what_is_slow_is_told_without_the_rest(talks: Talks) -> None:
    """The first of an album is not kept back for one that does not come."""
    checked(talks)
    album = [is_sent(talks) for _ in range(3)]
    for wanted in album[:2]:
        comes(talks, wanted, b"\xff\xd8\xff")
        talks.pass_by(seconds=1)
    assert told(talks) == []
    talks.pass_by(seconds=GATHERED.total_seconds())
    assert [one.text.count("фото") for one in told(talks)] == [2]
    comes(talks, album[2], b"\xff\xd8\xff")
    assert [one.text.count("фото") for one in told(talks)] == [2, 1]


def test_what_is_told_leaves_the_chat_with_the_claim_and_the_zip_after_a_day(talks: Talks) -> None:
    """As everything that a lawyer's chat shows of a case."""
    in_contact(talks)
    sends(talks)
    number = told(talks)[0].labels[0].rpartition(" ")[2]
    talks.press(BORIS, f"Файл {number}")
    assert len(documents(talks)) == 2
    talks.pass_by(hours=25)
    talks.change(talks.core.checks.forget)
    talks.deliver()
    assert documents(talks) == []
    assert len(told(talks)) == 1
    talks.press(BORIS, "Вернуть")
    assert told(talks) == []


def test_only_the_claimer_gets_a_file(talks: Talks) -> None:
    """Anybody else reads what their alert says; a number that is none brings nothing."""
    case = checked(talks)
    sends(talks)
    before = len(documents(talks)), len(documents(talks, AIGUL))
    does(talks, AIGUL, GetFile(case.code, 4))
    assert talks.toast == talks.pana.words.text("kk", member_texts.ALERT_TAKEN, code=case.code)
    does(talks, BORIS, GetFile(case.code, 4000))
    assert (len(documents(talks)), len(documents(talks, AIGUL))) == before


def test_a_large_case_comes_in_zips_one_after_another(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each can be opened alone and says what is in another; together they have everything."""
    monkeypatch.setattr(bundles, "MOST", 110_000)
    case = checked(talks)
    for size in (60_000, 60_000, 10_000, 300_000):
        sends(talks, "paper", b"%PDF-" + bytes(size))
    before = len(documents(talks))
    talks.say(BORIS, "/cases")
    zips = documents(talks)[before:]
    assert [one.document for one in zips] == [f"{case.code}.zip", f"{case.code}-2.zip", f"{case.code}-3.zip"]
    assert [f"Часть {number} из 3." in one.text for number, one in enumerate(zips, start=1)] == [True] * 3
    read = [opened(talks, one)[0] for one in zips]
    assert [len(here(one)) for one in read] == [1, 2, 1]
    everything = sorted(seq for one in read for seq in here(one))
    assert everything == sorted(read[0].files)
    assert len({len(one.entries) for one in read}) == 1


def test_of_a_case_that_is_erased_meanwhile_no_further_zip_comes(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent goes, and nothing follows."""
    monkeypatch.setattr(bundles, "MOST", 110_000)
    checked(talks)
    for _ in range(2):
        sends(talks, "paper", b"%PDF-" + bytes(90_000))
    row = talks.case().row
    made = talks.running.bundles.made
    asked = []

    def erased_meanwhile(wanted: object) -> bytes | None:
        asked.append(wanted)
        talks.change(lambda tx: talks.core.calls.erased(tx, talks.core.cases.get(tx, row)))
        return made(wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(type(talks.running.bundles), "made", lambda _self, wanted: erased_meanwhile(wanted))
    talks.say(BORIS, "/cases")
    assert len(asked) == 1
    assert documents(talks) == []


def test_what_was_sent_is_part_of_the_person_s_word(talks: Talks) -> None:
    """A claim is silent only when neither side was heard; a file is a word."""
    in_contact(talks)
    talks.pass_by(hours=1)
    sends(talks)
    row = talks.case().row
    known = talks.change(lambda tx: talks.core.contacts.get(tx, row))
    assert known.spoke_at is not None
    assert talks.at - known.spoke_at < timedelta(seconds=60)
