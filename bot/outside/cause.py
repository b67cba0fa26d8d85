"""Why a message outside Telegram did not go out, in words that name no address and repeat nothing that was said."""

import socket
import ssl
from collections.abc import Iterator

import aiosmtplib

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "the name of its host is not known (DNS)"),
    (ssl.SSLCertVerificationError, "TLS: its certificate is not trusted"),
    (ssl.SSLError, "TLS: no secure connection came about; is it the right port?"),
    (ConnectionRefusedError, "the connection was refused; is it the right port?"),
    (aiosmtplib.SMTPAuthenticationError, "the login was refused"),
    (aiosmtplib.SMTPRecipientsRefused, "the server refused the address"),
    (aiosmtplib.SMTPSenderRefused, "the server refused the sender"),
    (aiosmtplib.SMTPNotSupported, "the server cannot do what is needed"),
    (TimeoutError, "no answer in time"),
    (FileNotFoundError, "a file of the configuration is missing (mail.ca_file)"),
    (ConnectionError, "the connection was lost"),
)


def cause(error: BaseException) -> str:
    """The most telling error of a chain, in words; the class of one that is not known."""
    chain = list(_chain(error))
    for kind, words in _WORDS:
        if any(isinstance(one, kind) for one in chain):
            return words
    codes = [one.code for one in chain if isinstance(one, aiosmtplib.SMTPResponseException)]
    if codes:
        return f"the server answered {codes[0]}"
    if any("STARTTLS" in str(one) for one in chain if isinstance(one, aiosmtplib.SMTPException)):
        return "TLS: the server offers no STARTTLS"
    return type(error).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
