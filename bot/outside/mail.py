"""E-mail over TLS; the only door to aiosmtplib. The message says one sentence and nothing about anybody."""

import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

import aiosmtplib

from bot.errors import Unsent
from bot.settings import MailSettings

SECONDS = 20.0


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
            await aiosmtplib.send(
                message,
                hostname=mine.host,
                port=mine.port,
                username=mine.username,
                password=mine.password.get_secret_value() if mine.password else None,
                use_tls=mine.security == "tls",
                start_tls=mine.security == "starttls",  # never without TLS: a server that offers none is refused
                tls_context=_context(mine.ca_file),
                timeout=SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Unsent(type(error).__name__) from None


def _context(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
