"""The real process while Telegram is away, refuses it, or gives its updates to somebody else."""

import asyncio
import contextlib
import dataclasses
import shutil
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer, Fault
from tests.bot.test_crash import codes_in
from tests.bot.test_outside import (
    IN_KAZAKH,
    Certificate,
    PushServer,
    certificate,
    change_ways,
    configure,
    mail_server,
    ntfy,
    until,
)
from tests.bot.test_supervisor import heard, supervisor, watcher
from tests.bot.walks import consent, held_by_police
from tests.conftest import change_rows

__all__ = ["certificate", "ntfy", "supervisor", "watcher"]  # fixtures
ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
TEN_MINUTES_LATER = (
    "UPDATE handoff SET rang_at = datetime(rang_at, '-10 minutes'), next_due_at = datetime(next_due_at, '-10 minutes')"
)
ATTENTION = {
    "aigul@example.org": "Сервисті тексеру керек: журналын қараңыз.",
    "office@example.org": "Нужно проверить сервис: посмотрите его журнал.",
}


async def begin(instance: Instance) -> None:
    """Starts the bot without waiting until it is ready."""
    with instance.log.open("ab") as log:
        instance.process = await instance.begin(log)


def said(sock: socket.socket) -> list[str]:
    """What the supervisor was told meanwhile."""
    found = list[str]()
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(sock.recv(300).decode())
    return found


@ON_SQLITE
async def test_due_cases_are_told_by_mail_while_telegram_cannot_be_reached(
    telegram: BotApiServer,
    instance: Instance,
    certificate: Certificate,
    supervisor: tuple[socket.socket, str],
    watcher: tuple[asyncio.Queue[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The ladder and mail run from the first second; SIGTERM ends it in time, and it was never ready."""
    telegram.person(201), telegram.person(202)
    await instance.start()
    await held_by_police(telegram.person(901))
    await until(lambda: codes_in(telegram.person(201)))
    await instance.stop()
    change_ways(instance, "Aigul", "aigul@example.org")
    change_rows(instance, TEN_MINUTES_LATER)
    sock, address = supervisor
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    beats, watched_at = watcher
    instance.log.unlink()
    async with mail_server(certificate.context, None) as mail, telegram.away():
        configure(instance, mail, certificate, "tls")
        given = (instance.folder / "pana.toml").read_text()
        (instance.folder / "pana.toml").write_text(
            given.replace("[server]", f'[server]\nheartbeat_url = "{watched_at}"')
        )
        begun = time.monotonic()
        await begin(instance)
        await until(lambda: mail.came)
        print(f"\nfrom the start to the first mail while Telegram is away: {time.monotonic() - begun:.1f} s")
        assert time.monotonic() - begun < 10
        told = await heard(sock, b"EXTEND_TIMEOUT_USEC=60000000")
        told += await heard(sock, b"WATCHDOG=1")
        asked = time.monotonic()
        assert await instance.stop() == 0
        assert time.monotonic() - asked < 12
    ((to, message),) = mail.came
    assert (to, message["Subject"]) == ("aigul@example.org", IN_KAZAKH)
    words = [one.decode() for one in told] + said(sock)
    assert any(one.startswith("STATUS=Telegram cannot be reached since ") for one in words)
    assert "READY=1" not in words
    assert words[-1] == "STOPPING=1"
    assert "ready\n" not in instance.log.read_text()
    assert beats.empty()


@ON_SQLITE
@pytest.mark.parametrize("fault", ["refused", "hang", "502"])
async def test_a_start_in_an_outage_is_ready_once_people_are_heard(
    telegram: BotApiServer,
    instance: Instance,
    supervisor: tuple[socket.socket, str],
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    """Whether nobody answers, everybody waits, or a proxy says 502."""
    sock, address = supervisor
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    async with telegram.away() if fault == "refused" else contextlib.nullcontext():
        if fault != "refused":
            telegram.faults.append(Fault("*", fault, times=10**9))
        await begin(instance)
        await heard(sock, b"WATCHDOG=1")
        assert "ready\n" not in instance.log.read_text()
        telegram.faults.clear()
    await heard(sock, b"READY=1")
    await consent(telegram.person(903), "Русский", "Продолжить", "Кому нужна помощь?")
    await instance.stop()
    assert instance.log.read_text().splitlines().count("ready") == 1
    assert "READY=1" not in said(sock)


async def test_a_webhook_that_is_not_ours_ends_the_start_with_one_sentence(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Who else uses this token? Without an answer nobody would be heard."""
    telegram.set_webhook("https://somebody.example.org/hook")
    ended = await asyncio.to_thread(instance.pana, "run", check=False)
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("pana: another program receives what people write to this bot")
    assert "revoke it with @BotFather" in last
    assert "somebody" not in ended.stderr
    assert "ready" not in ended.stderr


@asynccontextmanager
async def rival(telegram: BotApiServer) -> AsyncIterator[None]:
    """Another program that polls on the same token, as any bot does."""

    async def poll() -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                asked = session.post(f"{telegram.url}/bot{telegram.world.token}/getUpdates", data={"timeout": "10"})
                async with asked as answer:
                    await answer.read()
                await asyncio.sleep(0.5)

    polling = asyncio.create_task(poll())
    yield
    polling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await polling


@asynccontextmanager
async def stolen(telegram: BotApiServer, instance: Instance, by: str) -> AsyncIterator[None]:
    """Somebody has the token, or the whole folder."""
    if by == "copy":
        shutil.copytree(instance.folder, instance.folder.with_name("copy"))
        copy = dataclasses.replace(instance, folder=instance.folder.with_name("copy"), process=None)
        await copy.start()
        yield
        await copy.stop()
        return
    if by == "rival":
        async with rival(telegram):
            yield
        return
    telegram.set_webhook("https://somebody.example.org/hook")
    yield
    telegram.set_webhook("")


@ON_SQLITE
@pytest.mark.parametrize("by", ["rival", "copy", "webhook"])
async def test_whoever_takes_the_updates_of_a_running_bot_is_told_on_every_way(
    telegram: BotApiServer, instance: Instance, certificate: Certificate, ntfy: PushServer, by: str
) -> None:
    """Mail, push, the backstop, a line to the coordinators; the bot goes on, and hears people again afterwards."""
    change_ways(instance, "Aigul", "aigul@example.org")
    instance.pana("member", "set", "Boris", "--push", f"{ntfy.url}/boris")
    clara = telegram.person(301)
    async with mail_server(certificate.context, None) as mail:
        configure(instance, mail, certificate, "tls", '"mailto:office@example.org"')
        await instance.start()
        async with stolen(telegram, instance, by):
            await clara.sees("Another program receives what people write to this bot.", 60)
            await until(lambda: len(mail.came) > 1 and ntfy.came)
            await until(lambda: "people are not heard" in instance.log.read_text())
        assert {to: message["Subject"] for to, message in mail.came} == ATTENTION
        assert {topic for topic, _, _ in ntfy.came} == {"/boris"}
        await consent(telegram.person(904), "Русский", "Продолжить", "Кому нужна помощь?")
    assert await instance.stop() == 0
    log = instance.log.read_text()
    assert (
        "can't use getUpdates method while webhook is active" if by == "webhook" else "only one bot instance"
    ) in log
    times = sum("Another program" in one.text for one in clara.from_bot)
    assert 1 <= times <= (2 if by == "copy" else 1)  # the copy may tell it, too
    assert "somebody" not in log


@ON_SQLITE
@pytest.mark.parametrize("code", [401, 404])
async def test_a_passing_refusal_ends_nothing(telegram: BotApiServer, instance: Instance, code: int) -> None:
    """A few 401 or 404 in the middle of the work, to whatever is called: the person still gets each card, once."""
    await instance.start()
    answer, person = (code, "Unauthorized" if code == 401 else "Not Found"), telegram.person(905)
    telegram.faults.append(Fault("getUpdates", "error", answer, times=2))
    telegram.faults += [Fault(method, "error", answer) for method in ("sendMessage", "editMessageText")]
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    assert not any(fault.times for fault in telegram.faults)
    assert len(person.from_bot) == 1
    assert await instance.stop() == 0
    assert f"getUpdates answered {code}" in instance.log.read_text()


@ON_SQLITE
async def test_one_refusal_at_the_start_ends_nothing(telegram: BotApiServer, instance: Instance) -> None:
    """Only a token that is refused for ten seconds is wrong."""
    telegram.faults.append(Fault("getMe", "error", (401, "Unauthorized")))
    await instance.start()
    assert await instance.stop() == 0


async def test_a_calm_end_in_an_outage_of_a_bot_that_was_heard(telegram: BotApiServer, instance: Instance) -> None:
    """Ten seconds for what cannot be sent, not more."""
    await instance.start()
    async with telegram.away():
        telegram.person(906)
        asked = time.monotonic()
        assert await instance.stop() == 0
        assert time.monotonic() - asked < 12


@pytest.mark.long
@ON_SQLITE
async def test_a_copy_that_is_never_let_in_ends_after_half_a_minute(telegram: BotApiServer, instance: Instance) -> None:
    """The real process; tests/bot/test_hearing.py has the same in virtual time."""
    conflict = (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    telegram.faults.append(Fault("getUpdates", "error", conflict, times=10**9))
    begun = time.monotonic()
    ended = await asyncio.to_thread(instance.pana, "run", check=False)
    assert 28 < time.monotonic() - begun < 45
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("pana: another program receives what people write to this bot")
    assert "ready\n" not in ended.stderr
