"""A text that its person edits is a correction, and not one of them is dropped without a word."""

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from bot.speech.texts import member as to_member
from bot.speech.texts import seeker as to_seeker
from tests.bot.talks import shows, talk
from tests.bot.test_main_job import opened
from tests.cases import claim

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_before_there_is_a_case_a_correction_answers_the_newest_question_anew_or_is_not_kept(
    telegram: BotApiServer, instance: Instance
) -> None:
    """It is removed from the chat like every typed text; what does not fit changes nothing."""
    person = telegram.person(985)
    async with talk(telegram, instance) as one:
        await one.say(person, "русский")
        await one.say(person, "продолжить")
        first = person.say("1")
        await one.settle()
        assert "Где вы сейчас?" in person.last.text
        person.edit(first, "2")
        await one.settle()
        assert "?" in person.last.text
        assert "Где вы сейчас?" not in person.last.text  # the question as it is asked about somebody else
        second = person.say("8")
        await one.settle()
        card = person.last.text
        person.edit(first, "1")  # not the newest answer any more
        await one.settle()
        assert one.says(to_seeker.NOT_CORRECTED, "ru") in person.last.text
        person.edit(second, "банан")
        await one.settle()
        assert one.says(to_seeker.NOT_CORRECTED, "ru") in person.last.text
        assert card.rpartition("\n")[2] in person.last.text  # the question is still open
        assert not any(each.text in {"1", "2", "8", "банан"} for each in person.chat)


@ON_SQLITE
async def test_once_there_is_a_case_a_correction_is_sealed_beside_the_first_text_and_announced(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Also when both came while the bot was away; an answer of the newest question is answered anew."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(986)
    async with talk(telegram, instance) as one:
        await one.sent(person)
        await one.taken(aigul, "kk")
        await one.proves_the_key(aigul)
        typed = person.say("Суд 21 числа")
        person.edit(typed, "Суд 22 числа")
        await one.settle()
        assert one.says(to_seeker.CORRECTED, "ru") in person.last.text
        head = one.says(to_member.FROM_SEEKER_CORRECTED, "kk", code=one.case().code, n=2)
        assert shows(aigul, f"{head}\nСуд 22 числа")
        assert not any("числа" in each.text for each in person.chat if not each.from_bot)
        instance.pana("export", "all.zip")
    case = opened(instance, instance.folder / "all.zip", "Aigul")
    said = [(each["text"], each.get("corrected", False)) for each in case["messages"]]
    assert said == [("Суд 21 числа", False), ("Суд 22 числа", True)]


@ON_SQLITE
async def test_a_member_who_edits_a_command_is_heard_like_one_who_types_it(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A typing error in a command is mended by editing it."""
    aigul, person = telegram.person(201), telegram.person(987)
    telegram.person(202)
    async with talk(telegram, instance) as one:
        await one.called(person, free=False)
        typed = aigul.say("/taek")
        await one.settle()
        aigul.edit(typed, f"/take {one.case().code}")
        await one.settle()
        assert claim(one.case()).by == one.member("Aigul").id
