"""Handing over from the phone: whose key is compared first, and which file passes a case on. In process."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.delivery.kind import Came
from bot.speech.presses import Give, button_data
from storage.case import Claimed, Waiting
from storage.outbox import Due, RowKind
from storage.sealing import signing
from storage.sealing.identity_file import fingerprint
from tests.cases import joins
from tests.talks.life import Life, called, living, taken
from tests.talks.talks import Talks, talks, urgent
from tests.virtual_time import run

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, DINA, PERSON = 201, 202, 203, 900


@pytest.fixture
def asked(talks: Talks) -> Claimed:
    """Boris has a case; Dina, who joined after it, has accepted it and cannot open it."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")
    return accepted_by_dina(talks)


def accepted_by_dina(talks: Talks) -> Claimed:
    """She joins, is offered what Boris has, and says yes."""
    talks.change(lambda tx: joins(tx, talks.core, "Dina", DINA, met=True))
    talks.press(BORIS, "Передать коллеге")
    talks.press(BORIS, "Dina")
    talks.press(BORIS, "Ключ верный: Dina")
    talks.press(DINA, "Принять")
    case = talks.case()
    assert isinstance(case, Claimed)
    return case


def comes(talks: Talks, wraps: dict[str, dict[str, bytes]]) -> None:
    """What was found in a file that Boris has sent."""
    number = next(talks._numbers)
    talks.here.setdefault(BORIS, set()).add(number)
    boris = talks.core.database.read(lambda tx: talks.core.members.by_telegram(tx, BORIS))
    assert boris is not None
    due = Due(
        id=number,
        lane=RowKind.fetch.lane,
        kind="fetch",
        case_row=None,
        member_id=boris.id,
        secret="f",
        args={"message": number},
        attempts=0,
    )
    talks.change(lambda tx: talks.pana.kinds.room(due).kept(tx, due, Came(wraps=wraps)))
    talks.deliver()
    assert not talks.here[BORIS]  # whatever was in it


def made(talks: Talks, case: Claimed, sign: Any = None, **other: object) -> dict[str, dict[str, bytes]]:
    """What the reader makes of a case for the bot: manifest, signature, one wrap."""
    manifest = {"case": case.code, "case_id": case.case_id, "recipient": case.recipient, "entries": [], **other}
    signed = msgspec.json.encode(manifest)
    sign = sign or talks.core.ring.sign
    return {case.code: {"0a": b"a wrap", "manifest.json": signed, "manifest.sig": sign(signed)}}


def reached_by_boris(talks: Talks) -> None:
    """The person has read what Boris has written."""
    talks.press(BORIS, "Написать")
    talks.press(BORIS, "Ничего не подписывайте")
    talks.press(PERSON, "Показать")


def reached_by_aigul(talks: Talks) -> None:
    """And what Aigul has."""
    talks.press(AIGUL, "Жазу")
    talks.press(AIGUL, "ештеңеге қол қоймаңыз")
    talks.press(PERSON, "Показать")


def test_only_a_file_whose_manifest_this_server_has_signed_for_that_case_passes_it_on(
    talks: Talks, asked: Claimed
) -> None:
    """Without one, of another case, of another server, with two wraps, of a case that is not held: nothing comes."""
    whole = made(talks, asked)[asked.code]
    wrong = [
        {},
        {asked.code: {"0a": b"a wrap"}},
        {asked.code: {**whole, "manifest.sig": b""}},
        made(talks, asked, case_id="x" * 32),
        made(talks, asked, sign=lambda signed: signing.sign(b"1" * 32, signed)),
        {asked.code: {**whole, "0b": b"another"}},
        {"K7Q4-F2MX": whole},
    ]
    for wraps in wrong:
        comes(talks, wraps)
        assert "В этом файле нет того, чего мы ждём" in talks.text(BORIS)
        assert not any("Открывается" in label for label in talks.labels(DINA))
    comes(talks, made(talks, asked))
    talks.press(DINA, "Открывается")
    case = talks.case()
    assert isinstance(case, Claimed)
    assert talks.core.database.read(lambda tx: talks.core.members.get(tx, case.claim.by)).name == "Dina"


def test_who_can_open_the_case_already_is_asked_at_once(talks: Talks) -> None:
    """Nothing is sealed to them anew, so no key is compared; what is asked of is a lawyer who takes part."""
    urgent(talks, PERSON)
    code = talks.case().code
    talks.say(BORIS, f"/take {code}")
    aigul = talks.core.database.read(lambda tx: talks.core.members.by_telegram(tx, AIGUL))
    assert aigul is not None
    talks.press(BORIS, "Передать коллеге")
    talks.press(BORIS, "✓ Aigul")
    assert "предложено" in f"{talks.toast}{talks.seen(BORIS)}"
    assert len(talks.labels(AIGUL)) == 2
    for nobody in (aigul.id + 1, 3, 77):  # Boris himself, a coordinator, nobody
        talks.push(BORIS, button_data(talks.core.ring, BORIS, Give(code, nobody)), talks.newest)
        assert "Такого участника нет" in f"{talks.toast}{talks.text(BORIS)}"


def test_who_gets_a_case_whose_person_was_reached_by_another_reads_what_it_is_about(talks: Talks) -> None:
    """Where they are, and how to reach them: until they have reached them too. Whoever had it needs that no more."""
    urgent(talks, PERSON)
    code = talks.case().code
    alerted = talks.text(AIGUL).splitlines()
    talks.say(BORIS, f"/take {code}")
    reached_by_boris(talks)
    case = talks.case()
    assert isinstance(case, Claimed) and case.claim.contacted_at is not None
    assert not any(line in talks.text(BORIS).splitlines() for line in alerted[1:])
    talks.press(BORIS, "Передать коллеге")
    talks.press(BORIS, "✓ Aigul")
    talks.press(AIGUL, "Қабылдау")
    read = [line for line in alerted[1:] if line and line in talks.seen(AIGUL).splitlines()]
    assert len(read) == 2
    reached_by_aigul(talks)
    assert not any(line in talks.seen(AIGUL).splitlines() for line in read)


@pytest.mark.parametrize("reached", [False, True], ids=["not yet reached", "reached before"])
@pytest.mark.parametrize("to", [AIGUL, DINA], ids=["who can open it", "a newcomer"])
def test_who_got_a_case_from_another_has_as_long_to_reach_its_person_as_who_took_it(
    talks: Talks, to: int, *, reached: bool
) -> None:
    """They are asked, then it lapses: whoever had it before is called again, and the person reads that."""
    urgent(talks, PERSON)
    code = talks.case().code
    talks.say(BORIS, f"/take {code}")
    if reached:
        reached_by_boris(talks)
    if to == DINA:
        comes(talks, made(talks, accepted_by_dina(talks)))
        talks.press(DINA, "Открывается")
    else:
        talks.press(BORIS, "Передать коллеге")
        talks.press(BORIS, "✓ Aigul")
        talks.press(AIGUL, "Қабылдау")
    held = talks.case()
    assert isinstance(held, Claimed) and held.handoff.lease_until == talks.at + timedelta(minutes=15)
    before = talks.rung(to)
    talks.pass_by(minutes=11)
    assert talks.rung(to) == before + 1  # have they reached the person?
    before = talks.rung(BORIS)
    talks.pass_by(minutes=5)
    assert isinstance(talks.case(), Waiting)
    assert talks.rung(BORIS) > before
    assert "Взять" in " ".join(talks.labels(BORIS))
    assert "Зовём юриста" in talks.text(PERSON)
    talks.say(BORIS, f"/take {code}")
    assert isinstance(talks.case(), Claimed)


def test_a_word_of_their_own_that_the_person_reads_ends_that_term(talks: Talks) -> None:
    """What the lawyer before has written does not; who can open the case stays as it is."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")
    reached_by_boris(talks)
    talks.press(BORIS, "Передать коллеге")
    talks.press(BORIS, "✓ Aigul")
    talks.press(AIGUL, "Қабылдау")
    able = talks.change(lambda tx: talks.core.cases.wraps.can_open(tx, talks.case().row))
    talks.say(PERSON, "Спасибо")
    talks.say(PERSON, "/status")
    assert "Если юрист не свяжется с вами до 11:15, мы позовём других." in talks.text(PERSON)
    held = talks.case()
    assert isinstance(held, Claimed) and not held.claim.has_reached
    reached_by_aigul(talks)
    held = talks.case()
    assert isinstance(held, Claimed) and held.claim.has_reached and held.handoff.lease_until is None
    assert talks.change(lambda tx: talks.core.cases.wraps.can_open(tx, held.row)) == able


def test_who_cannot_open_it_yet_gets_a_file_and_the_card_says_so(talks: Talks, asked: Claimed) -> None:
    """The public key comes with its fingerprint, and what makes the file."""
    boris, dina = (
        talks.core.database.read(lambda tx, chat=chat: talks.core.members.by_telegram(tx, chat))
        for chat in (BORIS, DINA)
    )
    assert boris is not None and dina is not None
    assert [one.document for one in talks.chats[BORIS].values() if one.document] == [f"{asked.code}.zip", "NEW.pub"]
    cards = talks.pana.member.alerts.claim_cards
    for again in (False, True):
        line = cards.share(boris, asked, dina, again=again)
        assert fingerprint(dina.recipient) in line and "reader.html" in line
        assert f"pana share {asked.code}.zip" in line


@pytest.mark.parametrize("accepted", [False, True], ids=["offered", "accepted"])
@pytest.mark.parametrize("leaves", ["suspend", "disable"])
def test_an_offer_to_who_takes_part_no_more_is_over_and_the_claimer_hears_it(
    talks: Talks, asked: Claimed, leaves: str, *, accepted: bool
) -> None:
    """Nobody waits for an answer that cannot come, and nothing is sealed to somebody who was stopped."""
    members = talks.core.members
    stopped = talks.core.database.read(lambda tx: members.by_telegram(tx, DINA if accepted else AIGUL))
    assert stopped is not None
    if not accepted:
        talks.press(BORIS, "Передать коллеге")
        talks.press(BORIS, "✓ Aigul")
    changes = talks.core.membership_changes
    talks.change(lambda tx: getattr(changes, leaves)(tx, stopped, force=True))
    talks.deliver()
    assert f"№ {asked.code}: коллега не может его принять. Оно за вами." in talks.seen(BORIS)
    comes(talks, made(talks, asked))
    assert talks.change(lambda tx: talks.core.claims.offers.of(tx, asked.row)) is None
    if accepted:
        assert stopped.id not in talks.change(lambda tx: talks.core.cases.wraps.can_open(tx, asked.row))
    case = talks.case()
    assert isinstance(case, Claimed) and case.claim.by == asked.claim.by


@pytest.mark.parametrize("asked_before", [False, True], ids=["offered", "asked whether it opens"])
def test_who_cannot_be_reached_answers_no_offer_and_the_claimer_hears_it(
    prepared: Path, tmp_path: Path, *, asked_before: bool
) -> None:
    """The other lawyer has blocked the bot, or their account is gone: a refusal goes back to who relied on it."""

    async def story(life: Life) -> None:
        await called(life, PERSON)
        await taken(life, AIGUL)
        if asked_before:
            (case,) = life.change(life.core.cases.listed)
            life.change(lambda tx: life.core.claims.offers.make(tx, case.row, 2))
            life.change(lambda tx: life.core.claims.offers.accept(tx, case.row))
            life.world.blocked.add(BORIS)
            held = life.change(lambda tx: life.core.cases.get(tx, case.row))
            assert isinstance(held, Claimed)
            life.change(lambda tx: life.core.handing_over.wrap_came(tx, held, "0a", b"a wrap"))
        else:
            life.world.blocked.add(BORIS)
            await life.press(AIGUL, "Передать коллеге")
            await life.rest()
            await life.press(AIGUL, "✓ Boris")
        await life.rest()
        (case,) = life.change(life.core.cases.listed)
        said = f"№ {case.code}: коллега не может его принять. Оно за вами."
        assert [said in one.text for one in life.seen(AIGUL)].count(True) == 1
        assert life.change(lambda tx: life.core.claims.offers.of(tx, case.row)) is None
        assert isinstance(case, Claimed) and case.claim.by == 1

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
