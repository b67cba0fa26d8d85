"""Queued, sent, delivered, seen: contact is what the person has seen or answered, or a call after the check word."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer, Fault
from bot.speech.texts import coordinator as to_coordinator
from bot.speech.texts import member as to_member
from bot.speech.texts import seeker as to_seeker
from storage.case import Claimed, Erased, Waiting
from storage.schema import entry
from tests.bot.talks import shows, talk
from tests.cases import claim

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


async def test_a_message_is_contact_when_it_is_seen_and_not_when_it_is_queued(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Until then the lease goes on, everybody can still open the case, and the claimer reads "not read yet"."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(970)
    async with talk(telegram, instance) as one:
        one.add_lawyer("Dina", 203)
        telegram.person(203)
        await one.called(person, free=True)
        await one.taken(aigul, "kk")
        lease, code = one.lease(), one.case().code
        await one.writes(aigul)
        assert claim(one.case()).contacted_at is None
        assert (one.lease(), one.wraps()) == (lease, 5)
        unread = one.says(to_member.RECEIPT_UNREAD, "kk", code=code, n=1)
        assert sum(unread in one.text for one in aigul.from_bot) == 1  # what confirms
        assert shows(person, one.says(to_seeker.NEW_MESSAGE, "ru"))

        await one.passes(timedelta(minutes=3))
        await one.press(person, to_seeker.SHOW)
        assert shows(person, one.says(to_member.PHRASE_LAWYER, "ru"))
        assert claim(one.case()).contacted_at is not None
        assert (one.lease(), one.wraps()) == (None, 4)
        assert not shows(aigul, unread)
        assert shows(aigul, one.says(to_member.RECEIPT_READ, "kk", code=code, n=1, time=f"{one.now:%d.%m}, 12:03"))


@ON_SQLITE
async def test_a_call_counts_when_whoever_reports_it_has_typed_the_check_word(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The word itself is a proof of the key and no contact; the report after it is."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(971)
    async with talk(telegram, instance) as one:
        await one.called(person, free=False)
        await one.taken(aigul, "kk")
        assert not any(one.says(to_member.PHONED, "kk") in each.labels for each in aigul.from_bot)
        await one.proves_the_key(aigul)
        assert claim(one.case()).checked
        assert one.lease() is not None
        await one.press(aigul, to_member.PHONED, "kk")
        assert (one.lease(), claim(one.case()).contacted_at) == (None, one.now)


@ON_SQLITE
async def test_what_the_person_writes_back_is_contact_and_what_they_write_unasked_is_none(
    telegram: BotApiServer, instance: Instance
) -> None:
    """An answer needs a message of this claim before it; one of an earlier claimer counts for nobody else."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(972)
    async with talk(telegram, instance) as one:
        await one.sent(person)
        await one.taken(boris, "ru")
        await one.say(person, "Я здесь")
        assert claim(one.case()).contacted_at is None
        await one.writes(boris, language="ru")
        await one.press(boris, to_member.GIVE_BACK)
        await one.taken(aigul, "kk")
        await one.say(person, "Ещё здесь")
        await one.press(person, to_seeker.SHOW)  # what Boris wrote
        assert claim(one.case()).contacted_at is None
        await one.writes(aigul)
        await one.say(person, "Да, могу говорить")
        assert claim(one.case()).contacted_at is not None


REFUSALS = {
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "account gone": (403, "Forbidden: user is deactivated"),
    "no such chat": (400, "Bad Request: chat not found"),
    "no such peer": (400, "Bad Request: PEER_ID_INVALID"),
    "words that nobody knows": (400, "Bad Request: SOMETHING_NEW_AND_FOR_GOOD"),
}


@ON_SQLITE
@pytest.mark.parametrize(
    ("refusal", "free"),
    [
        pytest.param(refusal, free, id=f"{name}, {'rings' if free else 'only the card'}")
        for name, refusal in REFUSALS.items()
        for free in (True, False)
        # A card that cannot be changed says nothing of its chat, and in this one no new message may be tried.
        if free or name != "words that nobody knows"
    ],
)
async def test_a_refusal_reaches_the_claimer_at_once_and_ends_nothing(
    telegram: BotApiServer, instance: Instance, refusal: tuple[int, str], free: bool
) -> None:
    """No contact, no wrap less; the claimer reads which other way there is, and when the person is back."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(973)
    async with talk(telegram, instance) as one:
        await one.called(person, free=free)
        await one.taken(aigul, "kk")
        await one.say(person, "/status")  # what has rung until now is opened
        before, code = (one.lease(), one.wraps()), one.case().code
        faults = [Fault(method, "error", refusal, 973, 10**6) for method in ("sendMessage", "editMessageText")]
        telegram.faults += faults
        await one.writes(aigul)
        assert (one.lease(), one.wraps(), claim(one.case()).contacted_at) == (*before, None)
        assert shows(aigul, one.says(to_member.RECEIPT_UNREACHED, "kk", code=code, n=1))
        assert shows(aigul, one.says(to_member.UNREACHED, "kk", code=code, way="белгісіз"))
        telegram.faults.clear()
        await one.say(person, "/status")
        assert one.contact().unreached_at is None
        assert shows(aigul, one.says(to_member.REACHABLE, "kk", code=code))
        assert shows(aigul, one.says(to_member.RECEIPT_UNREAD, "kk", code=code, n=1))
        assert any(one.says(to_seeker.SHOW, "ru") in each.labels for each in person.from_bot)


@ON_SQLITE
async def test_whoever_blocks_the_bot_and_lets_it_in_again_is_known_to_be_gone_and_back_at_once(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A person of whom nobody has taken the case: coordinators; a lawyer: the next rung, and back without a word."""
    aigul, clara = telegram.person(201), telegram.person(301, language_code="en")
    person = telegram.person(974)
    boris = telegram.person(202)
    async with talk(telegram, instance) as one:
        await one.called(person, free=True)
        person.block()
        await one.settle()
        assert one.contact().unreached_at == one.now.replace(hour=0)  # the day is enough
        assert shows(clara, one.says(to_coordinator.LINE_UNREACHED, "en", time="12:00", code=one.case().code))
        assert shows(aigul, one.says(to_member.ALERT_UNREACHED, "kk", way="белгісіз"))
        person.unblock()
        await one.settle()
        assert one.contact().unreached_at is None
        boris.block()
        await one.settle()
        assert one.member("Boris").gone_at == one.now.replace(hour=0)
        boris.unblock()
        await one.settle()
        assert one.member("Boris").gone_at is None


@ON_SQLITE
@pytest.mark.parametrize("free", [True, False], ids=["rings", "only the card"])
async def test_a_message_that_nobody_opens_in_a_day_is_told_to_both_sides_and_kept_in_the_case(
    telegram: BotApiServer, instance: Instance, free: bool
) -> None:
    """The ping's button still says something; a newer message, or a word of the person, ends it."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(975)
    async with talk(telegram, instance) as one:
        await one.called(person, free=free)
        await one.taken(aigul, "kk")
        await one.press(aigul, to_member.ACTING, "kk")
        await one.proves_the_key(aigul)
        await one.press(aigul, to_member.PHONED, "kk")
        await one.writes(aigul)
        await one.passes(timedelta(hours=24, minutes=1))
        code, missed = one.case().code, one.says(to_seeker.MISSED, "ru")
        assert shows(aigul, one.says(to_member.RECEIPT_MISSED, "kk", code=code, n=1))
        ping = [each for each in person.from_bot if each.labels == [one.says(to_seeker.SHOW, "ru")]]
        assert len(ping) == (1 if free else 0)
        if ping:
            await one.press(person, to_seeker.SHOW)
        assert shows(person, missed)
        assert not any(each.labels == [one.says(to_seeker.SHOW, "ru")] for each in person.from_bot)
        kinds = one.core.database.read(lambda tx: tx.execute(select(entry.c.kind)).scalars().all())
        assert kinds.count("message") == 1
        await one.writes(aigul, to_member.PHRASE_SIGN)
        await one.press(person, to_seeker.SHOW)
        assert not shows(person, missed)
        assert shows(person, one.says(to_member.PHRASE_SIGN, "ru"))


@ON_SQLITE
async def test_acting_extends_once_and_a_silent_claim_then_lapses(telegram: BotApiServer, instance: Instance) -> None:
    """The second press says until when; at the end others are called, and the person's card says so."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(976)
    async with talk(telegram, instance) as one:
        await one.sent(person)
        await one.taken(aigul, "kk")
        lease = one.lease()
        await one.press(aigul, to_member.ACTING, "kk")
        assert lease is not None
        assert one.lease() == lease + 2 * HOUR
        assert shows(person, one.says(to_seeker.STATUS_LEASE, "ru", time="14:15"))
        said = await one.press(aigul, to_member.ACTING, "kk")
        assert one.lease() == lease + 2 * HOUR
        assert said == one.says(to_member.ACTED_BEFORE, "kk", code=one.case().code, time="14:15")
        await one.passes(timedelta(hours=2, minutes=16))
        assert isinstance(one.case(), Waiting)
        assert shows(person, one.says(to_seeker.STATUS_LAPSED, "ru"))
        assert shows(person, one.says(to_seeker.STATUS_GO_ON, "ru"))
        await one.taken(boris, "ru")
        await one.press(boris, to_member.ACTING)
        assert one.lease() == one.now + timedelta(minutes=15) + 2 * HOUR  # a new claim


@ON_SQLITE
async def test_a_claim_that_falls_silent_after_contact_is_asked_about_and_then_shown_to_coordinators(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Two days: the claimer; a day more: coordinators, who may call others. Any word begins it anew."""
    aigul, boris, clara = telegram.person(201), telegram.person(202), telegram.person(301, language_code="en")
    person = telegram.person(977)
    async with talk(telegram, instance) as one:
        await one.sent(person)
        await one.taken(aigul, "kk")
        await one.writes(aigul)
        await one.press(person, to_seeker.SHOW)
        code = one.case().code
        asked = one.says(to_member.QUIET_ASK, "kk", code=code)
        await one.passes(47 * HOUR)
        assert not shows(aigul, asked)
        await one.passes(2 * HOUR)
        assert shows(aigul, asked)
        await one.press(aigul, to_member.ACTING, "kk")
        assert one.contact().asked_at is None
        await one.passes(47 * HOUR)
        await one.say(person, "Вы ещё здесь?")  # also a word
        aigul.clear_chat()
        await one.passes(2 * HOUR)
        assert not shows(aigul, asked)
        await one.passes(47 * HOUR)
        assert shows(aigul, asked)
        silent = one.says(to_coordinator.SILENT, "en", code=code, name="Aigul")
        assert not shows(clara, silent)
        await one.passes(25 * HOUR)
        assert shows(clara, silent)
        await one.press(clara, to_coordinator.FREE, "en")
        assert not shows(clara, silent)  # the question gives way to its answer, and its button goes
        assert isinstance(one.case(), Waiting)
        assert shows(aigul, one.says(to_member.FREED, "kk", code=code))
        assert shows(person, one.says(to_seeker.STATUS_RETURNED, "ru"))
        assert shows(boris, one.says(to_member.ALERT_CRITICAL, "ru", code=code))


@ON_SQLITE
async def test_a_claimed_case_that_nobody_closes_is_announced_and_expires(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A week before, to the claimer and the coordinators; a word in that week keeps it."""
    aigul, _, clara = telegram.person(201), telegram.person(202), telegram.person(301, language_code="en")
    person = telegram.person(978)
    async with talk(telegram, instance) as one:
        await one.sent(person)
        await one.taken(aigul, "kk")
        await one.writes(aigul)
        await one.press(person, to_seeker.SHOW)
        code, kept = one.case().code, one.pana.settings.retention.unclaimed_after
        await one.passes(kept - timedelta(days=6))
        day = f"{one.now + timedelta(days=7):%d.%m.%Y}"
        assert shows(aigul, one.says(to_member.ENDING, "kk", code=code, date=day).split(".")[0])
        assert any(code in each.text and "is erased on" in each.text for each in clara.from_bot)
        await one.press(aigul, to_member.ACTING, "kk")
        await one.passes(timedelta(days=8))
        assert isinstance(one.case(), Claimed)
        await one.passes(kept - timedelta(days=8))
        await one.passes(timedelta(days=9))
        assert isinstance(one.case(), Erased)
        assert shows(person, one.says(to_seeker.CLOSED_CARD, "ru"))
        assert shows(aigul, one.says(to_member.ALERT_ERASED_HERE, "kk", code=code))
