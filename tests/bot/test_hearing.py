"""Who is told that nobody is heard, and when. In virtual time, but for what Telegram's answers are read as."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest
from telegram.error import TelegramError

from bot.demo.server import BotApiServer, Fault
from bot.errors import CallError, TakenElsewhere, TokenInUse, TokenTrouble, TryAgain
from bot.hearing import Hearing, Seen, Trouble, alarm, must_stop, status
from bot.outside.push import Push
from bot.pulse import Pulse
from bot.settings import PushSettings
from bot.telegram.api import Api, named
from bot.telegram.described import described
from bot.telegram.receive import Receiver, trouble
from bot.watchdog import Watchdog
from tests.bot.test_receiver import NothingWaits
from tests.virtual_time import run

W, R, T, U = Trouble.webhook, Trouble.rival, Trouble.refused, Trouble.unreachable
Failures = tuple[tuple[float, Trouble], ...]

# heard at, failures, now, and what everybody is told
ALARMS: dict[str, tuple[float | None, Failures, float, Trouble | None]] = {
    "all is well": (100.0, (), 101.0, None),
    "a long poll is under way": (100.0, (), 115.0, None),
    "the last long poll of a process that has ended": (100.0, ((101.0, R),), 105.0, None),
    "two conflicts": (100.0, ((101.0, R), (103.0, R)), 105.0, None),
    "another program polls, and now and then we do": (109.0, ((101.0, R), (104.0, R), (108.0, R)), 110.0, R),
    "three conflicts long ago": (109.0, ((101.0, R), (104.0, R), (108.0, R)), 300.0, None),
    "a thief who looks in once a minute": (960.0, tuple((100.0 + 170 * n, R) for n in range(6)), 970.0, R),
    "five restarts within an hour": (960.0, tuple((100.0 + 170 * n, R) for n in range(5)), 970.0, None),
    "a webhook": (100.0, ((101.0, W),), 101.0, W),
    "a webhook that has gone": (102.0, ((101.0, W),), 103.0, None),
    "one refusal": (100.0, ((101.0, T),), 102.0, None),
    "a refusal that lasts": (100.0, ((101.0, T), (102.0, T), (104.0, T), (111.0, T)), 111.0, T),
    "refusals before it was heard again": (105.0, ((101.0, T), (102.0, T), (104.0, T)), 112.0, None),
    "four minutes of 502": (100.0, ((101.0, U), (330.0, U)), 340.0, None),
    "five minutes of 502": (100.0, ((330.0, U), (390.0, U)), 400.0, U),
    "five minutes and never reached": (None, ((290.0, U),), 300.0, U),
    "never let in: it stops instead": (None, ((1.0, R), (2.0, R), (4.0, R)), 5.0, None),
}


@pytest.mark.parametrize("case", ALARMS)
def test_everybody_is_told_of_what_lasts_and_of_nothing_else(case: str) -> None:
    """A decision of what was seen and the time, and of nothing else."""
    heard_at, failures, now, expected = ALARMS[case]
    assert alarm(Seen(began=0.0, heard_at=heard_at, failures=failures), now) == expected


STOPS: dict[str, tuple[float | None, Failures, float, bool]] = {
    "for 30 seconds another one polls": (None, ((1.0, R), (2.0, R), (4.0, R), (20.0, R)), 31.0, True),
    "for 30 seconds a webhook": (None, ((1.0, W), (2.0, W), (20.0, W)), 31.0, True),
    "not yet": (None, ((1.0, R), (2.0, R), (4.0, R)), 20.0, False),
    "it was polling before": (1.0, ((2.0, R), (3.0, R), (5.0, R), (30.0, R)), 40.0, False),
    "Telegram is away, too": (None, ((1.0, R), (2.0, U), (20.0, R)), 40.0, False),
    "a refusal": (None, ((1.0, T), (2.0, T), (20.0, T)), 40.0, False),
}


@pytest.mark.parametrize("case", STOPS)
def test_only_a_process_that_was_never_let_in_stops(case: str) -> None:
    """Of two on one token the second; never the one that people are heard by."""
    heard_at, failures, now, expected = STOPS[case]
    assert must_stop(Seen(began=0.0, heard_at=heard_at, failing_since=1.0, failures=failures), now) is expected


def test_a_process_that_stands_by_alarms_nobody_and_says_so() -> None:
    """The one that polls does."""
    seen = Seen(began=0.0, heard_at=10.0, stands_by=True, failures=((1.0, R), (2.0, R), (3.0, R)))
    assert alarm(seen, 500.0) is None
    assert status(seen, 500.0, "12:03") == "Progress by: another process polls"


def test_the_status_tells_what_is_wrong_and_what_still_runs() -> None:
    """For `systemctl status`."""
    away = Seen(began=0.0, failing_since=1.0, failures=((1.0, U),))
    assert status(away, 2.0, "12:03") == "Telegram cannot be reached since 12:03; ladder, mail and push run"
    assert status(Seen(began=0.0), 1.0, "") == "Connecting to Telegram; ladder, mail and push run"
    assert status(Seen(began=0.0, heard_at=1.0), 2.0, "") == "People are heard"


# --- what Telegram answers ---

POLLERS = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ANSWERS: dict[str, tuple[Fault, type[CallError], Trouble, str]] = {
    "401": (Fault("getUpdates", "error", (401, "Unauthorized")), TokenTrouble, T, "401: Unauthorized"),
    "404": (Fault("getUpdates", "error", (404, "Not Found")), TokenTrouble, T, "404: Not Found"),
    "409": (Fault("getUpdates", "error", (409, POLLERS)), TakenElsewhere, R, f"409: {POLLERS}"),
    "unknown": (
        Fault("getUpdates", "error", (409, "Conflict: Ivan Petrov was here")),
        TakenElsewhere,
        R,
        "409: an unknown description of 30 characters",
    ),
    "429": (Fault("getUpdates", "429", 7), TryAgain, U, "429: Too Many Requests: retry after 7"),
    "502": (Fault("getUpdates", "502"), TryAgain, U, "answer 502 was not JSON"),
    "500": (Fault("getUpdates", "error", (500, "Internal Server Error")), TryAgain, U, "Internal Server Error"),
    "reset": (Fault("getUpdates", "reset"), TryAgain, U, "ServerDisconnectedError"),
}


@pytest.mark.parametrize("kind", ANSWERS)
async def test_what_telegram_says_is_kept_where_it_names_nobody(telegram: BotApiServer, kind: str) -> None:
    """Known sentences as they stand, of any other the length; and each answer is read as the trouble that it is."""
    fault, error_class, expected, words = ANSWERS[kind]
    api = Api(telegram.world.token, telegram.url)
    await api.open()
    telegram.faults.append(fault)
    with pytest.raises(CallError) as raised:
        await api.fetch(None, 0)
    await api.close()
    assert type(raised.value) is error_class
    assert trouble(raised.value) is expected
    assert words in str(raised.value)
    assert telegram.world.token not in str(raised.value)


@pytest.mark.parametrize(
    "said",
    ["Bad Request: BUTTON_DATA_INVALID", "Bad Request: message text is empty"],
)
async def test_why_a_message_was_refused_is_kept_too(telegram: BotApiServer, said: str) -> None:
    """The same allow-list for every call; the library takes the first words off."""
    telegram.person(930)
    telegram.faults.append(Fault("sendMessage", "error", (400, said)))
    api = Api(telegram.world.token, telegram.url)
    with pytest.raises(TelegramError) as raised:
        await api.bot.send_message(930, "x")
    await api.close()
    assert str(named(raised.value)).lower() == f"refused: {said.removeprefix('Bad Request: ').lower()}"


async def test_a_webhook_is_read_as_one(telegram: BotApiServer) -> None:
    """Set before the call, and in the middle of a long poll."""
    api = Api(telegram.world.token, telegram.url)
    await api.open()
    waits = asyncio.create_task(api.fetch(None, 30))
    await asyncio.sleep(0.2)
    telegram.set_webhook("https://somebody.example.org/hook")
    for call in (waits, api.fetch(None, 0)):
        with pytest.raises(TakenElsewhere) as raised:
            await call
        assert raised.value.webhook
    found = await api.webhook()
    await api.close()
    assert found.is_set


@pytest.mark.parametrize(
    "said",
    ["Bad Request: can't parse entities: Ivan", "Unauthorized: 4242:token", "not found: @ivan", "", None, 7, ["x"]],
)
def test_of_a_description_that_may_name_somebody_nothing_is_kept(said: object) -> None:
    """An allow-list: whatever Telegram will say one day is unknown until it is added."""
    kept = described(said)
    assert kept in {"without a description", f"an unknown description of {len(str(said))} characters"}


# --- the poll loop and the pulse, together ---


class Played:
    """A Bot API that answers getUpdates as a script says for the moment; a poll without updates takes its time."""

    bot = None

    def __init__(self, script: Callable[[float], Exception | None]) -> None:
        self._script = script
        self.asked: list[float] = []

    async def fetch(self, offset: int | None, seconds: int) -> list[dict[str, Any]]:
        """An empty batch, or a failure."""
        del offset
        now = asyncio.get_running_loop().time()
        self.asked.append(now)
        await asyncio.sleep(0.1)
        if (error := self._script(now)) is not None:
            raise error
        await asyncio.sleep(seconds)
        return []


class Told(Watchdog):
    """What the supervisor is told."""

    def __init__(self) -> None:
        super().__init__({})
        self.said: list[tuple[float, str]] = []

    def _say(self, state: str) -> None:
        self.said.append((asyncio.get_running_loop().time(), state))


class Beats(Push):
    """What the outside watcher hears."""

    def __init__(self) -> None:
        super().__init__(PushSettings())
        self.at: list[float] = []

    async def beat(self, address: str) -> None:
        """Heard."""
        self.at.append(asyncio.get_running_loop().time())


class Hours:
    """Hours of a poll loop in no time: what was asked, said, beaten and rung."""

    def __init__(self, script: Callable[[float], Exception | None], *, leads: bool = True) -> None:
        self.api, self.told, self.beats = Played(script), Told(), Beats()
        self.rang: list[tuple[float, Trouble]] = []
        self.ready: list[float] = []
        self.stuck_from = self.no_ticks_from = float("inf")
        self._leads = leads

    def watch(self, seconds: float) -> "Hours":
        """Lets so many seconds pass."""
        run(self._run(seconds))
        return self

    def words(self, prefix: str) -> list[tuple[float, str]]:
        """What the supervisor was told of one kind."""
        return [(at, said.partition("=")[2]) for at, said in self.told.said if said.startswith(prefix)]

    async def _run(self, seconds: float) -> None:
        clock = asyncio.get_running_loop().time

        async def nothing(_received: object, *, later: bool = False) -> None:
            return

        async def leads() -> bool:
            if clock() >= self.stuck_from:
                await asyncio.Event().wait()
            return self._leads

        async def known(_chats: object) -> frozenset[int]:
            return frozenset()

        async def everybody(why: Trouble) -> bool:
            self.rang.append((clock(), why))
            return True

        async def reachable() -> bool:
            return clock() < 300

        hearing = Hearing(lambda: self.ready.append(clock()), clock)
        pulse = Pulse(
            hearing=hearing,
            watchdog=self.told,
            push=self.beats,
            watcher="https://x",
            everybody=everybody,
            reachable=reachable,
        )
        receiver = Receiver(
            api=cast(Api, self.api),
            handle=nothing,
            receives=leads,
            known=known,
            waiting=NothingWaits(),
            missed=lambda: None,
            hearing=hearing,
        )

        async def ticks() -> None:
            while clock() < self.no_ticks_from:
                pulse.ticked()
                await asyncio.sleep(1.0)

        works: list[Coroutine[Any, Any, None]] = [
            receiver.run(),
            pulse.run(),
            pulse.beat(),
            ticks(),
        ]
        in_use: BaseException | None = None
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                    for one in works:
                        group.create_task(one)
        except* TokenInUse as errors:
            in_use = errors.exceptions[0]
        if in_use is not None:  # raised above, it would come in a group again (Python 3.11.2)
            raise in_use


def between(begins: float, ends: float, error: Exception) -> Callable[[float], Exception | None]:
    """Fails for a while."""
    return lambda now: error if begins <= now < ends else None


AWAY = TryAgain("getUpdates answered 502")


def test_an_outage_silences_the_heartbeat_and_not_the_watchdog_and_is_told_each_hour() -> None:
    """Starting the bot again would not end it: only the outside watcher's alarm and everybody's ways say it."""
    played = Hours(between(100, 100 + 2 * 3600, AWAY)).watch(3 * 3600)
    in_outage = [at for at in played.beats.at if 170 <= at <= 7300]
    assert in_outage == []
    assert [at for at in played.beats.at if at > 7400]
    assert [why for _, why in played.rang] == [U, U]
    assert [round((at - 100) / 60) for at, _ in played.rang] == [5, 65]
    alive = [at for at, _ in played.words("WATCHDOG")]
    assert max(after - before for before, after in itertools.pairwise(alive)) < 2
    assert "Telegram cannot be reached since" in played.words("STATUS")[1][1]
    assert max(b - a for a, b in itertools.pairwise(played.api.asked)) <= 31


def test_a_start_in_an_outage_is_not_ready_and_asks_the_supervisor_for_time() -> None:
    """Each request is made before the last one has run out; ready comes once, with the first answer."""
    played = Hours(between(0, 600, AWAY)).watch(700)
    (ready,) = played.ready
    assert ready > 600
    asked = [at for at, _ in played.words("EXTEND_TIMEOUT_USEC")]
    assert asked[0] < 5
    assert max(after - before for before, after in itertools.pairwise(asked)) < 60
    assert ready - asked[-1] < 60
    assert {words for _, words in played.words("EXTEND_TIMEOUT_USEC")} == {"60000000"}
    assert not [at for at in played.beats.at if at < ready]


@pytest.mark.parametrize("error", [TokenTrouble("401"), TokenTrouble("404")])
def test_a_refusal_is_asked_again_with_growing_pauses_and_told_when_it_lasts(error: Exception) -> None:
    """A passing 401 or 404 ends nothing."""
    short = Hours(between(100, 102, error)).watch(400)
    assert short.rang == []
    assert len(short.beats.at) >= 6
    played = Hours(between(100, 4000, error)).watch(4200)
    assert [why for _, why in played.rang] == [T, T]
    assert played.rang[0][0] < 130
    pauses = [b - a for a, b in itertools.pairwise(played.api.asked) if 101 <= a < 3900]
    assert pauses[0] < 3
    assert 29 < max(pauses) < 61
    assert [at for at in played.beats.at if at > 4000]


def test_a_rival_is_told_while_the_bot_goes_on() -> None:
    """Each of the two is let in now and then; the outside watcher is told too, by silence."""
    taken = TakenElsewhere("409", webhook=False)
    played = Hours(lambda now: taken if now > 100 and int(now) % 3 else None).watch(1000)
    assert [why for _, why in played.rang] == [R]
    assert played.rang[0][0] < 130
    assert not [at for at in played.beats.at if at > 200]


def test_a_copy_that_is_never_let_in_ends_with_one_sentence() -> None:
    """It says what to do; it never was ready."""
    played = Hours(lambda _now: TakenElsewhere("409", webhook=False))
    with pytest.raises(TokenInUse, match=r"another program receives .*stop the other copy.*revoke it with @BotFather"):
        played.watch(600)
    assert played.ready == []
    assert played.rang == []


def test_two_conflicts_after_a_restart_disturb_nobody() -> None:
    """The process before is in its last long poll, of ten seconds."""
    played = Hours(between(0, 2, TakenElsewhere("409", webhook=False))).watch(300)
    assert played.rang == []
    assert len(played.ready) == 1


def test_a_loop_that_is_stuck_or_due_work_that_is_not_done_lets_the_supervisor_act() -> None:
    """Two reasons for which starting the bot again helps."""
    stuck = Hours(lambda _now: None)
    stuck.stuck_from = 200.0
    assert 250 < stuck.watch(600).words("WATCHDOG")[-1][0] < 320
    idle = Hours(lambda _now: None)
    idle.no_ticks_from = 200.0
    assert 200 < idle.watch(600).words("WATCHDOG")[-1][0] < 240
    assert idle.beats.at[-1] < 240


def test_a_process_that_stands_by_is_ready_and_beats_while_it_reaches_telegram() -> None:
    """Whoever stands by in vain must be heard of, too."""
    played = Hours(lambda _now: None, leads=False).watch(900)
    assert len(played.ready) == 1
    assert played.api.asked == []
    assert 240 <= played.beats.at[-1] < 300
    assert played.words("WATCHDOG")[-1][0] > 890
