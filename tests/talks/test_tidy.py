"""A member's chat stays tidy: what was only in between goes, and no button stays that does nothing."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bot.demo.world import Message
from bot.errors import TryAgain
from bot.speech.incoming import Pushed, Said
from bot.telegram.post import BLANK, EMPTY_FILE
from storage import in_chat
from storage.case import Case, Claimed, Closed, Waiting
from storage.members import Member
from storage.outbox import LineKind, RowKind
from storage.record import Entry, EntryKind
from storage.schema import in_chat as in_chat_table
from storage.schema import member as member_table
from storage.tx import Tx
from tests.cases import claim
from tests.talks.life import Life, begun, living, taken
from tests.talks.moments import Moments
from tests.virtual_time import run
from tests.whole import by_pairs

PERSON, AIGUL, BORIS, CLARA = 900, 201, 202, 301


async def does(life: Life, chat: int, *labels: str) -> None:
    """Presses one button after another, and waits for what follows."""
    for label in labels:
        await life.press(chat, label)
        await life.rest()


async def types(life: Life, chat: int, *texts: str) -> None:
    """Types one text after another."""
    for text in texts:
        await life.say(chat, text)
        await life.rest()


async def called(life: Life) -> None:
    """A person is held, and lawyers are called."""
    await begun(life, PERSON)
    await does(life, PERSON, "Удерживают")


def whole(life: Life, chat: int) -> list[str]:
    """Every message of a chat, what its owner typed too."""
    return [says(one) for one in life.world.chats.get(chat, {}).values()]


def says(message: Message) -> str:
    """What can be read of a message, of a file its name and its caption; the empty one for one that was emptied."""
    if message.document is None:
        return message.text
    name, content = message.document
    emptied = (name, content, message.text) == (EMPTY_FILE, BLANK.encode(), "")
    return BLANK if emptied else f"{name}\n{message.text}"


def check_word(life: Life) -> str:
    """A new one, for who has the newest case."""
    words, case = list[str](), life.change(life.core.cases.listed)[-1]
    assert isinstance(case, Claimed)

    def entry(word: str, call: str) -> Entry:
        words.append(word)
        return Entry(kind=EntryKind.check, at="2026-11-24", value={"word": word, "call": call})

    life.change(lambda tx: life.core.cases.claims.set_check_word(tx, life.core.cases.get(tx, case.row), entry))
    return words[-1]


def test_a_whole_case_leaves_its_card_and_its_file(moments: Moments, tmp_path: Path) -> None:
    """Taken, written to with a phrase and freely, a wrong check word, handed over, closed."""

    async def story(life: Life) -> None:
        await does(life, AIGUL, "Написать", "Отмена", "Написать", "Я юрист-волонтёр", "Написать")
        await types(life, AIGUL, "неверное слово", check_word(life), "Где вас держат?")
        await does(life, AIGUL, "Отправить")
        card, file, became = whole(life, AIGUL)
        assert card.startswith("Обращение за вами · ")
        assert ".zip" in file
        assert "сообщение 2: ещё не прочитано" in became
        await does(life, AIGUL, "Передать коллеге", "Отмена", "Передать коллеге", "✓ Boris")
        assert life.telegram.toasts[-1].endswith("Пока его не приняли, оно за вами.")
        assert len(whole(life, AIGUL)) == 3
        await does(life, BORIS, "Принять")
        assert len(whole(life, AIGUL)) == 1
        card, file = whole(life, BORIS)
        assert card.startswith("Обращение за вами · ")
        await does(life, BORIS, "Закрыть обращение", "Помощь оказана", "Отмена")
        assert whole(life, BORIS) == [card, file]
        await does(life, BORIS, "Закрыть обращение", "Помощь оказана", "Да, закрыть")
        case = life.change(life.core.cases.listed)[-1]
        assert isinstance(case, Closed)
        for lawyer in (AIGUL, BORIS):
            assert whole(life, lawyer) == [f"Обращение № {case.code} закрыто."]
            assert [one.labels for one in life.seen(lawyer)] == [[]]

    with living(moments.after((called,), (taken, AIGUL)), tmp_path / "life") as life:
        run(life.live(story))


def test_who_is_second_is_told_at_the_press_and_nothing_rings(moments: Moments, tmp_path: Path) -> None:
    """Two press at once: one has the case, the other's alert says so, and no message comes for it."""

    async def story(life: Life) -> None:
        await life.rest()
        presses = {}
        for lawyer in (AIGUL, BORIS):
            (alert,) = life.seen(lawyer)
            take = next(button for row in alert.buttons for button in row if button.text == "Взять в работу")
            presses[lawyer] = Pushed(
                update_id=9000 + lawyer, chat_id=lawyer, message_id=alert.id, callback_id="1", data=take.data
            )
        before = len(life.telegram.log)
        for press in presses.values():
            life.hear(press)
        await life.rest()
        case = life.change(life.core.cases.listed)[-1]
        assert claim(case).by == 1
        assert life.telegram.toasts == [f"Обращение № {case.code} уже в работе."]
        assert whole(life, BORIS) == [f"Обращение № {case.code} уже в работе."]
        assert [one.what for one in life.telegram.log[before:] if one.chat_id == BORIS] == ["edit"]

    with living(moments.after((called,)), tmp_path / "life") as life:
        run(life.live(story))


def test_who_types_a_code_too_late_is_answered_once_and_silently(moments: Moments, tmp_path: Path) -> None:
    """The answer and the command go with whatever is done next."""

    async def story(life: Life) -> None:
        case = life.change(life.core.cases.listed)[-1]
        before = len(life.telegram.log)
        await types(life, BORIS, f"/take {case.code}")
        assert [one.text for one in life.telegram.log[before:] if one.chat_id == BORIS and one.what == "send"] == [
            "Для вас такого обращения нет."
        ]
        assert not any(one.rings for one in life.telegram.log[before:] if one.chat_id == BORIS)
        await types(life, BORIS, "/take AAAA-AAAA", "/help")
        assert [text.splitlines()[0] for text in whole(life, BORIS)] == [
            f"Обращение № {case.code} уже в работе.",
            "/help",
            "/take CODE — взять обращение",
        ]

    with living(moments.after((called,), (taken, AIGUL)), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize(
    ("question", "says"), [("Передать коллеге", BLANK), ("Закрыть обращение", "не закрыто")], ids=["to whom", "how"]
)
def test_a_question_that_is_cancelled_after_two_days_does_not_stay_as_it_was(
    moments: Moments, tmp_path: Path, question: str, says: str
) -> None:
    """It cannot be removed any more: it loses its text and its buttons, or says what became of it."""

    async def story(life: Life) -> None:
        await does(life, AIGUL, "Занимаюсь этим", "Написать", "Я юрист-волонтёр")
        await does(life, PERSON, "Показать")
        await does(life, AIGUL, question)
        asked = life.seen(AIGUL)[-1]
        assert "Отмена" in asked.labels
        await life.pass_time(timedelta(hours=49))
        await does(life, AIGUL, "Отмена")
        assert says in asked.text + "".join(life.telegram.toasts)
        assert [one.labels for one in life.seen(AIGUL) if one.id == asked.id] in ([], [[]])

    with living(moments.after((called,), (taken, AIGUL)), tmp_path / "life") as life:
        run(life.live(story))


def test_what_can_be_taken_back_is_taken_back_where_it_stands(moments: Moments, tmp_path: Path) -> None:
    """A wrong *I cannot take it*, with its reason left out; once a reason is given, nothing of it is left."""

    async def story(life: Life) -> None:
        await does(life, BORIS, "Не могу взять", "Всё-таки взять")
        assert claim(life.change(life.core.cases.listed)[-1]).by == 2
        await does(life, BORIS, "Вернуть в очередь")
        assert isinstance(life.change(life.core.cases.listed)[-1], Waiting)
        await does(life, BORIS, "Нет времени")
        assert whole(life, BORIS) == []
        assert life.telegram.toasts[-1].endswith("записали, больше вас по нему не зовём.")

    with living(moments.after((called,)), tmp_path / "life") as life:
        run(life.live(story))


def test_a_false_alarm_can_be_undone_on_the_card_of_the_case_for_ten_minutes(moments: Moments, tmp_path: Path) -> None:
    """Then its button is gone."""

    async def story(life: Life) -> None:
        await does(life, AIGUL, "Закрыть обращение", "Ложный вызов", "Да, закрыть")
        (card,) = life.seen(AIGUL)
        assert card.labels == ["Отменить: вызов не ложный"]
        await does(life, AIGUL, "Отменить")
        assert [one.labels[:1] for one in life.seen(AIGUL)] == [["Написать"], []]
        await does(life, AIGUL, "Закрыть обращение", "Ложный вызов", "Да, закрыть")
        await life.pass_time(timedelta(minutes=10, seconds=5))
        (card,) = life.seen(AIGUL)
        assert (card.labels, card.text.endswith("закрыто.")) == ([], True)

    with living(moments.after((called,), (taken, AIGUL)), tmp_path / "life") as life:
        run(life.live(story))


def test_a_text_that_was_not_sent_goes_when_it_cannot_be_sent_any_more(moments: Moments, tmp_path: Path) -> None:
    """After a quarter of an hour, and as soon as another one takes its place."""

    async def story(life: Life) -> None:
        await does(life, AIGUL, "Написать")
        await types(life, AIGUL, check_word(life), "Первый текст", "Второй текст")
        assert [text for text in whole(life, AIGUL) if "текст" in text] == [whole(life, AIGUL)[-1]]
        assert whole(life, AIGUL)[-1].endswith("Второй текст")
        await life.pass_time(timedelta(minutes=15, seconds=5))
        assert "Второй текст" not in "".join(whole(life, AIGUL))

    with living(moments.after((called,), (taken, AIGUL)), tmp_path / "life") as life:
        run(life.live(story))


# --- cards that have stood there for longer than Telegram lets anybody remove them ---


def passed(life: Life, tx: Tx, case: Case, member: Member) -> None:
    """The lawyer cannot take it."""
    life.front.member.taking._alert_goes(tx, member, case)


def muted(life: Life, tx: Tx, case: Case, _member: Member) -> None:
    """Another case of this account was a false alarm."""
    assert isinstance(case, Waiting)
    life.core.closing._mute(tx, case)


def listed(life: Life, tx: Tx, case: Case, member: Member) -> None:
    """It moves to the lawyer's list."""
    assert isinstance(case, Waiting)
    life.core.calls._list(tx, case, member.id, crowd=False, silent=False)


def rung_again(life: Life, tx: Tx, case: Case, member: Member) -> None:
    """Another message takes its place."""
    life.core.queue.to_member(tx, RowKind.ring, member.id, case_row=case.row)


def cannot_open(life: Life, tx: Tx, case: Case, member: Member) -> None:
    """The lawyer has another key now."""
    assert isinstance(case, Waiting)
    life.core.membership_changes._take_alert_away(tx, case, member)


def suspended(life: Life, tx: Tx, _case: Case, member: Member) -> None:
    """Somebody else may hold the lawyer's phone."""
    life.core.membership_changes.suspend(tx, member, force=True)


def asks_for_all(life: Life, tx: Tx, _case: Case, member: Member) -> None:
    """All sealed files afresh."""
    life.front.member.claims.send_all(tx, member)


def parted(life: Life, tx: Tx, case: Case, _member: Member) -> None:
    """The person deletes everything."""
    assert isinstance(case, Claimed)
    life.pana.intake_ends.parting.wished(tx, case, lawyer_too=False)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize(
    ("goes", "is_claimed"),
    [
        (passed, False),
        (muted, False),
        (listed, False),
        (rung_again, False),
        (cannot_open, False),
        (suspended, False),
        (suspended, True),
        (asks_for_all, True),
        (parted, True),
    ],
)
def test_a_card_that_nobody_can_remove_any_more_loses_its_text(
    moments: Moments, tmp_path: Path, goes: Callable[[Life, Tx, Case, Member], object], *, is_claimed: bool, fails: bool
) -> None:
    """Telegram passes over what is older than 48 hours, and says so to nobody. `fails`: also a first call for it."""

    async def story(life: Life) -> None:
        before = {one.id for one in life.seen(AIGUL)}
        for one in life.seen(AIGUL):
            one.date -= 3 * 86_400
        (case,) = life.change(life.core.cases.listed)
        member = life.change(lambda tx: life.core.members.by_telegram(tx, AIGUL))
        assert member is not None
        left = [fails]

        async def call(what: str, chat: int) -> None:
            if chat == AIGUL and what in {"edit", "remove"} and left.pop() if left else False:
                raise TryAgain("a lost connection", 0.1)

        life.telegram.before = call
        life.change(lambda tx: goes(life, tx, life.core.cases.get(tx, case.row), member))
        await life.rest()
        old = [one for one in life.seen(AIGUL) if one.id in before and one.document is None]
        assert old
        assert [(one.text, one.labels) for one in old] == [(BLANK, [])] * len(old)

    with living(moments.after((called,), *[(taken, AIGUL)] * is_claimed), tmp_path / "life") as life:
        run(life.live(story))


def given_back(life: Life, tx: Tx, case: Case, _member: Member) -> None:
    """The lawyer has the case no more."""
    assert isinstance(case, Claimed)
    life.core.giving_back.given_back(tx, case)


def goes_on(life: Life, tx: Tx, _case: Case, member: Member) -> None:
    """The lawyer types something else."""
    said = Said(update_id=9_001, chat_id=AIGUL, message_id=9_001, text="/cases", at=tx.now)
    life.front.member.tidying.goes_on(tx, member, said)


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (suspended, []),
        (given_back, ["Обращение", "/take", "Проверка", "14:01."]),
        (goes_on, ["Обращение", ".zip", "Обращение", "Проверка", "14:01."]),
    ],
)
def test_what_goes_from_a_chat_goes_however_long_it_has_stood_there(
    moments: Moments, tmp_path: Path, goes: Callable[[Life, Tx, Case, Member], object], stays: list[str]
) -> None:
    """Cards, files, reminders of a deadline, answers, questions, lines: all that a bot can still change of its own."""

    async def story(life: Life) -> None:
        (case,) = life.change(life.core.cases.listed)
        queue = life.core.queue
        deadline = {"clock": "K7", "day": None}
        life.change(lambda tx: queue.to_member(tx, RowKind.remind, 1, case_row=case.row, args=deadline))
        life.change(lambda tx: queue.to_member(tx, RowKind.reach, 1))
        life.change(lambda tx: queue.line(tx, LineKind.rota, 1, mark=":1", at=tx.now.isoformat()))
        await life.rest()
        for one in life.world.chats[AIGUL].values():
            one.date -= 3 * 86_400
        life.change(lambda tx: tx.execute(update(in_chat_table).values(at=tx.now - timedelta(days=3))))
        life.change(life.core.checks.forget)
        member = life.change(lambda tx: life.core.members.by_telegram(tx, AIGUL))
        assert member is not None
        life.change(lambda tx: goes(life, tx, life.core.cases.get(tx, case.row), member))
        await life.rest()
        left = [says(one) for one in life.seen(AIGUL)]
        assert [one.split()[0].removeprefix(case.code) for one in left if one != BLANK] == stays

    with living(moments.after((called,), (taken, AIGUL), (types, AIGUL, "/help")), tmp_path / "life") as life:
        run(life.live(story))


def test_a_message_that_was_changed_is_no_younger_for_it(prepared: Path, tmp_path: Path) -> None:
    """Telegram counts from when it was sent."""
    with living(prepared, tmp_path / "life") as life:
        life.change(lambda tx: in_chat.keep(tx, 1, 5))
        life.ahead += timedelta(days=1, hours=12)
        life.change(lambda tx: in_chat.keep(tx, 1, 5))
        life.change(lambda tx: in_chat.keep(tx, 1, 6, in_chat.ANSWER))
        life.ahead += timedelta(days=1)
        life.change(lambda tx: in_chat.keep(tx, 1, 5, in_chat.ANSWER))
        assert life.change(lambda tx: [in_chat.part_of(tx, 1, one) for one in (5, 6)]) == [None, in_chat.ANSWER]
        found = life.change(lambda tx: in_chat.by_age(tx, 1, [5, 6, 7]))
        assert found == in_chat.Stood(young=[6], old=[5, 7])  # of 7 nobody knows how old it is
        assert life.change(lambda tx: in_chat.take_all(tx, 1)) == in_chat.Stood(young=[6], old=[5])


# Each way in which a call goes at each moment; in `make both` each with every kind of row, with and without the card.
WITHDRAWN = list(itertools.product([muted, listed, cannot_open, suspended], [False, True]))


@pytest.mark.parametrize(
    ("moment", "kind", "stands"),
    by_pairs(WITHDRAWN, [RowKind.ring, RowKind.alert], [False, True]),
    ids=lambda one: f"{one[0].__name__}-{one[1]}" if isinstance(one, tuple) else str(one),
)
def test_a_call_that_is_withdrawn_leaves_nothing_at_whatever_moment(
    moments: Moments,
    tmp_path: Path,
    moment: tuple[Callable[[Life, Tx, Case, Member], object], bool],
    kind: RowKind,
    *,
    stands: bool,
) -> None:
    """While it waits to be sent, and while it is on its way. `stands`: else the lawyer has removed the card before."""
    goes, begun_before = moment

    async def story(life: Life) -> None:
        (case,) = life.change(life.core.cases.listed)
        member = life.change(lambda tx: life.core.members.by_telegram(tx, AIGUL))
        assert member is not None

        def withdrawn() -> None:
            life.change(lambda tx: goes(life, tx, life.core.cases.get(tx, case.row), member))

        async def meanwhile(_what: str, chat: int) -> None:
            if chat == AIGUL and life.telegram.before is meanwhile:
                life.telegram.before = None
                withdrawn()

        if not stands:
            life.world.chats[AIGUL].clear()
        life.change(lambda tx: life.core.queue.to_member(tx, kind, member.id, case_row=case.row))
        if begun_before:
            life.telegram.before = meanwhile
        else:
            withdrawn()
        before = len(life.telegram.log)
        await life.rest()
        assert life.telegram.before is None
        rang = [one for one in life.telegram.log[before:] if one.chat_id == AIGUL and one.rings]
        assert len(rang) == (begun_before and kind is RowKind.ring) + (goes is listed)  # the list rings for itself
        left = [one for one in life.seen(AIGUL) if case.code in one.text and "Новых обращений" not in one.text]
        listing = [one for one in left if goes is listed]
        assert left == listing[:1]
        alerted = life.change(lambda tx: life.core.cases.alerted.of(tx, case.row)).get(member.id)
        assert alerted is None or alerted.message_id is None

    with living(moments.after((called,)), tmp_path / "life") as life:
        run(life.live(story))


def test_of_a_muted_case_no_coordinator_hears_that_nobody_has_taken_it(moments: Moments, tmp_path: Path) -> None:
    """It is sent after the card that says it was muted: a call of the Bot API had failed."""

    async def story(life: Life) -> None:
        (case,) = life.change(life.core.cases.listed)
        assert isinstance(case, Waiting)
        life.change(lambda tx: life.core.closing._mute(tx, case))
        await life.rest()
        before = [one.text for one in life.seen(CLARA)]
        assert before
        life.change(lambda tx: life.core.queue.to_member(tx, RowKind.unclaimed, 3, case_row=case.row))
        await life.rest()
        assert [one.text for one in life.seen(CLARA)] == before

    with living(moments.after((called,)), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("rang_before", [False, True])
def test_a_case_that_was_muted_rings_at_once_when_it_is_let_through(
    prepared: Path, tmp_path: Path, *, rang_before: bool
) -> None:
    """The calls of before are withdrawn. `rang_before`: they had arrived; else they wait to be sent."""

    async def story(life: Life) -> None:
        if rang_before:
            await called(life)
        else:
            await begun(life, PERSON)
            await life.press(PERSON, "Удерживают")
        (case,) = life.change(life.core.cases.listed)
        assert isinstance(case, Waiting)
        life.change(lambda tx: life.core.closing._mute(tx, case))
        if rang_before:
            await life.rest()
        before = len(life.telegram.log)
        muted_now = life.change(lambda tx: life.core.cases.get(tx, case.row))
        assert isinstance(muted_now, Waiting)
        life.change(lambda tx: life.core.calls.let_through(tx, muted_now))
        await life.rest()
        rang = [one.chat_id for one in life.telegram.log[before:] if one.rings and case.code in one.text]
        assert sorted(rang) == [AIGUL, BORIS]

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


def test_who_has_passed_is_rung_by_no_call_of_before(moments: Moments, tmp_path: Path) -> None:
    """It had waited to be sent: a call of the Bot API had failed."""

    async def story(life: Life) -> None:
        (case,) = life.change(life.core.cases.listed)
        assert isinstance(case, Waiting)
        member = life.change(lambda tx: life.core.members.get(tx, 1))
        life.change(lambda tx: life.core.queue.to_member(tx, RowKind.ring, member.id, case_row=case.row))
        life.change(lambda tx: life.core.calls.pass_on(tx, case, member, "time"))
        before = len(life.telegram.log)
        await life.rest()
        assert [one.text for one in life.telegram.log[before:] if one.chat_id == AIGUL and one.rings] == []
        (card,) = [one for one in life.seen(AIGUL) if case.code in one.text]
        assert "Взять в работу" not in card.labels

    with living(moments.after((called,)), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("presses", [None, "Написать"])
@pytest.mark.parametrize("how", ["suspended", "lost", "disabled"])
def test_an_answer_that_arrives_after_its_reader_has_stopped_goes_at_once(
    moments: Moments, tmp_path: Path, how: str, presses: str | None
) -> None:
    """Somebody else may hold the phone by then. What they typed was answered while they still took part."""

    async def story(life: Life) -> None:
        member = life.change(lambda tx: life.core.members.get(tx, 1))
        changes = life.core.membership_changes

        async def meanwhile(what: str, chat: int) -> None:
            if chat == AIGUL and what in {"send", "edit"} and life.telegram.before is meanwhile:
                life.telegram.before = None
                if how == "disabled":
                    life.change(lambda tx: changes.disable(tx, member, force=True))
                else:
                    life.change(lambda tx: changes.suspend(tx, member, force=True, lost=how == "lost"))

        life.telegram.before = meanwhile
        if presses is None:
            await life.say(AIGUL, "/help")
        else:
            await life.press(AIGUL, presses)
        await life.rest()
        assert life.telegram.before is None
        assert life.seen(AIGUL) == []

    with living(moments.after((called,), (taken, AIGUL), (types, AIGUL, "/cases")), tmp_path / "life") as life:
        run(life.live(story))


def test_all_old_cards_of_a_chat_lose_their_text(prepared: Path, tmp_path: Path) -> None:
    """Also where several go at once, and nobody knows any more when they were sent."""

    async def story(life: Life) -> None:
        for person in (PERSON, PERSON + 1):
            await begun(life, person)
            await does(life, person, "Удерживают")
        for one in life.world.chats[AIGUL].values():
            one.date -= 40 * 86_400
        life.change(lambda tx: tx.execute(delete(in_chat_table)))
        member = life.change(lambda tx: life.core.members.get(tx, 1))
        life.change(lambda tx: life.core.membership_changes.suspend(tx, member, force=True))
        await life.rest()
        assert [one.text for one in life.seen(AIGUL)] == [BLANK, BLANK]

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("stopped", [{"suspended": 1}, {"suspended": 2}, {"active": 0}])
def test_what_came_in_the_moment_in_which_its_reader_stopped_goes_within_a_minute(
    moments: Moments, tmp_path: Path, stopped: dict[str, int]
) -> None:
    """Of two processes on a database neither has seen what the other did. Of those who take part everything stays."""

    async def story(life: Life) -> None:
        life.change(lambda tx: tx.execute(update(member_table).where(member_table.c.id == 1).values(**stopped)))
        life.change(life.core.checks.minute)
        await life.rest()
        assert life.seen(AIGUL) == []
        assert life.seen(BORIS)

    with living(moments.after((called,)), tmp_path / "life") as life:
        run(life.live(story))


async def shows_a_case(life: Life) -> None:
    """Its lawyer's chat has its card, its file and what is new."""
    await called(life)
    await taken(life, AIGUL)
    await types(life, PERSON, "слово")


async def is_suspended(life: Life) -> None:
    """The lawyer's chat is emptied by the command line, while the bot runs no more."""
    await shows_a_case(life)
    member = life.change(lambda tx: life.core.members.get(tx, 1))
    life.change(lambda tx: life.core.membership_changes.suspend(tx, member, force=True))


async def has_a_card(life: Life) -> None:
    """Somebody's chat has the card of their questions."""
    await begun(life, PERSON)


@pytest.mark.parametrize(("story", "chat"), [(shows_a_case, AIGUL), (is_suspended, AIGUL), (has_a_card, PERSON)])
def test_what_was_to_go_while_the_bot_stood_still_for_days_loses_its_text(
    prepared: Path, tmp_path: Path, story: Callable[[Life], Awaitable[None]], chat: int
) -> None:
    """Telegram lets nobody remove it any more, and says so only of a message that is removed by itself."""

    async def stands_still(life: Life) -> None:
        await story(life)
        before = {one.id for one in life.seen(chat)}
        assert before
        await life.dies(timedelta(days=3))
        await life.pass_time(timedelta(minutes=1))
        left = [one for one in life.seen(chat) if one.id in before]
        assert [(says(one), one.labels) for one in left] == [(BLANK, [])] * len(left)

    with living(prepared, tmp_path / "life") as life:
        run(life.live(stands_still))


def test_the_last_card_of_a_person_loses_its_text_when_it_is_too_old_to_be_removed(
    moments: Moments, tmp_path: Path
) -> None:
    """It may be two days old before its case is closed, and goes a day after that."""

    async def story(life: Life) -> None:
        (card,) = life.seen(PERSON)
        await life.pass_time(timedelta(minutes=5))
        card.date -= 30 * 3_600
        (case,) = life.change(life.core.cases.listed)
        assert isinstance(case, Claimed)
        member = life.change(lambda tx: life.core.members.get(tx, 1))
        life.change(lambda tx: life.core.closing.close(tx, case, member, "helped"))
        await life.rest()
        assert card.text != BLANK
        await life.pass_time(timedelta(hours=25))
        assert [one.text for one in life.seen(PERSON) if one.id == card.id] == [BLANK]

    with living(moments.after((called,), (taken, AIGUL)), tmp_path / "life") as life:
        run(life.live(story))
