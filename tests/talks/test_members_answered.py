"""Nothing that a member types or presses ends in silence: whatever has become of the case, and whoever it is."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from bot.speech import presses
from bot.speech.presses import Claim, Offer, OfMember, Press, button_data
from bot.speech.texts import member as texts
from storage.case_rows import set_columns
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_claims import AIGUL, BORIS, CLARA, PERSON, rises, taken, written
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
ROUNDS = 6 if WHOLE else 1


def told(talks: Talks, chat: int) -> dict[int, tuple[str, tuple[str, ...], bytes | None]]:
    """What a chat shows, message by message."""
    return {one.id: (one.text, tuple(one.labels), one.content) for one in talks.chats.get(chat, {}).values()}


def is_answered(talks: Talks, chat: int, act: Press | str) -> bool:
    """A new message, one that reads otherwise, a line over the chat; or the card that was pressed goes."""
    talks.toast, before, here = None, told(talks, chat), 1
    if isinstance(act, str):
        talks.say(chat, act)
    else:
        data = button_data(talks.core.ring, chat, act)
        if not isinstance(act, presses.ShowDuty):  # where it stands, it is true to the minute
            here = next((message for _, one, message in talks.data(chat) if one == data), here)
        talks.push(chat, data, here)
    talks.at += timedelta(seconds=1)
    talks.deliver()
    after = told(talks, chat)
    changed = any(before.get(one) != after[one] for one in after)
    return changed or talks.toast is not None or (here in before and here not in after)


# --- what may have become of a case ---


def waits(talks: Talks) -> None:
    """Its alert stands in both lawyers' chats."""
    urgent(talks, PERSON)


def not_called(talks: Talks) -> None:
    """Nothing of it stands in Boris' chat."""
    talks.say(BORIS, "/oncall off")
    urgent(talks, PERSON)


def said_why(talks: Talks) -> None:
    """Boris has passed, and nothing of it stands in his chat any more."""
    urgent(talks, PERSON)
    talks.press(BORIS, said(talks, texts.PASS))
    talks.press(BORIS, said(talks, texts.PASS_TIME))


def conflict(talks: Talks) -> None:
    """Boris may not have it."""
    urgent(talks, PERSON)
    talks.press(BORIS, said(talks, texts.PASS))
    talks.press(BORIS, said(talks, texts.PASS_CONFLICT))


def listed(talks: Talks) -> None:
    """It stands on a list, one of a crowd."""
    for number in range(5):
        urgent(talks, PERSON + number)


def is_taken(talks: Talks) -> None:
    """Boris has it."""
    taken(talks)


def is_opened(talks: Talks) -> None:
    """Boris has opened it, and has written."""
    taken(talks)
    talks.change(lambda tx: set_columns(tx, talks.case().row, checked=1))
    written(talks)


def writes(talks: Talks) -> None:
    """Boris has typed something, and has not sent it."""
    is_opened(talks)
    talks.press(BORIS, said(talks, texts.WRITE))
    talks.say(BORIS, "что-то")


def given_back(talks: Talks) -> None:
    """Boris had it."""
    taken(talks)
    talks.press(BORIS, said(talks, texts.GIVE_BACK))


def is_graver(talks: Talks) -> None:
    """Boris has it and has not seen how grave it has become; Aigul is called."""
    rises(talks, taken(talks))
    talks.pass_by(minutes=4)


def is_offered(talks: Talks) -> None:
    """To Aigul, who can open it."""
    taken(talks)
    talks.press(BORIS, said(talks, texts.HAND_OVER))
    talks.press(BORIS, "✓ Aigul")


def is_closed(talks: Talks) -> None:
    """By Boris, as a false alarm."""
    taken(talks)
    for label in (texts.CLOSE, texts.OUTCOME_FALSE_ALARM, texts.CLOSE_YES):
        talks.press(BORIS, said(talks, label))


def is_withdrawn(talks: Talks) -> None:
    """Its person wants nobody any more."""
    urgent(talks, PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")


def is_parted(talks: Talks) -> None:
    """Its person has deleted everything while Boris had it."""
    taken(talks)
    talks.say(PERSON, "/delete")
    talks.press(PERSON, "Удалить всё")


def is_erased(talks: Talks) -> None:
    """Its person has deleted everything before anybody had it."""
    urgent(talks, PERSON)
    talks.say(PERSON, "/delete")
    talks.press(PERSON, "Удалить всё")


BECAME = (
    waits, not_called, said_why, conflict, listed, is_taken, is_opened, writes, given_back, is_graver, is_offered,
    is_closed, is_withdrawn, is_parted, is_erased,
)  # fmt: skip


# --- what may be pressed and typed ---


def pressed(code: str) -> list[Press]:
    """Every button that a member may have, as it may stand in their chat."""
    of_case = [
        presses.Take(code), presses.Pass(code), presses.Pass(code, "time"), presses.Undo(code),
        presses.SendTyped(code, 1), presses.SendTyped(code, 2), presses.Say(code, 0), presses.Say(code, 1),
        presses.Say(code, 99), presses.GetFile(code, 1), presses.Colleagues(code, 0), presses.Give(code, 1),
        presses.Give(code, 99), presses.HowClosed(code, "helped"), presses.HowClosed(code, "none"),
        presses.CloseWith(code, "helped"), presses.SettleClock(code, "K1"), presses.ShowCase(code),
        presses.CallNow(code), presses.CallNow(code, 1), presses.LetThrough(code), presses.Free(code),
        *(presses.OfClaim(code, step) for step in Claim), *(presses.Answer(code, one) for one in Offer),
    ]  # fmt: skip
    others = [
        presses.ShowList(0), presses.ShowSilent(), presses.Reached(), presses.AskColleague(1, 2, 1),
        presses.OfferShift(1, 2), presses.SettleSwap(1, accepted=True), presses.ShowDuty(), presses.ShowQueue(),
        presses.ShowQueue(unanswered=False), presses.TakeRota(yes=True, sha256="0"), presses.Suspend(yes=True, about=1),
        *(presses.Arrived(way, came) for way in presses.Outside for came in (True, False)),
        *(presses.Practise(step) for step in presses.Rehearsal), *(presses.OnDuty(one) for one in presses.Duty),
    ]  # fmt: skip
    return [*of_case, *others]


def typed(code: str) -> list[str]:
    """Every command, of either role, and what is none."""
    of_duty = (f"/oncall{one}" for one in ("", " on", " off", " rota", " swap", " until 07:00", " until x", " x"))
    rest = ("/take", "/pass", "/cases", "/start", "/help", "/queue", "/suspend", "/suspend Nobody", "/word", "привет")
    return [f"/take {code}", f"/pass {code}", f"/pass {code} время", "/take AAAA-2222", "/pass x", *of_duty, *rest]


def said(talks: Talks, text: str) -> str:
    """A text as Boris reads it."""
    return talks.pana.words.text("ru", text)


def test_the_table_has_every_button_of_a_member() -> None:
    """*Cancel* under a question is pressed where it stands (tests/talks/test_tidy.py)."""
    assert {type(one) for one in pressed("")} == {*get_args(OfMember)} - {presses.Dismiss}


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("chat", [AIGUL, BORIS, CLARA], ids=["other lawyer", "lawyer", "coordinator"])
@pytest.mark.parametrize("become", BECAME)
def test_whatever_a_member_presses_or_types_is_answered(
    talks: Talks, become: Callable[[Talks], None], chat: int, seed: int
) -> None:
    """One after another in any order: what an earlier press has changed counts for the next."""
    become(talks)
    code, dice = talks.case().code, random.Random(f"{become.__name__} {chat} {seed}")
    acts = [*pressed(code), *typed(code)]
    dice.shuffle(acts)
    assert [act for act in acts if not is_answered(talks, chat, act)] == []


@pytest.mark.parametrize("chat", [AIGUL, BORIS, CLARA], ids=["other lawyer", "lawyer", "coordinator"])
@pytest.mark.parametrize("become", BECAME)
@pytest.mark.parametrize("command", ["take", "pass"])
def test_a_command_with_a_code_is_answered_at_the_end_of_the_chat(
    talks: Talks, become: Callable[[Talks], None], chat: int, command: str
) -> None:
    """What changes further up is not seen."""
    become(talks)
    before = told(talks, chat)
    talks.say(chat, f"/{command} {talks.case().code}")
    assert max(told(talks, chat)) > max(before, default=0)
