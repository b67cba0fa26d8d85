"""`pana doctor` tries what lies outside this machine: a webhook, members' chats, mail, push; and the time zones."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from bot.cli.doctor import look
from bot.cli.finding import Finding
from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from bot.errors import Unsent
from bot.outside.mail import Mail
from bot.outside.push import Push
from bot.settings import MailSettings, PushSettings
from tests.bot.test_outside import (
    Certificate,
    PushServer,
    certificate,
    change_ways,
    configure,
    mail_server,
    ntfy,
    settings,
)
from tests.conftest import change_rows

__all__ = ["certificate", "ntfy"]  # fixtures
ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
TEST_IN_KAZAKH, TEST_IN_RUSSIAN = "Тексеру: ештеңе істеудің қажеті жоқ.", "Проверка: делать ничего не нужно."


async def found_by(instance: Instance, *options: str) -> list[Finding]:
    """What a real `pana doctor` finds."""
    looked = await asyncio.to_thread(instance.pana, "doctor", "--json", *options, check=False)
    assert looked.stderr == ""
    return [Finding(**one) for one in json.loads(looked.stdout)]


def of(found: list[Finding], *what: str) -> list[tuple[str, str, str]]:
    """Those of some kinds."""
    return [(one.what, one.state, one.said) for one in found if one.what in what]


@ON_SQLITE
async def test_a_webhook_and_what_waits_behind_it_are_named(telegram: BotApiServer, instance: Instance) -> None:
    """Nobody would be heard, and `pana run` would not start."""
    telegram.set_webhook("https://somebody.example.org/hook")
    person = telegram.person(920)
    for _ in range(120):
        person.say("/start")
    found = await found_by(instance)
    ((_, state, said),) = of(found, "webhook")
    assert state == "failed"
    assert "Revoke it with @BotFather, or delete the webhook" in said
    assert of(found, "updates") == [("updates", "warning", "120 wait at Telegram: does `pana run` work?")]
    assert "somebody" not in str(found)


@ON_SQLITE
async def test_members_who_never_pressed_start_are_named(telegram: BotApiServer, instance: Instance) -> None:
    """A bot cannot write first: they would count as cover, and no alert would arrive."""
    change_rows(instance, "UPDATE member SET met_at = NULL")
    telegram.person(201)
    found = await found_by(instance)
    assert of(found, "members") == [
        ("members", "warning", "Boris has never pressed Start: no alert arrives"),
        ("members", "warning", "Clara has never pressed Start: no alert arrives"),
    ]


@ON_SQLITE
async def test_mail_and_push_are_tried_and_a_test_is_sent_on_every_way(
    telegram: BotApiServer, instance: Instance, certificate: Certificate, ntfy: PushServer
) -> None:
    """Without --send nothing arrives; with it one message on each way, in the language of whoever it is for."""
    instance.pana("member", "set", "Boris", "--push", f"{ntfy.url}/boris")
    change_ways(instance, "Aigul", "aigul@example.org")
    async with mail_server(certificate.context, None) as mail:
        configure(instance, mail, certificate, "tls", '"mailto:office@example.org"')
        looked = await found_by(instance)
        assert of(looked, "mail", "push", "send") == [
            ("mail", "ok", "TLS work; --send sends a test"),
            ("push", "ok", "the push server answers; --send sends a test"),
        ]
        assert (mail.came, ntfy.came) == ([], [])
        sent = await found_by(instance, "--send")
        assert of(sent, "send") == [
            ("send", "ok", "Aigul, e-mail: a test went out"),
            ("send", "ok", "Boris, push: a test went out"),
            ("send", "ok", "backstop 1: a test went out"),
        ]
        assert {to: message["Subject"] for to, message in mail.came} == {
            "aigul@example.org": TEST_IN_KAZAKH,
            "office@example.org": TEST_IN_RUSSIAN,
        }
        assert ntfy.came == [("/boris", TEST_IN_RUSSIAN, "urgent")]
    ntfy.fails = 10
    failed = await found_by(instance, "--send")
    assert of(failed, "send") == [
        ("send", "failed", "Aigul, e-mail: the connection was refused; is it the right port?"),
        ("send", "failed", "Boris, push: it answered 500"),
        ("send", "failed", "backstop 1: the connection was refused; is it the right port?"),
    ]
    assert "example.org" not in str(failed)
    assert ntfy.url not in str(failed)


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@asynccontextmanager
async def asks_for_login(certificate: Certificate) -> AsyncIterator[int]:
    """A mail server that lets nobody in."""

    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(object(), authenticator=refuse, auth_require_tls=False, loop=loop),
        "127.0.0.1",
        0,
        ssl=certificate.context,
    )
    yield server.sockets[0].getsockname()[1]
    server.close()


# security, does the server have TLS, is its certificate trusted, and the cause in words
MAIL_CAUSES = {
    "no TLS at the port": ("tls", False, True, "TLS: no secure connection came about; is it the right port?"),
    "no STARTTLS": ("starttls", False, True, "TLS: the server offers no STARTTLS"),
    "a stranger's certificate": ("tls", True, False, "TLS: its certificate is not trusted"),
}


@pytest.mark.parametrize("fault", MAIL_CAUSES)
async def test_why_a_mail_server_cannot_be_used_is_said_in_words(certificate: Certificate, fault: str) -> None:
    """TLS that fails, each in its way."""
    security, has_tls, trusted, words = MAIL_CAUSES[fault]
    async with mail_server(certificate.context if has_tls else None, None) as kept:
        with pytest.raises(Unsent) as raised:
            await Mail(settings(kept.port, security, certificate.file if trusted else None)).greet()
    assert raised.value.cause == words
    assert str(raised.value).isidentifier()


async def test_a_login_a_port_a_name_and_a_file_that_are_wrong_are_said_in_words(certificate: Certificate) -> None:
    """Nothing of the configuration is repeated."""
    given = settings(closed_port(), "tls", certificate.file)
    async with asks_for_login(certificate) as port:
        login = {"port": port, "username": "pana", "password": "wrong"}
        causes = {
            "the connection was refused; is it the right port?": given,
            "the name of its host is not known (DNS)": given.model_copy(update={"host": "nowhere.invalid"}),
            "a file of the configuration is missing (mail.ca_file)": given.model_copy(update={"ca_file": Path("/no")}),
            "the login was refused": MailSettings.model_validate(given.model_dump() | login),
        }
        for words, mine in causes.items():
            with pytest.raises(Unsent) as raised:
                await Mail(mine).greet()
            assert raised.value.cause == words


async def test_why_a_push_server_cannot_be_used_is_said_in_words(certificate: Certificate) -> None:
    """The same words as for mail."""
    causes = {
        f"http://127.0.0.1:{closed_port()}": "the connection was refused; is it the right port?",
        "https://nowhere.invalid": "the name of its host is not known (DNS)",
    }
    async with Push(PushSettings()) as push, mail_server(certificate.context, None) as kept:
        causes[f"https://127.0.0.1:{kept.port}"] = "TLS: its certificate is not trusted"
        for server, words in causes.items():
            with pytest.raises(Unsent) as raised:
                await push.greet(server)
            assert raised.value.cause == words


@ON_SQLITE
async def test_mail_without_a_server_is_named(telegram: BotApiServer, instance: Instance) -> None:
    """Whoever wants an e-mail would wait in vain."""
    change_ways(instance, "Aigul", "aigul@example.org")
    found = of(await found_by(instance), "mail")
    assert found == [("mail", "failed", "mail.host is not set, and somebody is to be told by e-mail")]


# --- time zones ---


@pytest.fixture
def old_zones(tmp_path: Path) -> Path:
    """Time zones of a machine of before March 2024: Almaty is where Omsk is."""
    folder = tmp_path / "zoneinfo"
    (folder / "Asia").mkdir(parents=True)
    shutil.copy(str(files("tzdata") / "zoneinfo" / "Asia" / "Omsk"), folder / "Asia" / "Almaty")
    return folder


@pytest.mark.parametrize(
    "first",
    [
        "import bot.wiring.core",
        "import zoneinfo; zoneinfo.ZoneInfo('Asia/Almaty'); from bot.wiring.running import wire_bot",
    ],
)
def test_the_packages_time_zones_win_over_the_machines(old_zones: Path, first: str) -> None:
    """Nights, shifts and rungs would be an hour off; whatever was read before."""
    show = "import bot; from tests.places import HERE; from datetime import datetime as d"
    show += "; print(d(2026, 11, 26, tzinfo=HERE))"
    environment = os.environ | {"PYTHONTZPATH": str(old_zones)}
    command = [sys.executable, "-c", f"{first}; {show}"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    assert done.stdout == "2026-11-26 00:00:00+05:00\n"


@ON_SQLITE
async def test_a_machine_with_old_time_zones_is_named_and_does_not_fail(
    telegram: BotApiServer, instance: Instance, old_zones: Path
) -> None:
    """Pana uses its own; other programs there do not."""
    environment = instance.environment | {"PYTHONTZPATH": str(old_zones)}
    command = [sys.executable, "-m", "bot", "doctor"]
    done = await asyncio.to_thread(
        subprocess.run, command, env=environment, cwd=instance.folder, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "warning  time zones: this machine's Asia/Almaty is of before March 2024; Pana uses its own" in done.stdout


@ON_SQLITE
async def test_a_sound_machine_has_nothing_to_say_about_time_zones(
    telegram: BotApiServer, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hours ahead, since 1 March 2024."""
    monkeypatch.setenv("PANA_TELEGRAM_TOKEN_FILE", str(instance.folder / "token"))
    monkeypatch.setenv("PANA_TELEGRAM_API_URL", telegram.url)
    found = await asyncio.to_thread(lambda: list(look(instance.folder / "pana.toml")))
    assert of(found, "time zones") == [("time zones", "ok", "Asia/Almaty is +05:00, from Pana's own tzdata")]
