"""Many messages while calls fail: in order, numbered, one ping; what confirms is a row; a row asks before each try."""

import asyncio
import random
import re
from datetime import timedelta

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer, Fault
from bot.errors import Unsent
from bot.speech.texts import member as to_member
from bot.speech.texts import seeker as to_seeker
from tests.bot.talks import Talk, shows, talk
from tests.whole import WHOLE

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
MESSAGES = 100 if WHOLE else 40
SECOND = timedelta(seconds=1)


async def until_all_is_out(one: Talk) -> None:
    """Seconds pass until nothing is put off any more; a 429 holds its chat for a true second."""
    for _ in range(1000):
        await asyncio.sleep(0.05)
        await one.passes(SECOND)
        if not one.waiting_rows():
            return
    raise AssertionError("something is never sent")


def pings_ever(one: Talk, person: Person) -> set[int]:
    """The messages of this chat that have rung for something unread, also those that are gone by now."""
    seen: set[int] = set()
    ping = one.says(to_seeker.NEW_MESSAGE, "ru")
    one.world.changed.append(lambda: seen.update(each.id for each in person.from_bot if each.text == ping))
    return seen


@ON_SQLITE
async def test_many_messages_each_way_come_in_order_while_one_call_in_ten_fails(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Numbered, one ping for all that is unread, and one press opens all of it and takes the ping away."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(990)
    async with talk(telegram, instance) as one:
        await one.sent(person)
        await one.taken(aigul, "kk")
        await one.proves_the_key(aigul)
        await one.say(person, "/status")  # what has rung until now is opened
        pings, heard = pings_ever(one, person), dict[int, str]()
        one.world.changed.append(lambda: heard.update({each.id: each.text for each in aigul.from_bot}))
        for kind, value, share in (("429", 1, 0.01), ("502", None, 0.045), ("reset", None, 0.045)):
            telegram.faults.append(Fault("*", kind, value, times=10**9, probability=share))
        chance = random.Random(7)
        said, written = [f"слово {number}" for number in range(1, MESSAGES + 1)], iter(range(1, MESSAGES + 1))
        for text in said:
            person.say(text)
            number = next(written)
            one.core.database.change(
                lambda tx, number=number: one.core.sealed_messages.write_to(
                    tx, one.core.cases.get(tx, one.case().row), one.member("Aigul"), f"ответ {number}"
                )
            )
            if chance.random() < 0.2:
                await one.hear()
                await one.send()
        await until_all_is_out(one)
        telegram.faults.clear()
        await one.settle()
        found = [re.search(r"(\d+)-хабарлама:\n(слово \d+)", heard[at]) for at in sorted(heard)]
        relayed = [(int(each[1]), each[2]) for each in found if each]
        assert list(dict.fromkeys(relayed)) == [(number, f"слово {number}") for number in range(1, MESSAGES + 1)]
        assert relayed == sorted(relayed)
        assert len(pings) == 1
        assert one.says(to_member.RECEIPT_UNREAD, "kk", code=one.case().code, n=MESSAGES) in [
            each.text for each in aigul.from_bot
        ]
        await one.press(person, to_seeker.SHOW)
        shown = re.findall(r"(?:(\d+)\. )?ответ (\d+)", person.last.text)
        assert shown == [("" if number == 1 else str(number), str(number)) for number in range(1, MESSAGES + 1)]
        assert not any(each.id in pings for each in person.from_bot)
        assert not any(one.says(to_seeker.SHOW, "ru") in each.labels for each in person.from_bot)


@ON_SQLITE
async def test_what_confirms_a_message_comes_also_after_a_crash(telegram: BotApiServer, instance: Instance) -> None:
    """The process dies right after "send": the next one tells the lawyer, so that nothing is sent twice."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(991)
    async with talk(telegram, instance) as one:
        await one.called(person, free=True)
        await one.taken(aigul, "kk")
        await one.press(aigul, to_member.WRITE, "kk")
        aigul.press(one.says(to_member.PHRASE_LAWYER, "kk"))
        await one.hear()
        code, offset = one.case().code, one._offset
    assert not shows(aigul, one.says(to_member.RECEIPT_UNREAD, "kk", code=code, n=1))
    async with talk(telegram, instance) as other:
        other._offset = offset
        other.core.database.change(other.core.queue.outbox.due_again)
        await other.settle()
        assert shows(aigul, other.says(to_member.RECEIPT_UNREAD, "kk", code=code, n=1))
        assert shows(person, other.says(to_seeker.NEW_MESSAGE, "ru"))


@ON_SQLITE
@pytest.mark.parametrize("taken", [True, False])
async def test_a_push_that_failed_is_not_tried_again_once_somebody_has_taken_the_case(
    telegram: BotApiServer, instance: Instance, taken: bool
) -> None:
    """Before each try the row asks whether anything still waits."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(992)
    async with talk(telegram, instance) as one:
        boris, said = one.member("Boris"), list[str]()
        one.core.database.change(
            lambda tx: one.core.members.set_about(
                tx, boris, languages=["ru"], regions=(), email=None, push="https://push.invalid/x"
            )
        )

        async def push(address: str, text: str) -> None:
            said.append(text)
            if len(said) == 1:
                raise Unsent("503")

        one.running.sender._carrier._push.send = push  # type: ignore[method-assign]
        await one.called(person, free=True)
        assert len(said) == 1
        if taken:
            await one.taken(aigul, "kk")
        await one.passes(2 * SECOND)
        assert len(said) == (1 if taken else 2)


@ON_SQLITE
@pytest.mark.parametrize("kind", ["sendMessage", "editMessageText"])
async def test_what_was_put_off_says_what_is_true_when_it_is_sent(
    telegram: BotApiServer, instance: Instance, kind: str
) -> None:
    """An alert that failed is no call to take the case any more once it is taken; a ping of what was read is none."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(993)
    async with talk(telegram, instance) as one:
        telegram.faults.append(Fault(kind, "502", None, 202, 1))
        await one.called(person, free=True)
        await one.taken(aigul, "kk")
        await one.passes(2 * SECOND)
        assert not any(one.says(to_member.TAKE, "ru") in each.labels for each in boris.from_bot)
        await one.say(person, "/status")  # what has rung until now is opened
        telegram.faults.append(Fault("sendMessage", "502", None, 993, 1))
        await one.writes(aigul)
        row = one.case().row
        one.core.database.change(
            lambda tx: one.core.reaching.seen(
                tx,
                one.core.cases.get(tx, row),
                one.pana.seeker.screen.from_lawyer.show(tx, one.core.cases.get(tx, row)),
            )
        )
        await one.passes(2 * SECOND)
        assert not shows(person, one.says(to_seeker.NEW_MESSAGE, "ru"))
