"""What Telegram refuses for good, in words known or not: a card is sent anew once, an alert calls the next lawyer."""

from datetime import timedelta

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer, Fault
from bot.errors import CallError, NothingToDo, Refused, TryAgain, Undeliverable, Unfit
from bot.speech.texts import coordinator as texts
from bot.telegram.api import _bad_request
from tests.bot.talks import shows, talk

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
EDITS = (
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "BUTTON_DATA_INVALID",
    "can't parse entities: unsupported start tag",
    "message text is empty",
    "WORDS_THAT_NOBODY_KNOWS",
    "",
)
OF_A_CHAT = (
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: user is deactivated"),
    (400, "Bad Request: WORDS_THAT_NOBODY_KNOWS"),
)
NAMED: tuple[tuple[str, type[CallError]], ...] = (
    ("Bad Request: message is not modified: specified new message content", NothingToDo),
    ("Bad Request: message to edit not found", NothingToDo),
    ("Bad Request: message can't be deleted for everyone", NothingToDo),
    ("Bad Request: query is too old and response timeout expired", NothingToDo),
    ("Bad Request: chat not found", Undeliverable),
    ("Bad Request: PEER_ID_INVALID", Undeliverable),
    ("Bad Request: INPUT_USER_DEACTIVATED", Undeliverable),
    ("Bad Request: message is too long", Unfit),
    ("Bad Request: BUTTON_DATA_INVALID", Unfit),
    ("Bad Request: can't parse entities", Unfit),
    ("Bad Request: MESSAGE_ID_INVALID", Refused),
    ("Bad Request: there is no text in the message to edit", NothingToDo),
    ("Bad Request: WORDS_THAT_NOBODY_KNOWS", Refused),
    ("", Refused),
)


@pytest.mark.parametrize(("said", "kind"), NAMED)
def test_a_refusal_is_named_for_what_to_do_and_never_for_trying_again(said: str, kind: type[CallError]) -> None:
    """There is no list of Telegram's words: those that are not known are a refusal that lasts."""
    assert type(_bad_request(said.lower())) is kind
    assert not isinstance(_bad_request(said.lower()), TryAgain)


@ON_SQLITE
@pytest.mark.parametrize("said", EDITS)
async def test_a_person_whose_card_cannot_be_changed_gets_the_question_once(
    telegram: BotApiServer, instance: Instance, said: str
) -> None:
    """As a new message, whatever the words of the refusal; afterwards that one is changed."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(980)
    async with talk(telegram, instance) as one:
        await one.say(person, "срочно")
        telegram.faults.append(Fault("editMessageText", "error", (400, f"Bad Request: {said}"), 980))
        await one.say(person, "7")
        cards = [each for each in person.from_bot if "Кому нужна помощь?" in each.text]
        assert len(cards) == 1
        await one.say(person, "1")
        assert [each.id for each in person.from_bot] == [cards[0].id]
        assert "Там, где вы сейчас, безопасно?" in cards[0].text


@ON_SQLITE
async def test_a_question_that_telegram_takes_in_no_form_is_neither_repeated_nor_held_against_the_person(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A fault of ours says nothing about the chat: nothing is tried without end, and the next card comes."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(981)
    async with talk(telegram, instance) as one:
        await one.called(person, free=False)
        unfit = (400, "Bad Request: message is too long")
        telegram.faults += [Fault(method, "error", unfit, 981) for method in ("editMessageText", "sendMessage")]
        await one.say(person, "1")
        assert one.contact().unreached_at is None
        await one.say(person, "/status")
        assert person.from_bot


@ON_SQLITE
@pytest.mark.parametrize("refusal", OF_A_CHAT)
async def test_a_lawyer_whose_chat_is_refused_for_good_cannot_be_reached_and_the_next_rung_rings_at_once(
    telegram: BotApiServer, instance: Instance, refusal: tuple[int, str]
) -> None:
    """Whatever the words: nobody waits for somebody who was not told."""
    aigul, _, dina, clara = (telegram.person(number) for number in (201, 202, 203, 301))
    person = telegram.person(982)
    async with talk(telegram, instance) as one:
        one.add_lawyer("Dina", 203)  # not on call: she is on the rung after five minutes
        telegram.faults += [Fault("*", "error", refusal, number, 10**6) for number in (201, 202)]
        await one.called(person, free=False)
        today = one.now.replace(hour=0)  # the day is enough
        assert (one.member("Aigul").gone_at, one.member("Boris").gone_at) == (today, today)
        assert shows(dina, one.case().code)
        assert not shows(aigul, one.case().code)
        assert shows(clara, "Aigul")
        telegram.faults.clear()
        await one.say(aigul, "/help")  # whoever is back is called by the ladder again
        await one.passes(timedelta(minutes=2))
        assert shows(aigul, one.case().code)


@ON_SQLITE
async def test_an_alert_that_telegram_does_not_take_calls_the_next_lawyer_all_the_same(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The lawyers count as reachable: it is the message that was wrong."""
    telegram.person(201), telegram.person(202), telegram.person(301)
    dina, person = telegram.person(203), telegram.person(983)
    async with talk(telegram, instance) as one:
        one.add_lawyer("Dina", 203)
        unfit = (400, "Bad Request: BUTTON_DATA_INVALID")
        telegram.faults += [Fault("sendMessage", "error", unfit, number, 10**6) for number in (201, 202)]
        await one.called(person, free=False)
        assert (one.member("Aigul").gone_at, one.member("Boris").gone_at) == (None, None)
        assert shows(dina, one.case().code)


@ON_SQLITE
async def test_coordinators_get_one_card_of_a_case_and_the_gravest_stays(
    telegram: BotApiServer, instance: Instance
) -> None:
    """All lawyers are out of reach at once: it says that nobody can be reached, and nothing weaker follows."""
    telegram.person(201), telegram.person(202)
    clara, person = telegram.person(301, language_code="en"), telegram.person(984)
    async with talk(telegram, instance) as one:
        refusal = (403, "Forbidden: bot was blocked by the user")
        telegram.faults += [Fault("*", "error", refusal, number, 10**6) for number in (201, 202)]
        await one.called(person, free=False)
        await one.passes(timedelta(minutes=11))
        code = one.case().code
        about = [each.text for each in clara.from_bot if code in each.text]
        assert about == [one.says(texts.NOBODY, "en", code=code)]
