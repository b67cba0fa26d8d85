"""Sentences that promise something, each seen to be so (tests/promises.yaml names them, and what else holds them)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.speech.texts import seeker as texts
from flows.model import GO_ON, Answer, Chosen, Flow, OptionId, Question, QuestionId, Skipped
from storage.case import Closed, Open, Waiting
from storage.intakes import SILENCE, OpenIntake
from storage.schema import writing
from tests.places import KAZAKHSTAN
from tests.talks.life import Life, answers, begun, called, living, taken
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_sending import CALM, HELD, says
from tests.talks.test_tidy import check_word, does, types
from tests.talks.walked_once import walked_once
from tests.virtual_time import run

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
MINUTE = timedelta(minutes=1)


def ru(talks: Talks, text: str) -> str:
    """A text as somebody reads it who writes Russian."""
    return talks.pana.words.text("ru", text)


def intake(talks: Talks) -> OpenIntake:
    """The one open intake."""
    (row,) = talks.change(talks.core.intakes.rows)
    found: OpenIntake = talks.change(lambda tx: talks.core.intakes.of_row(tx, row))
    return found


@walked_once
def calmly(talks: Talks) -> None:
    """From /start to the first question, without any hurry."""
    for said in ("/start", "русский", "продолжить"):
        talks.say(PERSON, said)


def at_night(talks: Talks) -> None:
    """Three in the morning."""
    talks.at = KAZAKHSTAN.next_morning(talks.at) - timedelta(hours=5)


# --- a lawyer is called ---


@pytest.mark.parametrize("when", ["day", "night"])
@pytest.mark.parametrize("where", ["Удерживают", "Идут забирать", "Сейчас куда-то везут", "На границе"])
def test_whoever_is_held_or_taken_away_has_a_lawyer_rung_at_once_day_and_night(
    talks: Talks, when: str, where: str
) -> None:
    """In the moment of the answer, aloud."""
    if when == "night":
        at_night(talks)
    urgent(talks, PERSON, where)
    assert (AIGUL, talks.at) in talks.rings or (BORIS, talks.at) in talks.rings
    assert "Зовём юриста" in talks.text(PERSON)


def test_the_minute_after_urgent_is_a_minute(talks: Talks) -> None:
    """The card says so from the first moment, and no longer once it has passed."""
    urgent(talks, PERSON, None)
    assert ru(talks, texts.URGENT_HINT) in talks.text(PERSON)
    talks.pass_by(seconds=50)
    assert talks.rung(AIGUL, BORIS) == 0
    talks.pass_by(seconds=20)
    assert talks.rung(AIGUL, BORIS) > 0
    assert ru(talks, texts.URGENT_HINT) not in talks.text(PERSON)


def test_who_wants_nobody_within_that_minute_is_asked_first_and_then_nobody_is_called(talks: Talks) -> None:
    """Until they ask for it again, which they can at any time."""
    urgent(talks, PERSON, None)
    talks.say(PERSON, "никого не зовите")
    assert ru(talks, texts.WITHDRAW_CONFIRM) in talks.text(PERSON)
    talks.press(PERSON, "Больше не звать")
    assert ru(talks, texts.CALL_WITHDRAWN) in talks.text(PERSON)
    talks.press(PERSON, "Удерживают")
    talks.pass_by(minutes=40)
    assert talks.rung(AIGUL, BORIS) == 0
    talks.press(PERSON, "Позвать юриста сейчас")
    assert talks.rung(AIGUL, BORIS) > 0


def test_who_takes_the_yes_to_nobody_back_is_called_for_in_the_minute(talks: Talks) -> None:
    """Asking has stopped nothing."""
    urgent(talks, PERSON, None)
    talks.say(PERSON, "никого не зовите")
    talks.press(PERSON, "Звать дальше")
    talks.pass_by(seconds=70)
    assert isinstance(talks.case(), Waiting)


def test_a_withdrawn_call_stays_withdrawn_through_answers_and_silence(talks: Talks) -> None:
    """And the way to call again stands on every card."""
    urgent(talks, PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    rung = talks.rung(AIGUL, BORIS)
    for said in ("1", "2", "1", "1", "1"):
        talks.say(PERSON, said)
        assert "Позвать юриста сейчас" in talks.labels(PERSON)
    talks.pass_by(minutes=40)
    assert talks.rung(AIGUL, BORIS) == rung
    assert isinstance(talks.case(), Open)


def test_who_says_that_nobody_is_to_be_called_where_nobody_is_reads_that(talks: Talks) -> None:
    """Before any danger was named."""
    calmly(talks)
    talks.say(PERSON, "никого не зовите")
    assert ru(talks, texts.NOBODY_IS_CALLED) in talks.text(PERSON)
    talks.pass_by(minutes=10)
    assert talks.cases() == []


def test_at_night_a_case_that_can_wait_says_until_when_and_what_to_press_when_it_gets_worse(talks: Talks) -> None:
    """Pressed, and answered with a danger, it rings at once; by day nothing of it is said."""
    at_night(talks)
    calmly(talks)
    says(talks, "1", "7", "2", "6", "5", "1", "2", "2", *CALM[8:], "1")  # they cannot say which papers
    talks.press(PERSON, "Отправить юристу")
    card = talks.text(PERSON)
    assert "позовём в 08:00" in card
    assert "Если станет хуже, нажмите «Ситуация изменилась»." in card
    assert talks.rung(AIGUL, BORIS) == 0
    talks.press(PERSON, "Ситуация изменилась")
    says(talks, "1", "1")
    assert talks.rung(AIGUL, BORIS) > 0
    assert "нажмите «Ситуация изменилась»" not in talks.seen(PERSON)


def test_what_is_rung_for_tells_nobody_to_press_when_it_gets_worse(talks: Talks) -> None:
    """Lawyers are called already."""
    urgent(talks, PERSON, None)
    says(talks, *HELD, "1")
    talks.press(PERSON, "Отправить юристу")
    assert "Если станет хуже" not in talks.seen(PERSON)


# --- how much is asked ---


def ways(flow: Flow) -> Iterator[tuple[list[Question], QuestionId, list[Question]]]:
    """The questions before the offer, the offer, and those behind it, for everybody in every place."""
    for who in flow.question(flow.subject).options:
        for where in flow.question(flow.danger).options:
            for first in (True, False):
                given: dict[QuestionId, Answer] = {
                    flow.subject: Chosen((who.id,)),
                    flow.danger: Chosen((where.id,)),
                }
                before = list(goes_on(flow, given, first=first))
                yield (
                    before,
                    next(one.id for one in before if one.id in flow.offers),
                    list(goes_on(flow, given, first=first)),
                )


def goes_on(flow: Flow, given: dict[QuestionId, Answer], *, first: bool) -> Iterator[Question]:
    """What is asked next, up to the offer or to the end; `first`: the first answer is given, else none."""
    while (asked := next((one for one in flow.shown(given) if one.id not in given), None)) is not None:
        offered = asked.option(GO_ON) is not None
        answer = Chosen((OptionId(GO_ON),)) if offered else Chosen((asked.options[0].id,)) if asked.options else None
        given[asked.id] = answer if answer is not None and (first or offered) else Skipped()
        yield asked
        if asked.id in flow.offers:
            return


def test_most_questions_may_be_skipped(talks: Talks) -> None:
    """On every way to the end."""
    for before, _, behind in ways(talks.pana.questionnaires.current):
        asked = [one for one in (*before, *behind) if one.option(GO_ON) is None]
        assert sum(one.skippable for one in asked) > len(asked) / 2


def test_behind_the_offer_are_as_many_questions_as_it_says(talks: Talks) -> None:
    """About twenty for somebody who is held, ten to twenty for everybody else; half a minute each."""
    flow = talks.pana.questionnaires.current
    counted: dict[str, set[int]] = {"more_held": set(), "more": set()}
    for _, offer, behind in ways(flow):
        counted[offer].add(len(behind))
    assert counted["more_held"] <= {*range(17, 24)}
    assert counted["more"] <= {*range(10, 21)}
    assert "около 20, минут на 10" in flow.question(QuestionId("more_held")).text.of("self")["ru"]
    assert "от 10 до 20, минут на 5–10" in flow.question(QuestionId("more")).text.of("self")["ru"]


def test_what_cannot_be_skipped_says_so_and_stays(talks: Talks) -> None:
    """Whatever the question; a command and a word alike."""
    calmly(talks)
    refused = 0
    for _ in range(12):
        asked = talks.pana.questionnaires.current.question(intake(talks).state.asked or QuestionId("none"))
        if not asked.skippable:
            for said in ("/skip", "пропустить"):
                talks.say(PERSON, said)
                assert ru(talks, texts.NOT_SKIPPABLE) in talks.text(PERSON)
                assert intake(talks).state.asked == asked.id
            refused += 1
        talks.say(PERSON, "1" if not asked.skippable else "/skip")
    assert refused >= 5


def test_who_is_told_that_they_need_not_answer_any_further_need_not(talks: Talks) -> None:
    """After a word about not wanting to live; and whether a lawyer is called is said by the card's first line alone."""
    urgent(talks, PERSON, None)
    says(talks, *HELD, "2")
    flow = talks.pana.questionnaires.current
    while intake(talks).state.asked != "q32":
        talks.say(PERSON, "/skip")
    talks.say(PERSON, "мысли, что не хочется жить")
    assert intake(talks).state.asked == "pause"
    assert "Отвечать дальше не обязательно" in talks.text(PERSON)
    assert "Зовём юриста · " in talks.text(PERSON)
    for form in ("self", "other"):
        assert not any(word in flow.question(QuestionId("pause")).text.of(form)["ru"] for word in ("юрист", "зовём"))
    talks.say(PERSON, "/status")
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    assert "Вызов отменён" in talks.text(PERSON)
    assert "Зовём" not in talks.text(PERSON)
    talks.press(PERSON, "Пока достаточно")
    assert "Проверьте ответы" in talks.text(PERSON)


def test_whether_somebody_went_on_at_an_offer_is_no_answer_in_the_summary(talks: Talks) -> None:
    """Nor has it a number there: "back" leads to it."""
    calmly(talks)
    says(talks, *CALM, "1")
    summary = talks.text(PERSON)
    assert "Проверьте ответы" in summary
    assert "Можно отправить сейчас" not in summary
    assert f"{len(CALM)}. " in summary
    assert f"{len(CALM) + 1}. " not in summary
    talks.press(PERSON, "Назад")
    assert intake(talks).state.asked == "more"


# --- what is kept and what is not ---


@pytest.mark.parametrize(
    ("way", "said", "notice"),
    [
        (("1", "7", "2", "6", "5", "1", "2"), "3, 1", texts.NOT_TOGETHER),
        (("1", "7", "2", "6", "5", "1", "2", "14"), "24.12.2027", texts.FUTURE),
        (("1", "7", "2", "6", "5", "1", "2", "14", "/skip", "1"), "в течение 10 дней", texts.TERM),
        (("1", "7", "2", "6", "5", "1", "2", "14", "/skip", "1"), "когда он приходил", texts.NO_DATE),
        ((*CALM, "1"), "тут холодно и темно", texts.NOT_ASKED),
    ],
    ids=["answers that exclude each other", "a day ahead", "a term", "no day", "at the summary"],
)
def test_what_is_said_not_to_be_kept_is_kept_nowhere(
    talks: Talks, way: tuple[str, ...], said: str, notice: str
) -> None:
    """Before there is a case: no case is opened for it, and the answers are as they were."""
    calmly(talks)
    says(talks, *way)
    before = intake(talks).state
    talks.say(PERSON, said)
    assert ru(talks, notice).split("%(")[0].split(":")[0] in talks.text(PERSON)
    after = intake(talks).state
    assert (talks.cases(), after.answers, after.asked) == ([], before.answers, before.asked)


def test_what_somebody_writes_goes_from_the_chat_at_once(prepared: Path, tmp_path: Path) -> None:
    """Answers, free text, messages after sending, commands: only cards of the bot are left, and none of the words."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await answers(life, PERSON, ["1", "1", "2", "6", "5", "1", "2"])
        for said in ("меня держат в подвале на рынке", "/skip", "тут ещё двое"):
            await life.say(PERSON, said)
            await life.rest()
            assert "подвале" not in life.text(PERSON)
            assert not [one for one in life.world.chats[PERSON].values() if not one.from_bot]

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


def test_a_message_that_is_too_long_for_the_person_is_not_kept(prepared: Path, tmp_path: Path) -> None:
    """The lawyer reads how long it may be, and it goes from their chat."""

    async def story(life: Life) -> None:
        await called(life, PERSON)
        await taken(life, AIGUL)
        await does(life, AIGUL, "Написать")
        await types(life, AIGUL, check_word(life), "а" * 2001)
        assert "не больше 2000 знаков" in life.text(AIGUL)
        assert "ааа" not in life.text(AIGUL)
        assert not any("Отправить" in one.labels for one in life.seen(AIGUL))
        assert life.change(lambda tx: tx.execute(select(writing.c.text_sealed)).scalars().all()) == [None]

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


# --- what comes after ---


def test_after_a_silence_the_code_is_shown_to_who_asks_for_it(talks: Talks) -> None:
    """The card itself does not show it any more."""
    urgent(talks, PERSON, None)
    says(talks, *HELD, "1")
    talks.press(PERSON, "Отправить юристу")
    code = talks.case().code
    assert code in talks.text(PERSON)
    talks.pass_by(seconds=(SILENCE + 2 * MINUTE).total_seconds())
    assert code not in talks.change(lambda tx: talks.pana.seeker.screen.view(tx, PERSON)).card.text
    talks.say(PERSON, "/status")
    assert code in talks.text(PERSON)


def test_start_shows_the_card_again(talks: Talks) -> None:
    """Where the person is, and nothing is lost."""
    calmly(talks)
    says(talks, "1", "7")
    before = intake(talks).state.asked
    card = talks.text(PERSON)
    talks.say(PERSON, "/start")
    assert (intake(talks).state.asked, talks.text(PERSON)) == (before, card)


# --- what lawyers and coordinators are told ---


def test_who_has_passed_is_not_called_about_that_case_any_more(talks: Talks) -> None:
    """Nor when it is called anew; the others are."""
    urgent(talks, PERSON)
    talks.press(BORIS, "Не могу взять")
    talks.press(BORIS, "Нет времени")
    rung = talks.rung(BORIS), talks.rung(AIGUL)
    talks.pass_by(minutes=25)
    assert talks.rung(BORIS) == rung[0]
    assert talks.rung(AIGUL) > rung[1]


def test_nobody_can_write_to_a_closed_case(talks: Talks) -> None:
    """Neither with a button of before nor by its code; the person is told, and there is no way back."""
    urgent(talks, PERSON)
    code = talks.case().code
    talks.say(BORIS, f"/take {code}")
    talks.press(BORIS, "Написать")
    phrase = next((data, one) for label, data, one in talks.data(BORIS) if label == "Я юрист-волонтёр")
    talks.press(BORIS, "Отмена")
    talks.press(BORIS, "Закрыть")
    talks.press(BORIS, "Помощь оказана")
    assert "написать туда будет уже нельзя" in talks.text(BORIS)
    talks.press(BORIS, "Да, закрыть")
    assert "обращение закрыто" in talks.seen(PERSON)
    talks.push(BORIS, *phrase)
    for lawyer in (BORIS, AIGUL):
        talks.say(lawyer, f"/take {code}")
    assert isinstance(talks.case(), Closed)
    assert "Я юрист-волонтёр" not in talks.seen(PERSON)


def test_a_coordinator_who_calls_where_nobody_can_come_reads_that(talks: Talks) -> None:
    """Both lawyers have passed since the button was shown."""
    urgent(talks, PERSON)
    talks.say(CLARA, "/queue")
    talks.press(CLARA, talks.case().code)
    everybody = next((data, one) for label, data, one in talks.data(CLARA) if label == "Call everybody now")
    for lawyer in (AIGUL, BORIS):
        talks.say(lawyer, f"/pass {talks.case().code}")
    rung = talks.rung(AIGUL, BORIS)
    talks.push(CLARA, *everybody)
    assert "there is nobody to call" in (talks.toast or "") + talks.seen(CLARA)
    assert talks.rung(AIGUL, BORIS) == rung


def test_of_a_muted_account_nobody_is_called_until_a_coordinator_lets_it_through(talks: Talks) -> None:
    """The queue says so, and so does the person's card; the button calls."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")
    for label in ("Закрыть", "Ложный вызов", "Да, закрыть"):
        talks.press(BORIS, label)
    talks.pass_by(minutes=11)
    urgent(talks, PERSON)
    rung = talks.rung(AIGUL, BORIS)
    talks.pass_by(minutes=30)
    assert talks.rung(AIGUL, BORIS) == rung
    talks.say(CLARA, "/queue")
    assert "nobody is called" in talks.text(CLARA)
    talks.press(CLARA, "Call the lawyers")
    assert talks.rung(AIGUL, BORIS) > rung
    assert "the lawyers are being called" in (talks.toast or "") + talks.seen(CLARA)


def test_a_coordinator_sees_when_nobody_is_on_call(talks: Talks) -> None:
    """Now, and in the two days to come."""
    for lawyer in (AIGUL, BORIS):
        talks.say(lawyer, "/oncall off")
    talks.say(CLARA, "/oncall")
    assert "Nobody is on call now." in talks.text(CLARA)
    gaps = talks.text(CLARA).partition("Nobody on call in the next 48 hours:")[2]
    assert f"{talks.core.place.here(talks.at + timedelta(days=2)):%d.%m}" in gaps
