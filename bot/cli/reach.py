"""What `pana doctor` tries outside this machine: Telegram, each member's chat, the mail server, push servers."""

import contextlib
from collections.abc import Awaitable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.cli.finding import Finding
from bot.errors import CallError, TokenTrouble, Unsent
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.outside.mail import Mail
    from bot.outside.push import Push
    from bot.settings import Settings
    from bot.telegram.api import Api, Webhook
    from bot.wiring.pana import Pana
    from storage.members import Member
    from storage.tx import Tx

CLOCK_OFF = timedelta(seconds=30)
MANY_WAITING = 100  # Bot API, getUpdates: what one call fetches


async def telegram(settings: "Settings") -> list[Finding]:
    """Telegram, the token, a webhook, the clock."""
    from bot.telegram.api import Api

    if settings.telegram.token is None:
        return [Finding("token", "failed", "is missing; set PANA_TELEGRAM_TOKEN_FILE to a file that holds it")]
    api = Api(settings.telegram.token.get_secret_value(), settings.telegram.api_url)
    try:
        await api.open()
        return [
            Finding("Bot API", "ok", "reachable"),
            Finding("token", "ok", "valid"),
            *await _webhook(api),
            _clock(api.time.ahead),
        ]
    except TokenTrouble:
        return [
            Finding("Bot API", "ok", "reachable"),
            Finding("token", "failed", "Telegram does not know it: ask @BotFather"),
        ]
    except CallError as error:
        return [Finding("Bot API", "failed", f"cannot be reached ({error}): network, proxy or telegram.api_url")]
    finally:
        await api.close()


async def telegrams_time(settings: "Settings") -> datetime | None:
    """Telegram's time; None without a token or an answer."""
    from bot.telegram.api import Api

    if settings.telegram.token is None:
        return None
    api = Api(settings.telegram.token.get_secret_value(), settings.telegram.api_url)
    try:
        await api.answers()
        return api.time.now
    finally:
        await api.close()


async def _webhook(api: "Api") -> list[Finding]:
    try:
        found = await api.webhook()
    except CallError as error:
        return [Finding("webhook", "warning", f"could not be looked for: {error}")]
    return [_set(found), *_waiting(found)]


def _set(found: "Webhook") -> Finding:
    if not found.is_set:
        return Finding("webhook", "ok", "none is set")
    failed = f" (its last failure: {found.failed})" if found.failed else ""
    said = f"one is set{failed}, so nobody is heard: who else uses this token?"
    return Finding("webhook", "failed", f"{said} Revoke it with @BotFather, or delete the webhook (deleteWebhook)")


def _waiting(found: "Webhook") -> Iterator[Finding]:
    if found.waiting >= MANY_WAITING:
        yield Finding("updates", "warning", f"{found.waiting} wait at Telegram: does `pana run` work?")


def _clock(ahead: timedelta | None) -> Finding:
    """Leases, duty and deadlines go by it."""
    if ahead is None:
        return Finding("clock", "warning", "could not be compared: Telegram's answer had no time")
    seconds = round(ahead.total_seconds())
    if abs(ahead) > CLOCK_OFF:
        way = "ahead of" if seconds > 0 else "behind"
        return Finding("clock", "failed", f"{abs(seconds)} s {way} Telegram's: turn on time synchronisation")
    return Finding("clock", "ok", "the same as Telegram's")


async def people(pana: "Pana", *, send: bool) -> list[Finding]:
    """The ways outside Telegram; `send`: a test on each of them."""
    from bot.outside.mail import Mail
    from bot.outside.push import Push

    members = pana.core.database.read(pana.core.members.working)
    mail = Mail(pana.settings.mail)
    async with Push(pana.settings.push) as push:
        ways = list(_ways(pana, members))
        return await (_send(ways, mail, push) if send else _greet([address for _, address, _ in ways], mail, push))


async def find_met(pana: "Pana") -> None:
    """Asks Telegram about members of whom the bot has not heard yet: some pressed Start before this was kept."""
    from bot.telegram.api import Api

    settings, core = pana.settings, pana.core
    if settings.telegram.token is None:
        return
    with contextlib.suppress(StorageError, CallError):  # what is in the way of either is named elsewhere
        strangers = core.database.read(core.duty.never_met)
        async with contextlib.AsyncExitStack() as stack:
            api = Api(settings.telegram.token.get_secret_value(), settings.telegram.api_url)
            stack.push_async_callback(api.close)
            met = [one.id for one in strangers if await api.has_met(one.telegram_id)]
        if met:
            core.database.change(partial(_keep_met, met))


def _keep_met(met: Sequence[int], tx: "Tx") -> None:
    from storage import reachable

    for member_id in met:
        reachable.met(tx, member_id)


def _ways(pana: "Pana", members: "Sequence[Member]") -> Iterator[tuple[str, str, str]]:
    """Whose way it is, the address, and the words of a test."""
    from bot.speech.texts import member as texts

    def test(language: str) -> str:
        return pana.words.text(language, texts.OUTSIDE_TEST)

    for one in members:
        if one.email:
            yield f"{one.name}, e-mail", f"mailto:{one.email}", test(one.language)
        if one.push:
            yield f"{one.name}, push", one.push, test(one.language)
    for place, address in enumerate(pana.settings.oncall.backstop, start=1):
        yield f"backstop {place}", address, test(pana.core.place.last_resort)


async def _send(ways: Sequence[tuple[str, str, str]], mail: "Mail", push: "Push") -> list[Finding]:
    found = []
    for whose, address, text in ways:
        sent = (
            mail.send(address.removeprefix("mailto:"), text)
            if address.startswith("mailto:")
            else push.send(address, text)
        )
        found.append(await _tried("send", f"{whose}: a test went out", f"{whose}: ", sent))
    return found or [Finding("send", "warning", "there is no way outside Telegram: pana member set, oncall.backstop")]


async def _greet(addresses: Sequence[str], mail: "Mail", push: "Push") -> list[Finding]:
    """Once for each server, without sending anything."""
    found = []
    by_mail = any(one.startswith("mailto:") for one in addresses)
    if mail.settings.host:
        login = " and login" if mail.settings.username else ""
        found.append(await _tried("mail", f"TLS{login} work; --send sends a test", "the mail server: ", mail.greet()))
    elif by_mail:
        found.append(Finding("mail", "failed", "mail.host is not set, and somebody is to be told by e-mail"))
    servers = dict.fromkeys("://".join(urlsplit(one)[:2]) for one in addresses if not one.startswith("mailto:"))
    for place, server in enumerate(servers, start=1):
        which = "the push server" if len(servers) == 1 else f"push server {place} of {len(servers)}"
        found.append(await _tried("push", f"{which} answers; --send sends a test", f"{which}: ", push.greet(server)))
    return found


async def _tried(what: str, well: str, ill: str, attempt: Awaitable[None]) -> Finding:
    try:
        await attempt
    except Unsent as error:
        return Finding(what, "failed", f"{ill}{error.cause}")
    return Finding(what, "ok", well)
