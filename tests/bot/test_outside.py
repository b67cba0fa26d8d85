"""Outside Telegram: one sentence by e-mail or push, to members who want it, and to everybody when nobody is reached."""

import asyncio
import datetime
import email
import email.policy
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from bot.errors import Unsent
from bot.outside.mail import Mail
from bot.outside.push import Push
from bot.settings import MailSettings, PushSettings, load_settings
from bot.wiring.core import open_core
from storage.tx import Tx
from tests.bot.test_crash import codes_in
from tests.bot.walks import held_by_police

IN_KAZAKH, IN_RUSSIAN, IN_ENGLISH = "Сізді бір өтініш күтіп тұр.", "Вас ждёт обращение.", "A case is waiting."


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of this machine that signs itself, and a context for a server that shows it."""

    file: Path

    @property
    def context(self) -> ssl.SSLContext:
        """For a server."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.file)
        return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Good for 127.0.0.1 for a day."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    file.write_bytes(made.public_bytes(pem) + secret)
    return Certificate(file)


@dataclass  # Python 3.11.2 cannot list what a class with slots has, as the server does
class MailServer:
    """A real SMTP server. `open`: how many messages came over a connection without TLS."""

    port: int = 0
    open: int = 0
    came: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps a message and whom it is for."""
        self.open += session.ssl is None and server.transport.get_extra_info("ssl_object") is None
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.came.append((envelope.rcpt_tos[0], message))
        return "250 kept"


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None, starttls: ssl.SSLContext | None) -> AsyncIterator[MailServer]:
    """TLS from the first byte, STARTTLS, or neither."""
    kept, loop = MailServer(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(kept, tls_context=starttls, loop=loop), "127.0.0.1", 0, ssl=tls)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()


@dataclass(slots=True)
class PushServer:
    """A real HTTP server in ntfy's form; fails as often as it is told to."""

    url: str = ""
    fails: int = 0
    asked: list[int] = field(default_factory=list)
    came: list[tuple[str, str, str]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Keeps topic, text and priority."""
        status = 500 if len(self.asked) < self.fails else 200
        self.asked.append(status)
        self.tokens.append(request.headers.get("Authorization"))
        if status == 200:
            self.came.append((request.path, await request.text(), request.headers["Priority"]))
        return web.Response(status=status)


@pytest.fixture
async def ntfy() -> AsyncIterator[PushServer]:
    """A push server."""
    kept, app = PushServer(), web.Application()
    app.router.add_post("/{topic}", kept.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    kept.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield kept
    await runner.cleanup()


def settings(port: int, security: str, ca_file: Path | None) -> MailSettings:
    """A mail server of this machine."""
    given = {"host": "127.0.0.1", "port": port, "security": security, "sender": "pana@example.org"}
    return MailSettings.model_validate(given | {"ca_file": ca_file})


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_mail_goes_over_tls_and_says_the_sentence_alone(certificate: Certificate, security: str) -> None:
    """Subject and body are the sentence; headers that say more there are none."""
    context = certificate.context
    async with mail_server(context if security == "tls" else None, context if security == "starttls" else None) as kept:
        await Mail(settings(kept.port, security, certificate.file)).send("boris@example.org", IN_RUSSIAN)
    ((to, message),) = kept.came
    assert kept.open == 0
    assert (to, message["Subject"], message.get_content().strip()) == ("boris@example.org", IN_RUSSIAN, IN_RUSSIAN)
    known = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo"}
    assert {name for name in message if not name.startswith("Content-")} <= known


REFUSED = {
    "no TLS offered": ("starttls", False, True),
    "no TLS at all": ("tls", False, True),
    "unknown": ("tls", True, False),
}


@pytest.mark.parametrize("server", REFUSED)
async def test_a_mail_server_without_tls_or_with_an_unknown_certificate_gets_nothing(
    certificate: Certificate, server: str
) -> None:
    """The error names its kind and no address."""
    security, has_tls, trusted = REFUSED[server]
    async with mail_server(certificate.context if has_tls else None, None) as kept:
        with pytest.raises(Unsent) as raised:
            await Mail(settings(kept.port, security, certificate.file if trusted else None)).send("b@x", IN_RUSSIAN)
    assert kept.came == []
    assert str(raised.value).isidentifier()


def configure(
    instance: Instance, mail: MailServer, certificate: Certificate, security: str, backstop: str = ""
) -> None:
    """Mail server and backstop in the configuration."""
    configuration = instance.folder / "pana.toml"
    configuration.write_text(
        f'{configuration.read_text()}\n[mail]\nhost = "127.0.0.1"\nport = {mail.port}\nsecurity = "{security}"\n'
        f'sender = "pana@example.org"\nca_file = "{certificate.file}"\n[oncall]\nbackstop = [{backstop}]\n'
    )


def change_ways(instance: Instance, name: str, address: str) -> None:
    """What `pana member set` does, without a process of its own."""
    core = open_core(load_settings(instance.folder / "pana.toml", instance.environment))

    def change(tx: Tx) -> None:
        member = core.members.by_name(tx, name)
        assert member is not None
        core.members.set_about(tx, member, languages=member.languages, regions=member.regions, email=address, push=None)

    core.database.change(change)
    core.database.close()


async def until(look: object) -> None:
    """Waits for what comes outside Telegram."""
    assert callable(look)
    async with asyncio.timeout(15):
        while not look():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_an_alert_also_rings_by_mail_and_push_for_who_wants_it(
    telegram: BotApiServer, instance: Instance, certificate: Certificate, ntfy: PushServer
) -> None:
    """A push that fails twice is tried again and holds up no mail; nothing of the case is in either."""
    instance.pana("member", "set", "Aigul", "--push", f"{ntfy.url}/aigul", "--email", "aigul@example.org")
    aigul, person = telegram.person(201), telegram.person(985)
    for chat in (202, 301):
        telegram.person(chat)
    ntfy.fails = 2
    async with mail_server(certificate.context, None) as mail:
        configure(instance, mail, certificate, "tls")
        await instance.start()
        await held_by_police(person)
        await until(lambda: mail.came and ntfy.came)
    assert ntfy.asked == [500, 500, 200]
    assert ntfy.came == [("/aigul", IN_KAZAKH, "urgent")]
    ((to, message),) = mail.came
    assert (to, message["Subject"], message.get_content().strip()) == ("aigul@example.org", IN_KAZAKH, IN_KAZAKH)
    (code,) = codes_in(aigul)
    assert code not in message.as_string()
    assert "example.org" not in instance.log.read_text()
    assert ntfy.url not in instance.log.read_text()


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_when_nobody_can_be_reached_everybody_is_told_outside(
    telegram: BotApiServer, instance: Instance, certificate: Certificate, ntfy: PushServer
) -> None:
    """All lawyers have blocked the bot: coordinators, everybody's ways and the backstop; the person is told so."""
    instance.pana("member", "set", "Boris", "--push", f"{ntfy.url}/boris")
    change_ways(instance, "Clara", "clara@example.org")
    clara, person = telegram.person(301), telegram.person(986)
    for chat in (201, 202):
        telegram.person(chat).block()
    async with mail_server(None, certificate.context) as mail:
        configure(instance, mail, certificate, "starttls", f'"{ntfy.url}/backstop", "mailto:office@example.org"')
        await instance.start()
        await held_by_police(person)
        await clara.sees("nobody can take it now")
        await person.sees("Сейчас ни с одним юристом нет связи")
        await until(lambda: len(mail.came) > 1 and len(ntfy.came) > 1)
    assert set(ntfy.came) == {("/backstop", IN_RUSSIAN, "urgent"), ("/boris", IN_RUSSIAN, "urgent")}
    said = {to: message["Subject"] for to, message in mail.came}
    assert said == {"clara@example.org": IN_ENGLISH, "office@example.org": IN_RUSSIAN}
    assert sum("No connection to" in one.text for one in clara.from_bot) == 2


async def test_the_token_of_a_push_server_goes_to_that_server_alone(ntfy: PushServer) -> None:
    """A member's address elsewhere would hand the token to a stranger; a token without its server goes nowhere."""
    assert PushSettings.model_validate({"token": "tk_secret"}).token_for(f"{ntfy.url}/aigul") is None
    async with Push(PushSettings.model_validate({"server": ntfy.url, "token": "tk_secret"})) as push:
        await push.send(f"{ntfy.url}/aigul", IN_KAZAKH)
        await push.send(f"{ntfy.url.replace('127.0.0.1', 'localhost')}/aigul", IN_KAZAKH)
    assert ntfy.tokens == ["Bearer tk_secret", None]
