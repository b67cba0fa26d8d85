"""Configuration: `pana.toml`, each value also as `PANA_SECTION_KEY`, and `..._FILE` for a file that holds it.

Everything that is wrong is reported at once, by name. Values are never repeated in a message: one may be the token.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.errors import ConfigurationError
from storage.sealing.age import check_recipient
from storage.sealing.errors import SealingError

_UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}
_LISTS = {"recipients", "languages", "backstop"}
_NOT_SETTINGS = {"PANA_CONFIG", "PANA_PASSPHRASE_FILE"}


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*(s|min|m|h|d)", str(value))
    if match is None:
        raise ValueError("write a duration such as 90s, 15min, 48h or 90d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


Duration = Annotated[timedelta, BeforeValidator(_duration)]


def _not_yet(value: object) -> object:
    if value not in (None, "", []):
        raise ValueError("is not built yet; leave it out (CHANGELOG.md says what is there)")
    return None


# A key that is agreed on and has no effect yet: naming it must not look as if it worked.
NotYet = Annotated[None, BeforeValidator(_not_yet)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(_Section):
    """How the bot reaches Telegram."""

    token: SecretStr | None = None
    api_url: str = "https://api.telegram.org"
    mode: Literal["polling"] = "polling"
    webhook_url: NotYet = None
    webhook_listen: NotYet = None
    webhook_secret: NotYet = None


class DatabaseSettings(_Section):
    """Where the database is: a SQLAlchemy URL; a relative SQLite path counts from the configuration file."""

    url: str = "sqlite:///pana.db"


class ServerSettings(_Section):
    """Files of the server itself."""

    key_file: Path = Path("server.key")
    metrics_listen: NotYet = None
    heartbeat_url: str | None = None

    @field_validator("heartbeat_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        return value if value is None else safe_address(value)


class RecoverySettings(_Section):
    """Who can open every case when no lawyer can."""

    recipients: tuple[str, ...] = ()

    @field_validator("recipients")
    @classmethod
    def _are_recipients(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(check_recipient(one) for one in value)
        except SealingError as error:
            raise ValueError(str(error)) from None


class IntakeSettings(_Section):
    """The questionnaire."""

    flow: Path | None = None
    languages: tuple[Literal["ru", "kk", "en"], ...] = Field(("ru", "kk", "en"), min_length=1)
    expires_after: Duration = timedelta(hours=48)

    @field_validator("expires_after")
    @classmethod
    def _short(cls, value: timedelta) -> timedelta:
        if not timedelta(minutes=1) <= value <= timedelta(hours=72):
            raise ValueError("between 1min and 72h: chosen options of open intakes are readable for so long")
        return value


Who = Literal["on_call", "all", "coordinators", "backstop"]


class Rung(_Section):
    """Who is told, and how long after the beginning, or at which time of day (`at`: one digest for all of the level).

    `backstop`: everybody by e-mail and push, and the addresses of `oncall.backstop`.
    """

    after: Duration = timedelta()
    at: time | None = None
    who: Who

    @model_validator(mode="before")
    @classmethod
    def _one_time(cls, value: object) -> object:
        if isinstance(value, dict) and ("after" in value) == ("at" in value):
            raise ValueError('say either after = "5min" or at = "09:00"')
        return value


class Rungs(_Section):
    """The ladder of one level.

    `repeat`: how often it rings anew; none: once a rung. `lease`: how long a claim holds without contact.
    """

    rungs: tuple[Rung, ...] = Field(min_length=1)
    repeat: Duration | None = None
    lease: Duration | None = None


def _rungs(repeat: timedelta | None, lease: timedelta, *rungs: tuple[timedelta | time, Who]) -> Rungs:
    made = tuple(
        Rung.model_construct(at=when, after=timedelta(), who=who)
        if isinstance(when, time)
        else Rung.model_construct(at=None, after=when, who=who)
        for when, who in rungs
    )
    return Rungs.model_construct(rungs=made, repeat=repeat, lease=lease)


_MINUTES, _HOURS, _NOW = timedelta(minutes=1), timedelta(hours=1), timedelta()


class Ladder(_Section):
    """Per level: rungs, repeats, lease."""

    critical: Rungs = _rungs(
        2 * _MINUTES,
        15 * _MINUTES,
        (_NOW, "on_call"),
        (5 * _MINUTES, "all"),
        (10 * _MINUTES, "coordinators"),
        (15 * _MINUTES, "backstop"),
    )
    high: Rungs = _rungs(4 * _HOURS, 4 * _HOURS, (_NOW, "on_call"), (_HOURS, "all"), (4 * _HOURS, "coordinators"))
    normal: Rungs = _rungs(None, 48 * _HOURS, (time(9), "on_call"), (48 * _HOURS, "coordinators"))


class OncallSettings(_Section):
    """Who is called, and when.

    `open_claims`: who holds so many cases is only called with everybody. `claims_a_day`: the most that one lawyer may
    take in 24 hours. `backstop`: addresses told when nobody in Telegram helps (mailto:..., https://... in ntfy's form).
    """

    ladder: Ladder = Ladder()
    rota: Path | None = None
    open_claims: int = Field(5, ge=1, le=100)
    claims_a_day: int = Field(20, ge=1, le=1000)
    backstop: tuple[str, ...] = ()

    @field_validator("backstop")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one if one.startswith("mailto:") and "@" in one else safe_address(one) for one in value)


def safe_address(value: str) -> str:
    """An https address, or http on this machine; raises ValueError."""
    found = urlsplit(value)
    local = found.scheme == "http" and found.hostname in {"127.0.0.1", "localhost", "::1"}
    if not found.hostname or not (found.scheme == "https" or local):
        raise ValueError("an https address is needed")
    return value


class MailSettings(_Section):
    """The mail server that says "a case is waiting" to members who want it. TLS always; without `host` no mail."""

    host: str | None = None
    port: int = Field(465, ge=1, le=65535)
    security: Literal["tls", "starttls"] = "tls"
    username: str | None = None
    password: SecretStr | None = None
    sender: str | None = None
    ca_file: Path | None = None

    @model_validator(mode="after")
    def _has_sender(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("mail.sender is needed together with mail.host")
        return self


class PushSettings(_Section):
    """Access to members' push addresses (ntfy): a token for one server, where it asks for one; no other gets it."""

    server: str | None = None
    token: SecretStr | None = None

    @field_validator("server")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        return value if value is None else safe_address(value)

    @model_validator(mode="after")
    def _has_server(self) -> Self:
        if self.token and not self.server:
            raise ValueError("push.server is needed together with push.token: the token goes to that server alone")
        return self

    def token_for(self, address: str) -> str | None:
        """The token, for an address at the server that it belongs to."""
        if self.token is None or self.server is None or urlsplit(address)[:2] != urlsplit(self.server)[:2]:
            return None
        return self.token.get_secret_value()


class Contact(_Section):
    """A public number shown to people who ask for help."""

    label: str
    number: str
    verified_at: date


class BotSettings(_Section):
    """The public face; the defaults say nothing about what the bot is for."""

    name: str = "Anketa"
    about: str = "/start"
    commands: NotYet = None


class RetentionSettings(_Section):
    """How long cases stay."""

    closed_after: Duration = timedelta(days=90)
    unclaimed_after: Duration = timedelta(days=180)


class Settings(_Section):
    """The whole configuration; relative paths have been made absolute."""

    telegram: TelegramSettings = TelegramSettings()
    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    recovery: RecoverySettings = RecoverySettings()
    intake: IntakeSettings = IntakeSettings()
    oncall: OncallSettings = OncallSettings()
    mail: MailSettings = MailSettings()
    push: PushSettings = PushSettings()
    contacts: tuple[Contact, ...] = ()
    bot: BotSettings = BotSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def flow_file(self) -> Path:
        """The questionnaire's file: the configured one or Kazakhstan's."""
        return self.intake.flow or Path(__file__).parent.parent / "flows" / "kazakhstan" / "intake.yaml"


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Reads and checks the configuration; raises ConfigurationError with every problem at once."""
    problems: list[str] = []
    data = _from_file(path, problems)
    if problems:  # without its file nothing else can be judged
        raise ConfigurationError(problems)
    _from_environment(data, environment, problems)
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        problems += [_say(one["loc"], one["msg"], one["type"]) for one in error.errors(include_input=False)]
    if settings is not None and not settings.recovery.recipients:
        problems.append("recovery.recipients: at least one recipient is needed; `pana init --recovery` writes it")
    if problems or settings is None:
        raise ConfigurationError(problems)
    return _absolute(settings, path.resolve().parent)


def database_url_from_environment(environment: Mapping[str, str] = os.environ) -> str | None:
    """The database that the environment names, for `pana init`, which has no configuration file yet."""
    problems: list[str] = []
    data: dict[str, Any] = {}
    given = {name: value for name, value in environment.items() if name.startswith("PANA_DATABASE_URL")}
    _from_environment(data, given, problems)
    if problems:
        raise ConfigurationError(problems)
    found = data.get("database", {}).get("url")
    return str(found) if found else None


def _from_file(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{path}: there is no such file; `pana init` makes one, `-c FILE` names another")
    except (OSError, UnicodeDecodeError):
        problems.append(f"{path}: cannot be read")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}: not TOML: {error}")
    return {}


def _from_environment(data: dict[str, Any], environment: Mapping[str, str], problems: list[str]) -> None:
    for name in sorted(environment):
        if not name.startswith("PANA_") or name in _NOT_SETTINGS:
            continue
        section, _, key = name.removeprefix("PANA_").lower().partition("_")
        model = Settings.model_fields.get(section)
        fields = getattr(model.annotation, "model_fields", {}) if model else {}
        value: str | None = environment[name]
        if key not in fields and key.removesuffix("_file") in fields:
            key, value = key.removesuffix("_file"), _contents(name, environment[name], problems)
        if key not in fields:
            problems.append(f"{name}: there is no such setting")
        elif value is not None:
            data.setdefault(section, {})[key] = _listed(value) if key in _LISTS else value


def _contents(name: str, file: str, problems: list[str]) -> str | None:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        problems.append(f"{name}: the file it names cannot be read")
        return None


def _listed(value: str) -> list[str]:
    return [one for one in re.split(r"[\s,]+", value) if one]


def _say(place: tuple[int | str, ...], message: str, kind: str) -> str:
    name = ".".join(str(part) for part in place)
    if kind == "extra_forbidden":
        return f"{name}: there is no such setting"
    return f"{name}: {message.removeprefix('Value error, ')}"


def _absolute(settings: Settings, folder: Path) -> Settings:
    def here(path: Path) -> Path:
        return path if path.is_absolute() else folder / path

    url = settings.database.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////") and url != "sqlite:///:memory:":
        url = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    flow, rota, ca_file = settings.intake.flow, settings.oncall.rota, settings.mail.ca_file
    return settings.model_copy(
        update={
            "database": DatabaseSettings(url=url),
            "server": settings.server.model_copy(update={"key_file": here(settings.server.key_file)}),
            "intake": settings.intake.model_copy(update={"flow": here(flow) if flow else None}),
            "oncall": settings.oncall.model_copy(update={"rota": here(rota) if rota else None}),
            "mail": settings.mail.model_copy(update={"ca_file": here(ca_file) if ca_file else None}),
        }
    )
