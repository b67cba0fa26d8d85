"""E-mail over TLS (only this package knows aiosmtplib). A message says one sentence and nothing about anybody."""

import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

import aiosmtplib

from bot.errors import Unsent
from bot.outside.cause import cause
from bot.settings import MailSettings

SECONDS, TRY_SECONDS = 20.0, 8.0


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends by the mail server of the configuration."""

    settings: MailSettings = field(repr=False)

    async def send(self, to: str, text: str) -> None:
        """One message; raises Unsent, whose text is the kind of error alone."""
        mine = self.settings
        if not mine.host or not mine.sender:
            raise Unsent("no mail server is configured")
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = mine.sender, to, text
        message["Date"], message["Message-ID"] = formatdate(usegmt=True), make_msgid(domain=mine.sender.split("@")[-1])
        message.set_content(text + "\n")
        try:
            async with self._server(SECONDS) as server:
                await server.send_message(message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Unsent(type(error).__name__, cause(error)) from None

    async def greet(self) -> None:
        """Connects, with TLS and the login of the configuration, and sends nothing; raises Unsent."""
        try:
            async with self._server(TRY_SECONDS) as server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Unsent(type(error).__name__, cause(error)) from None

    def _server(self, seconds: float) -> aiosmtplib.SMTP:
        mine = self.settings
        return aiosmtplib.SMTP(
            hostname=mine.host,
            port=mine.port,
            username=mine.username,
            password=mine.password.get_secret_value() if mine.password else None,
            use_tls=mine.security == "tls",
            start_tls=mine.security == "starttls",  # never without TLS: a server that offers none is refused
            tls_context=_context(mine.ca_file),
            timeout=seconds,
        )


def _context(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
