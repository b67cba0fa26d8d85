"""What can go wrong above storage, named for what the caller can do.

PanaError
├── ConfigurationError   everything that is wrong with the configuration, by name
├── RotaError            everything that is wrong with a rota file
├── Unsent               a message outside Telegram (e-mail, push) did not go out
├── TokenInUse           somebody else receives what people write to this bot
├── UnknownKind          a row of the outbox that only a newer version understands
└── CallError            a Bot API call
    ├── TryAgain(after)    429, 5xx, a lost connection: the same call may be made again
    │   ├── TakenElsewhere   409: another poller or a webhook takes the updates
    │   └── TokenTrouble     401 or 404: the token is not valid just now
    ├── Undeliverable      the person blocked the bot or the account is gone: stop trying
    ├── Unfit              Telegram does not take what this message says; whose chat it is for makes no difference
    ├── Refused            any other refusal that lasts
    └── NothingToDo        the message is gone or as wanted already
"""

from collections.abc import Sequence


class PanaError(Exception):
    """Root of the bot package's errors."""


class ConfigurationError(PanaError):
    """The configuration cannot be used; `problems` names each key with cause and remedy."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class RotaError(PanaError):
    """A rota file cannot be used; `problems` names each event with cause and remedy."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Unsent(PanaError):
    """A message outside Telegram did not go out; never carries an address or content. `cause`: why, in words."""

    def __init__(self, what: str, cause: str = "") -> None:
        super().__init__(what)
        self.cause = cause or what


class TokenInUse(PanaError):
    """Somebody else receives what people write to this bot; the message says what to do."""


class UnknownKind(PanaError):
    """A row of the outbox that only a newer version understands: it is left for that."""


class CallError(PanaError):
    """A Bot API call did not do what it should; never carries content, addresses or the token."""


class TryAgain(CallError):
    """The call may be made again after `after` seconds (None: the caller decides). `too_many` for a 429."""

    def __init__(self, what: str, after: float | None = None, *, too_many: bool = False) -> None:
        super().__init__(what)
        self.after = after
        self.too_many = too_many


class TakenElsewhere(TryAgain):
    """Another poller takes the updates, or with `webhook` a webhook does."""

    def __init__(self, what: str, *, webhook: bool) -> None:
        super().__init__(what)
        self.webhook = webhook


class TokenTrouble(TryAgain):
    """Telegram does not know the token; a refusal may pass, and only at the start one that lasts is final."""


class Undeliverable(CallError):
    """The chat cannot be reached any more."""


class Withheld(CallError):
    """A message was not sent, because nobody may see it any more at the moment it would leave."""


class Unfit(CallError):
    """Telegram does not take this text or these buttons: a fault of ours, which says nothing about the chat."""


class Refused(CallError):
    """A refusal that lasts. Of an edit: send anew. Of a new message: the chat cannot be reached."""


class NothingToDo(CallError):
    """What the call wanted is so already, or its message is gone."""
